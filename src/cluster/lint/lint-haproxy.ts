import { lintBackend, lintCookies, lintHealth } from './lint-haproxy-backends.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';
import {
  has,
  readHaproxy,
  serversOf,
  starts,
  type HaproxyLine,
  type HaproxySection,
} from './read-haproxy.js';
import { lintTargets } from './lint-haproxy-targets.js';
import { mediaBackends } from './media-backends.js';

const OUR = { system: 'streaming' as const, node: 'haproxy' };

/**
 * Judges a haproxy.cfg by what makes live streams fail behind it. Rules about HTTP (TLS, redirections, cookies,
 * checks of a page) hold in `mode http` alone; a balancer of RTMP in `mode tcp` gets those that fit TCP.
 * `haproxy -c` has the word on syntax.
 */
export function lintHaproxy(file: LintFile): LintResult[] {
  const sections = readHaproxy(file.text);
  const of = (...kinds: string[]): HaproxySection[] => sections.filter(({ kind }) => kinds.includes(kind));
  const media = mediaBackends(sections);
  // A backend may do nothing but lead to HTTPS.
  const everyLine = sections.flatMap(({ lines }) => lines);
  return [
    ...lintBinds(file, of('frontend', 'listen'), everyLine, (front) => servesStreams(front, sections, media)),
    ...lintStatistics(file, sections),
    ...lintDefaults(file, sections),
    ...of('backend', 'listen').flatMap((backend) => lintBackend(file, backend, media.includes(backend))),
    ...media.flatMap((backend) => lintCookies(file, backend)),
    ...lintHealth(file, media),
    ...lintTargets(file, sections),
  ];
}

/** Loopback, a socket, or behind another proxy that speaks PROXY: nobody comes here from outside. */
const isInside = ({ words }: HaproxyLine): boolean =>
  /^(127\.|localhost|\[?::1\]?:|\/|unix@|abns@|ipv4@127\.|fd@|sockpair@)/.test(words[1] ?? '') ||
  words.includes('accept-proxy');

/** It tells the pages behind that the visitor came by HTTPS: a proxy before it ends TLS. */
const isBehindTls = ({ lines }: HaproxySection): boolean =>
  lines.some(
    ({ words }) =>
      /^(http-request|reqadd|reqset)/.test(words[0] ?? '') &&
      words.some((word) => /^X-Forwarded-Proto/i.test(word)) &&
      words.some((word) => /\bhttps$/.test(word)) &&
      !words.includes('if'),
  );

const answersPages = (front: HaproxySection): boolean =>
  front.lines.some(({ words }) =>
    /^(use_backend|default_backend|server|server-template)$/.test(words[0] ?? ''),
  );

/** Whether it leads to streams: itself, by a rule, or to a backend that the file does not hold. */
function servesStreams(
  front: HaproxySection,
  sections: readonly HaproxySection[],
  media: readonly HaproxySection[],
): boolean {
  if (media.includes(front)) return true;
  const backends = sections.filter(({ kind }) => /^(backend|listen)$/.test(kind)).map(({ name }) => name);
  return front.lines.some(
    ({ words: [rule = '', to = ''] }) =>
      /^(use_backend|default_backend)$/.test(rule) &&
      (media.some(({ name }) => name === to) || !backends.includes(to)),
  );
}

function lintBinds(
  file: LintFile,
  fronts: readonly HaproxySection[],
  everyLine: readonly HaproxyLine[],
  leadsToStreams: (front: HaproxySection) => boolean,
): LintResult[] {
  const web = fronts.filter(
    (front) =>
      front.mode === 'http' &&
      answersPages(front) &&
      !isBehindTls(front) &&
      leadsToStreams(front) &&
      front.lines.some((line) => line.words[0] === 'bind' && !isInside(line)),
  );
  const [first] = web;
  if (first === undefined) return [];
  // TLS may end on a server behind a frontend in TCP mode.
  const passes = fronts.some(
    (front) =>
      front.mode === 'tcp' &&
      front.lines.some(({ words }) => words[0] === 'bind' && /:443\b/.test(words[1] ?? '')),
  );
  const encrypts =
    fronts.some(
      ({ mode, lines }) =>
        mode === 'http' && lines.some(({ words }) => words[0] === 'bind' && words.includes('ssl')),
    ) || passes;
  const at = { ...OUR, file, line: first.line, parameters: { key: first.name } };
  if (!encrypts) return [lintFinding('S21-no-tls', at)];
  const plain = web.find(({ lines }) =>
    lines.some((line) => line.words[0] === 'bind' && !line.words.includes('ssl') && !isInside(line)),
  );
  const redirects = everyLine.some(
    ({ words }) =>
      words.includes('redirect') &&
      words.some((word, i) => (word === 'https' && words[i - 1] === 'scheme') || /^https:/.test(word)),
  );
  if (plain === undefined || redirects) return [];
  return [lintFinding('S21-no-redirect', { ...at, line: plain.line, parameters: { key: plain.name } })];
}

/** Passwords that documentation and tutorials print, and those that repeat the name. */
const KNOWN =
  /^(admin|password|passw(or)?d1?|pass|changeme|change-me|haproxy|mypassword|yourpassword|motdepasse|123456?|<.*>)$/i;

function isKnownPassword(account: string): boolean {
  const [user = '', password = ''] = account.split(/:(.*)/s);
  if (/^\$|\$\{/.test(password)) return false;
  return KNOWN.test(password) || (password !== '' && password.toLowerCase() === user.toLowerCase());
}

function lintStatistics(file: LintFile, sections: readonly HaproxySection[]): LintResult[] {
  return sections.flatMap((section) => {
    const enabled = section.lines.find(
      (line) => starts(line, 'stats', 'enable') || starts(line, 'stats', 'uri'),
    );
    const accounts = section.lines.filter((line) => starts(line, 'stats', 'auth'));
    const results = accounts
      .filter(({ words }) => isKnownPassword(words[2] ?? ''))
      .map(({ line }) =>
        lintFinding('S21-default-password', { ...OUR, file, line, parameters: { key: section.name } }),
      );
    const binds = section.lines.filter(({ words }) => words[0] === 'bind');
    const guarded =
      has(section, 'stats', 'auth') ||
      (binds.length > 0 && binds.every(isInside)) ||
      section.lines.some(({ words }) => words.some((word) => /^(deny|auth|reject|block)$/.test(word)));
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

const OLD_NAMES: Readonly<Record<string, string>> = {
  connect: 'contimeout',
  client: 'clitimeout',
  server: 'srvtimeout',
};

/** Each side of a proxy needs its own: a frontend `client`, what has servers `connect` and `server`. */
function lintTimeouts(
  file: LintFile,
  proxies: readonly HaproxySection[],
  defaults: readonly HaproxySection[],
): LintResult[] {
  const byPlace = new Map<number, Set<string>>();
  for (const proxy of proxies) {
    const own = [...proxy.lines, ...proxy.inherited];
    const needed = [
      ...(serversOf(proxy).length > 0 ? ['connect'] : []),
      ...(proxy.kind === 'backend' ? [] : ['client']),
      ...(serversOf(proxy).length > 0 ? ['server'] : []),
    ];
    const missing = needed.filter(
      (name) =>
        !own.some(
          (line) =>
            starts(line, 'timeout', name) ||
            line.words[0] === OLD_NAMES[name] ||
            starts(line, 'timeout', OLD_NAMES[name] ?? ''),
        ),
    );
    if (missing.length === 0) continue;
    const base = defaults.findLast(({ lines }) => lines.some((line) => proxy.inherited.includes(line)));
    const place = base?.line ?? proxy.line;
    byPlace.set(place, new Set([...(byPlace.get(place) ?? []), ...missing]));
  }
  return [...byPlace].map(([line, names]) =>
    lintFinding('S21-no-timeout', { ...OUR, file, line, parameters: { key: [...names].join(', ') } }),
  );
}

function lintDefaults(file: LintFile, sections: readonly HaproxySection[]): LintResult[] {
  const defaults = sections.filter(({ kind }) => kind === 'defaults');
  const proxies = sections.filter(({ kind }) => /^(frontend|backend|listen)$/.test(kind));
  const everywhere = sections.flatMap(({ lines }) => lines);
  const results: LintResult[] = [];
  const place = defaults[0]?.line ?? 1;
  // A part of a split configuration has its defaults elsewhere.
  const whole = sections.some(({ kind }) => kind === 'global' || kind === 'defaults');
  if (whole) results.push(...lintTimeouts(file, proxies, defaults));
  const sticky = proxies.find(
    (one) => one.mode === 'http' && one.lines.some(({ words }) => words[0] === 'cookie'),
  );
  const redispatches = everywhere.some(
    (line) => starts(line, 'option', 'redispatch') || line.words[0] === 'redispatch',
  );
  if (sticky !== undefined && whole && !redispatches)
    results.push(lintFinding('S21-no-redispatch', { ...OUR, file, line: place }));
  return results;
}
