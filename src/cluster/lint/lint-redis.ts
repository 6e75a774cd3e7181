import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

const OUR = { system: 'encoding' as const, node: 'redis' };

/** Directives of redis.conf and sentinel.conf (Redis 5 to 7): names without case, values between blanks, quotes undone. */
interface Line {
  readonly name: string;
  readonly values: readonly string[];
  readonly line: number;
}

const SHAPE =
  /^[ \t]*(requirepass|maxmemory(-policy|-samples)?|appendonly|appendfsync|protected-mode|replicaof|slaveof|masterauth|aclfile|tcp-backlog|stop-writes-on-bgsave-error|rdbcompression|cluster-enabled|lazyfree-lazy-\w+|sentinel\s+(monitor|auth-pass|down-after-milliseconds|failover-timeout))\s+\S/im;
const ACL = /^[ \t]*user\s+\S+\s+(on|off|reset\w*|nopass|[~&+\-><#%])/m;

/** A redis.conf or sentinel.conf by directives that no other program has, or a file of accounts (`aclfile`). */
export const isRedis = (text: string): boolean => SHAPE.test(text) || ACL.test(text);

function readLines(text: string): Line[] {
  return text.split(/\r?\n/).flatMap((source, i) => {
    const [name, ...values] = (source.match(/"(?:\\.|[^"\\])*"|'[^']*'|\S+/g) ?? []).map((word) =>
      word.replace(/^(["'])(.*)\1$/s, '$2'),
    );
    return name === undefined || name.startsWith('#')
      ? []
      : [{ name: name.toLowerCase(), values, line: i + 1 }];
  });
}

/** Passwords of Redis' own example file and of tutorials. */
const KNOWN = /^(foobared|redis|password|passw0rd|changeme|change-me|secret|123456?|admin|test|<.*>)$/i;
const isComputed = (value: string): boolean => /\$\{|\{\{|\$[A-Z]/.test(value);
const isLoopback = (address: string): boolean => /^-?(127\.|::1$|localhost$)/.test(address);

/** Judges the broker of Celery: who reaches it, with which password, and whether a queue may be dropped. */
export function lintRedis(file: LintFile): LintResult[] {
  const lines = readLines(file.text);
  const last = (name: string): Line | undefined => lines.findLast((one) => one.name === name);
  return [
    ...lintSentinel(file, lines),
    ...lintPasswords(file, lines),
    ...lintExposure(file, lines),
    ...(/^allkeys-/.test(last('maxmemory-policy')?.values[0] ?? '') && last('maxmemory')?.values[0] !== '0'
      ? [
          lintFinding('P03-file-eviction', {
            ...OUR,
            file,
            line: last('maxmemory-policy')?.line ?? 0,
            parameters: { key: 'maxmemory-policy', value: last('maxmemory-policy')?.values[0] ?? '' },
          }),
        ]
      : []),
  ];
}

function lintSentinel(file: LintFile, lines: readonly Line[]): LintResult[] {
  return lines
    .filter(({ name, values }) => name === 'sentinel' && values[0]?.toLowerCase() === 'monitor')
    .flatMap(({ values: [, key = '?', value = '', , quorum = '1'], line }) =>
      isLoopback(value) && Number(quorum) > 1
        ? [lintFinding('P01-file-sentinel', { ...OUR, file, line, parameters: { key, value, quorum } })]
        : [],
    );
}

function lintPasswords(file: LintFile, lines: readonly Line[]): LintResult[] {
  return lines.flatMap(({ name, values, line }) => {
    const given =
      name === 'requirepass' || name === 'masterauth'
        ? values.slice(0, 1)
        : name === 'user'
          ? values.filter((word) => word.startsWith('>')).map((word) => word.slice(1))
          : name === 'sentinel' && values[0]?.toLowerCase() === 'auth-pass'
            ? values.slice(2, 3)
            : [];
    return given.some((password) => KNOWN.test(password))
      ? [lintFinding('P04-file-password', { ...OUR, file, line, parameters: { key: name } })]
      : [];
  });
}

/** Open is: on an address of other machines, protected mode off (it is on by default), no password and no accounts. */
function lintExposure(file: LintFile, lines: readonly Line[]): LintResult[] {
  const last = (name: string): Line | undefined => lines.findLast((one) => one.name === name);
  const mode = last('protected-mode');
  const guarded =
    (last('requirepass')?.values[0] ?? '') !== '' ||
    lines.some(({ name }) => /^(aclfile|include|user|sentinel|tls-auth-clients)$/.test(name));
  const addresses = last('bind')?.values ?? ['*'];
  const outside = addresses.find((address) => !isLoopback(address) && !isComputed(address));
  if (mode?.values[0] !== 'no' || guarded || outside === undefined) return [];
  return [
    lintFinding('P04-file-open', {
      ...OUR,
      file,
      line: last('bind')?.line ?? mode.line,
      parameters: { key: 'bind', value: addresses.join(' ') },
    }),
  ];
}
