import { lineOf, lintFinding, type LintFile, type LintResult } from './lint-file.js';
import { serversOf, starts, type HaproxyLine, type HaproxySection } from './read-haproxy.js';

const OUR = { system: 'streaming' as const, node: 'haproxy' };

/** Where the lines lead: backends that exist, checks that their servers can pass, machines that differ. */
export function lintTargets(file: LintFile, sections: readonly HaproxySection[]): LintResult[] {
  const backends = sections.filter(({ kind }) => kind === 'backend' || kind === 'listen');
  return [
    ...lintBackendNames(file, sections, backends),
    ...backends.flatMap((backend) => [
      ...lintPageCheck(file, backend),
      ...lintSameServer(file, backend),
      ...lintSameName(file, backend),
    ]),
  ];
}

/** `use_backend` and `default_backend` by a name written out; `%[…]` and `${…}` are known at run time alone. */
function lintBackendNames(
  file: LintFile,
  sections: readonly HaproxySection[],
  backends: readonly HaproxySection[],
): LintResult[] {
  const whole = sections.some(({ kind }) => kind === 'global');
  const names = backends.map(({ name }) => name);
  if (!whole || names.length === 0) return [];
  const told = new Set<string>();
  return sections.flatMap(({ lines }) =>
    lines
      .filter(({ words }) => words[0] === 'use_backend' || words[0] === 'default_backend')
      .flatMap(({ words, line }) => {
        const name = words[1] ?? '';
        if (name === '' || /[%$]/.test(name) || names.includes(name) || told.has(name)) return [];
        told.add(name);
        return [
          lintFinding('S21-no-backend', {
            ...OUR,
            file,
            line,
            parameters: { key: name, backends: names.join(', ') },
          }),
        ];
      }),
  );
}

const portOf = ({ words }: HaproxyLine): number | null => {
  const other = words.indexOf('port');
  const text = other > 0 ? words[other + 1] : /:(\d+)$/.exec(words[2] ?? '')?.[1];
  return text === undefined ? null : Number(text);
};

const RTMP = 1935;

/** `option httpchk` holds in `mode tcp`, too; nothing answers HTTP on an RTMP port. */
function lintPageCheck(file: LintFile, backend: HaproxySection): LintResult[] {
  const check = [...backend.lines, ...backend.inherited].find((line) => starts(line, 'option', 'httpchk'));
  const checked = serversOf(backend).filter(({ words }) => words.includes('check'));
  const asked = checked.find((server) => portOf(server) === RTMP);
  if (check === undefined || asked === undefined || backend.lines.some(isOtherCheck)) return [];
  const own = backend.lines.includes(check);
  const steps = backend.lines.some(({ words }) => words[0] === 'http-check');
  return [
    lintFinding('S21-page-check', {
      ...OUR,
      file,
      line: own ? check.line : asked.line,
      parameters: { key: backend.name, port: RTMP },
      ...(own && !steps
        ? {
            replacement: lineOf(file, check.line).replace(
              /option\s+httpchk(?:(?!(?<!\s)\s+#)[^\r])*/,
              'option tcp-check',
            ),
          }
        : {}),
    }),
  ];
}

const isOtherCheck = (line: HaproxyLine): boolean =>
  starts(line, 'option', 'tcp-check') ||
  starts(line, 'option', 'external-check') ||
  starts(line, 'no', 'option', 'httpchk') ||
  starts(line, 'http-check', 'connect');

/** HAProxy does not start with two servers of one name in a backend; it says so only once it has its certificates. */
function lintSameName(file: LintFile, backend: HaproxySection): LintResult[] {
  const seen = new Map<string, number>();
  return serversOf(backend).flatMap(({ words: [kind, name = '?'], line }) => {
    if (kind !== 'server' || /[%${]/.test(name)) return [];
    const other = seen.get(name);
    if (other === undefined) {
      seen.set(name, line);
      return [];
    }
    return [
      lintFinding('S21-same-name', {
        ...OUR,
        file,
        line,
        parameters: { key: name, backend: backend.name, other },
      }),
    ];
  });
}

/**
 * Two names for one address and port: redundancy on paper. Spares and other names in TLS are meant so; a host name may
 * lead to several machines.
 */
function lintSameServer(file: LintFile, backend: HaproxySection): LintResult[] {
  const seen = new Map<string, string>();
  return serversOf(backend).flatMap(({ words, line }) => {
    const [, name = '?', address = ''] = words;
    if (words[0] !== 'server' || !/^[\d.]+:\d+$|^\[[\da-f:]+\]:\d+$/i.test(address)) return [];
    if (/^(0\.0\.0\.0|127\.)/.test(address)) return [];
    if (words.some((word) => /^(backup|disabled|sni|source|track|port|ws|proto)$/.test(word))) return [];
    const other = seen.get(address);
    if (other === undefined) {
      seen.set(address, name);
      return [];
    }
    return [
      lintFinding('S21-same-server', { ...OUR, file, line, parameters: { key: name, other, address } }),
    ];
  });
}
