import { lineOf, lintFinding, type LintFile, type LintResult } from './lint-file.js';
import { isForCertificates } from '../streaming/servers.js';
import { has, serversOf, starts, type HaproxyLine, type HaproxySection } from './read-haproxy.js';

const OUR = { system: 'streaming' as const, node: 'haproxy' };
const FEW_CONNECTIONS = 100;

/** Servers without a check, in every mode; limits too low for players, where the backend serves streams. */
export function lintBackend(file: LintFile, backend: HaproxySection, servesStreams: boolean): LintResult[] {
  const servers = serversOf(backend);
  const isUsed = ({ words }: HaproxyLine): boolean => !words.includes('disabled');
  const results: LintResult[] = [];
  for (const server of servers.filter(isUsed)) {
    const name = server.words[1] ?? '?';
    if (
      !isChecked(server) &&
      !isSocket(server) &&
      !isOwn(server, servers) &&
      !isForCertificates(backend.name)
    )
      results.push(
        lintFinding('S21-no-check', {
          ...OUR,
          file,
          line: server.line,
          parameters: { key: name, backend: backend.name },
          // Where another server of the backend passes the same check, this one can be expected to.
          ...(servers.some(isChecked) ? { replacement: append(file, server.line, 'check') } : {}),
        }),
      );
    const limit = Number(server.words[server.words.indexOf('maxconn') + 1]);
    if (servesStreams && server.words.includes('maxconn') && limit > 0 && limit < FEW_CONNECTIONS)
      results.push(
        lintFinding('S21-few-connections', {
          ...OUR,
          file,
          line: server.line,
          parameters: { key: name, limit, viewers: Math.floor((limit * 20) / 3.5) },
        }),
      );
  }
  return results;
}

/** `track` follows another server's check; an agent is a check, too. */
const isChecked = ({ words }: HaproxyLine): boolean =>
  words.some((word) => word === 'check' || word === 'track' || word === 'agent-check') &&
  !words.includes('no-check');

const isSocket = ({ words }: HaproxyLine): boolean => /^(\/|unix@|abns@|sockpair@)/.test(words[2] ?? '');

/** A program of this machine, alone or as the last resort (certbot, a page that says sorry): it falls with HAProxy. */
const isOwn = ({ words }: HaproxyLine, all: readonly HaproxyLine[]): boolean =>
  /^(127\.|localhost:|\[?::1\]?:)/.test(words[2] ?? '') && (all.length === 1 || words.includes('backup'));

/** Viewers stay with a node by a cookie of its own. Backup nodes may share one or have none. */
export function lintCookies(file: LintFile, backend: HaproxySection): LintResult[] {
  const servers = serversOf(backend).filter(({ words }) => !words.includes('backup'));
  const isTemplate = ({ words }: HaproxyLine): boolean => words[0] === 'server-template';
  const at = (line: number, key: string) => ({
    ...OUR,
    file,
    line,
    parameters: { key, backend: backend.name },
  });
  if (servers.length < 2 && !servers.some(isTemplate)) return [];
  const inUse = servers.filter(({ words }) => !words.includes('disabled'));
  const cookie = [...backend.lines, ...backend.inherited].find(({ words }) => words[0] === 'cookie');
  if (cookie === undefined)
    return sticks(backend) || (inUse.length < 2 && !inUse.some(isTemplate))
      ? []
      : [lintFinding('S21-no-cookie', at(backend.line, backend.name))];
  // HAProxy makes the values itself from a key.
  if (cookie.words.includes('dynamic')) return [];
  const seen = new Map<string, string>();
  return servers.flatMap((server) => {
    const { words, line } = server;
    const name = words[1] ?? '?';
    // One value for all of them is none.
    if (isTemplate(server)) return [lintFinding('S21-template-cookie', at(line, name))];
    const place = words.indexOf('cookie');
    const value = place < 0 ? null : (words[place + 1] ?? null);
    if (value === null)
      return [
        lintFinding('S21-server-cookie', {
          ...at(line, name),
          replacement: append(file, line, `cookie ${name}`),
        }),
      ];
    const other = seen.get(value);
    seen.set(value, name);
    if (other === undefined) return [];
    return [
      lintFinding('S21-same-cookie', {
        ...OUR,
        file,
        line,
        parameters: { key: name, other, value },
        replacement: lineOf(file, line).replace(/(\scookie\s+)\S+/, `$1${name}`),
      }),
    ];
  });
}

/** Other ways to keep a viewer, or an object, on one node. */
const sticks = (backend: HaproxySection): boolean =>
  has(backend, 'stick') ||
  has(backend, 'appsession') ||
  [...backend.lines, ...backend.inherited].some(
    ({ words }) => words[0] === 'balance' && /^(source|uri|url_param|first|hash|hdr)/.test(words[1] ?? ''),
  );

/** A test of `/` says UP while playlists have been frozen for hours: one backend at least must look at them. */
export function lintHealth(file: LintFile, backends: readonly HaproxySection[]): LintResult[] {
  const checked = backends.filter((backend) => serversOf(backend).some(isChecked));
  const [first] = checked;
  if (first === undefined || checked.some(looksAtMore)) return [];
  const check = first.lines.find((line) => starts(line, 'option', 'httpchk'));
  return [
    lintFinding('S21-blind-check', {
      ...OUR,
      file,
      line: check?.line ?? first.line,
      parameters: { key: first.name },
    }),
  ];
}

/** A path other than `/`, an agent, a program or a dialogue of its own looks at more than an open port. */
const looksAtMore = ({ lines, inherited }: HaproxySection): boolean =>
  [...lines, ...inherited].some(
    (line) =>
      ((starts(line, 'option', 'httpchk') || line.words[0] === 'http-check') &&
        line.words.some((word) => /^\/.|\$\{?\w/.test(word))) ||
      starts(line, 'option', 'external-check') ||
      line.words.includes('agent-check'),
  );

/** The line with words before its comment. */
function append(file: LintFile, line: number, words: string): string {
  const whole = lineOf(file, line);
  const at = /(?<!\s)\s+(?:#.*)?$/s.exec(whole)?.index ?? whole.length;
  return `${whole.slice(0, at)} ${words}${whole.slice(at)}`;
}
