import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

interface Line {
  readonly words: readonly string[];
  readonly line: number;
}
interface Section {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly lines: readonly Line[];
}

const OUR = { system: 'streaming' as const, node: 'haproxy' };
const FEW_CONNECTIONS = 100;

/** Judges a haproxy.cfg by what makes HLS fail in front of it. `haproxy -c` has the word on syntax. */
export function lintHaproxy(file: LintFile): LintResult[] {
  const sections = readSections(file.text);
  const of = (...kinds: string[]): Section[] => sections.filter(({ kind }) => kinds.includes(kind));
  const fronts = of('frontend', 'listen');
  return [
    ...lintBinds(file, fronts),
    ...lintStatistics(file, sections),
    ...lintDefaults(file, sections),
    ...of('backend', 'listen').flatMap((backend) => lintBackend(file, backend)),
    ...lintHealth(file, of('backend', 'listen')),
  ];
}

function readSections(text: string): Section[] {
  const sections: { kind: string; name: string; line: number; lines: Line[] }[] = [];
  text.split(/\r?\n/).forEach((raw, i) => {
    const words = raw
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    const [kind = '', name = ''] = words;
    if (kind === '') return;
    if (/^(global|defaults|frontend|backend|listen|peers|userlist|resolvers|cache|program)$/.test(kind))
      sections.push({ kind, name, line: i + 1, lines: [] });
    else sections.at(-1)?.lines.push({ words, line: i + 1 });
  });
  return sections;
}

const starts = (line: Line, ...words: string[]): boolean => words.every((word, i) => line.words[i] === word);
const has = ({ lines }: Section, ...words: string[]): boolean => lines.some((line) => starts(line, ...words));

function lintBinds(file: LintFile, fronts: readonly Section[]): LintResult[] {
  const servesStatistics = (front: Section): boolean => has(front, 'stats', 'enable');
  const web = fronts.filter((front) => !servesStatistics(front) && has(front, 'bind'));
  const [first] = web;
  if (first === undefined) return [];
  const binds = web.flatMap(({ lines }) => lines.filter((line) => line.words[0] === 'bind'));
  if (!binds.some(({ words }) => words.includes('ssl')))
    return [lintFinding('S21-no-tls', { ...OUR, file, line: first.line, parameters: { key: first.name } })];
  const results: LintResult[] = [];
  const plain = binds.some(({ words }) => !words.includes('ssl'));
  const redirects = web.some(({ lines }) =>
    lines.some(({ words }) => words.includes('redirect') && words.includes('scheme')),
  );
  if (plain && !redirects)
    results.push(
      lintFinding('S21-no-redirect', { ...OUR, file, line: first.line, parameters: { key: first.name } }),
    );
  return results;
}

function lintStatistics(file: LintFile, sections: readonly Section[]): LintResult[] {
  return sections.flatMap((section) => {
    const enabled = section.lines.find(
      (line) => starts(line, 'stats', 'enable') || starts(line, 'stats', 'uri'),
    );
    const accounts = section.lines.filter((line) => starts(line, 'stats', 'auth'));
    const results = accounts
      .filter(({ words }) =>
        /^(admin:admin|admin:password|user:password|haproxy:haproxy)$/.test(words[2] ?? ''),
      )
      .map(({ line }) =>
        lintFinding('S21-default-password', { ...OUR, file, line, parameters: { key: section.name } }),
      );
    const guarded =
      accounts.length > 0 ||
      section.lines.some(({ words }) => words.includes('deny') || words.includes('auth'));
    if (enabled !== undefined && !guarded && section.kind !== 'defaults')
      results.push(
        lintFinding('S21-open-statistics', {
          ...OUR,
          file,
          line: enabled.line,
          parameters: { key: section.name },
        }),
      );
    return results;
  });
}

function lintDefaults(file: LintFile, sections: readonly Section[]): LintResult[] {
  const defaults = sections.filter(({ kind }) => kind === 'defaults');
  const everywhere = sections.flatMap(({ lines }) => lines);
  const results: LintResult[] = [];
  const place = defaults[0]?.line ?? 1;
  const missing = ['connect', 'client', 'server'].filter(
    (name) => !everywhere.some((line) => starts(line, 'timeout', name)),
  );
  if (missing.length > 0)
    results.push(
      lintFinding('S21-no-timeout', { ...OUR, file, line: place, parameters: { key: missing.join(', ') } }),
    );
  const sticky = everywhere.some(({ words }) => words[0] === 'cookie');
  if (sticky && !everywhere.some((line) => starts(line, 'option', 'redispatch')))
    results.push(lintFinding('S21-no-redispatch', { ...OUR, file, line: place }));
  return results;
}

function lintBackend(file: LintFile, backend: Section): LintResult[] {
  const servers = serversOf(backend);
  if (servers.length === 0) return [];
  const results: LintResult[] = [];
  const at = (line: number, key: string) => ({
    ...OUR,
    file,
    line,
    parameters: { key, backend: backend.name },
  });
  const isUsed = ({ words }: Line): boolean => !words.includes('disabled');
  for (const server of servers.filter(isUsed)) {
    const name = server.words[1] ?? '?';
    if (!server.words.includes('check'))
      results.push(
        lintFinding('S21-no-check', {
          ...at(server.line, name),
          replacement: `${lineOf(file, server.line)} check`,
        }),
      );
    const limit = Number(server.words[server.words.indexOf('maxconn') + 1]);
    if (server.words.includes('maxconn') && limit < FEW_CONNECTIONS)
      results.push(
        lintFinding('S21-few-connections', {
          ...OUR,
          file,
          line: server.line,
          parameters: { key: name, limit, viewers: Math.floor((limit * 20) / 3.5) },
        }),
      );
  }
  return [...results, ...lintCookies(file, backend, servers)];
}

function lintCookies(file: LintFile, backend: Section, servers: readonly Line[]): LintResult[] {
  const at = (line: number, key: string) => ({
    ...OUR,
    file,
    line,
    parameters: { key, backend: backend.name },
  });
  const cookie = backend.lines.find(({ words }) => words[0] === 'cookie');
  if (servers.length < 2) return [];
  if (cookie === undefined) {
    const sticks =
      has(backend, 'stick') ||
      backend.lines.some(({ words }) => words[0] === 'balance' && words[1] === 'source');
    return sticks ? [] : [lintFinding('S21-no-cookie', at(backend.line, backend.name))];
  }
  const seen = new Map<string, string>();
  return servers.flatMap(({ words, line }) => {
    const name = words[1] ?? '?';
    const at_ = words.indexOf('cookie');
    const value = at_ < 0 ? null : (words[at_ + 1] ?? null);
    if (value === null)
      return [
        lintFinding('S21-server-cookie', {
          ...at(line, name),
          replacement: `${lineOf(file, line)} cookie ${name}`,
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
        replacement: lineOf(file, line).replace(`cookie ${value}`, `cookie ${name}`),
      }),
    ];
  });
}

/** Servers of a backend, each with the words of `default-server` behind its own: the first ones win. */
function serversOf({ lines }: Section): Line[] {
  const inherited = lines
    .filter(({ words }) => words[0] === 'default-server')
    .flatMap(({ words }) => words.slice(1));
  return lines
    .filter(({ words }) => words[0] === 'server')
    .map(({ words, line }) => ({ words: [...words, ...inherited], line }));
}

/** A test of `/` says UP while playlists have been frozen for hours: one backend at least must look at them. */
function lintHealth(file: LintFile, backends: readonly Section[]): LintResult[] {
  const checked = backends.filter((backend) =>
    serversOf(backend).some(({ words }) => words.includes('check')),
  );
  const looks = ({ lines }: Section): boolean =>
    lines.some(
      (line) =>
        (starts(line, 'option', 'httpchk') || starts(line, 'http-check', 'send')) &&
        /m3u8|hls|health/i.test(line.words.join(' ')),
    );
  const [first] = checked;
  if (first === undefined || checked.some(looks)) return [];
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

const lineOf = (file: LintFile, line: number): string => file.text.split('\n')[line - 1] ?? '';
