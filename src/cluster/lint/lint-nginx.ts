import { parseSafely } from '../../kit/config/parse-safely.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

/** A directive of an nginx configuration, with what it encloses. */
export interface Directive {
  readonly words: readonly string[];
  readonly line: number;
  readonly block: readonly Directive[] | null;
}

const OUR = { system: 'streaming' as const, node: 'nginx' };

/** Reads directives, blocks, quotes and comments; includes are not followed. */
export const readNginx = (text: string): Directive[] => parseSafely('nginx.conf', text, readDirectives);

function readDirectives(text: string): Directive[] {
  const tokens: { text: string; line: number }[] = [];
  let line = 1;
  for (const [token] of text.matchAll(
    /\n|#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\\.|\$\{[^}]*\}|[^\s{};"'])(?:\\.|\$\{[^}]*\}|[^\s{};])*/g,
  )) {
    if (token === '\n') line++;
    else if (!token.startsWith('#')) {
      tokens.push({ text: token, line });
      line += token.split('\n').length - 1;
    }
  }
  let at = 0;
  const readBlock = (): Directive[] => {
    const found: Directive[] = [];
    let words: string[] = [];
    let first = 0;
    while (at < tokens.length) {
      const token = tokens[at++];
      if (token === undefined || token.text === '}') return found;
      if (token.text === ';' || token.text === '{') {
        const block = token.text === '{' ? readBlock() : null;
        if (words.length > 0) found.push({ words, line: first, block });
        words = [];
      } else {
        if (words.length === 0) first = token.line;
        words.push(token.text.replace(/^(["'])(.*)\1$/s, '$2'));
      }
    }
    return found;
  };
  return readBlock();
}

const find = (directives: readonly Directive[], name: string): Directive[] =>
  directives.flatMap((one) => [
    ...(one.words[0] === name ? [one] : []),
    ...(one.block === null ? [] : find(one.block, name)),
  ]);

/** Judges an nginx.conf of an ingest or a broadcast node. `nginx -t` has the word on syntax. */
export function lintNginx(file: LintFile): LintResult[] {
  const root = readNginx(file.text);
  const applications = root
    .filter(({ words }) => words[0] === 'rtmp')
    .flatMap(({ block }) => find(block ?? [], 'application'));
  return [
    ...applications.flatMap((application) => lintApplication(file, application, applications)),
    ...lintProcesses(file, root, applications),
    ...lintPages(file, root),
    ...lintPlaylists(file, root),
  ];
}

const valueOf = (directives: readonly Directive[], name: string): string | null =>
  find(directives, name)[0]?.words[1] ?? null;

function lintApplication(file: LintFile, application: Directive, all: readonly Directive[]): LintResult[] {
  const inside = application.block ?? [];
  const name = application.words[1] ?? '?';
  if (valueOf(inside, 'live') !== 'on') return [];
  const results: LintResult[] = [];
  const at = (line: number) => ({ ...OUR, file, line, parameters: { key: name } });
  const rules = [...find(inside, 'allow'), ...find(inside, 'deny')].filter(
    ({ words }) => words[1] === 'publish',
  );
  const denies = rules.some(({ words }) => words[0] === 'deny' && words[2] === 'all');
  if (!denies && find(inside, 'on_publish').length === 0)
    results.push(lintFinding('S19-open', at(application.line)));
  const [record] = find(inside, 'record');
  if (record !== undefined && record.words[1] === 'all')
    results.push(lintFinding('S20-record', at(record.line)));
  return [...results, ...lintHls(file, name, inside, all), ...lintTranscoder(file, name, inside)];
}

const seconds = (text: string | null): number | null => {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  if (found === null) return null;
  return Number(found[1]) * { ms: 0.001, s: 1, m: 60 }[(found[2] as 'ms' | 's' | 'm' | undefined) ?? 's'];
};

function lintHls(
  file: LintFile,
  name: string,
  inside: readonly Directive[],
  all: readonly Directive[],
): LintResult[] {
  if (valueOf(inside, 'hls') !== 'on') return [];
  const results: LintResult[] = [];
  const fragment = seconds(valueOf(inside, 'hls_fragment')) ?? 5;
  const length = seconds(valueOf(inside, 'hls_playlist_length')) ?? 30;
  const [declared] = find(inside, 'hls_playlist_length');
  if (length < fragment * 3)
    results.push(
      lintFinding('S10-window', {
        ...OUR,
        file,
        line: declared?.line ?? 0,
        parameters: { key: name, length, wanted: fragment * 3 },
      }),
    );
  const pushed = all
    .flatMap(({ block }) => find(block ?? [], 'exec').concat(find(block ?? [], 'exec_push')))
    .flatMap(({ words }) => words);
  for (const variant of find(inside, 'hls_variant')) {
    const suffix = variant.words[1] ?? '';
    const at = { ...OUR, file, line: variant.line, parameters: { key: suffix, application: name } };
    if (pushed.length > 0 && !pushed.some((word) => word.endsWith(suffix)))
      results.push(lintFinding('S16-variant', { ...at, replacement: null }));
    const told = variant.words.slice(2).join(' ');
    if (!/CODECS=/.test(told) || !/RESOLUTION=/.test(told)) results.push(lintFinding('S13-variant', at));
  }
  return results;
}

/** The exec line of the ladder: key frames that do not fall on the segments break switching. */
function lintTranscoder(file: LintFile, name: string, inside: readonly Directive[]): LintResult[] {
  return find(inside, 'exec').flatMap(({ words, line }) => {
    const command = words.join(' ');
    if (!/ffmpeg|avconv/.test(command)) return [];
    const at = { ...OUR, file, line, parameters: { key: name } };
    const results: LintResult[] = [];
    const copies = /-(?:c|c:v|codec:v|vcodec) copy/.test(command);
    const encodes = /libx264|h264_/.test(command);
    if (copies && encodes) results.push(lintFinding('S10-copied', at));
    if (/-crf /.test(command) && /-b:v /.test(command) && !/-maxrate /.test(command))
      results.push(lintFinding('S12-crf', at));
    if (encodes && !/-g \d/.test(command) && !/force_key_frames/.test(command))
      results.push(lintFinding('S10-key-frames', at));
    return results;
  });
}

/** Each nginx worker has its own streams: what one receives the others do not know. */
function lintProcesses(
  file: LintFile,
  root: readonly Directive[],
  applications: readonly Directive[],
): LintResult[] {
  const [workers] = root.filter(({ words }) => words[0] === 'worker_processes');
  const count = workers?.words[1] ?? '1';
  const pushes = root.some(({ words }) => words[0] === 'rtmp_auto_push' && words[1] === 'on');
  if (applications.length === 0 || count === '1' || pushes || workers === undefined) return [];
  return [
    lintFinding('S15-processes', {
      ...OUR,
      file,
      line: workers.line,
      parameters: { key: count },
      replacement: 'worker_processes 1;',
    }),
  ];
}

function lintPages(file: LintFile, root: readonly Directive[]): LintResult[] {
  return find(root, 'location').flatMap((location) => {
    const inside = location.block ?? [];
    const closed =
      find(inside, 'deny').some(({ words }) => words[1] === 'all') || find(inside, 'auth_basic').length > 0;
    const path = location.words.at(-1) ?? '?';
    const at = { ...OUR, file, line: location.line, parameters: { key: path } };
    if (closed) return [];
    if (find(inside, 'rtmp_control').length > 0) return [lintFinding('S18-file-control', at)];
    if (find(inside, 'rtmp_stat').length > 0) return [lintFinding('S18-file-stat', at)];
    return [];
  });
}

function lintPlaylists(file: LintFile, root: readonly Directive[]): LintResult[] {
  return find(root, 'location').flatMap((location) => {
    const inside = location.block ?? [];
    const path = location.words.at(-1) ?? '';
    if (
      !/hls|m3u8/.test(path) ||
      (find(inside, 'root').length === 0 &&
        find(inside, 'alias').length === 0 &&
        find(inside, 'proxy_pass').length === 0)
    )
      return [];
    // What only the other nodes may read is no place for players.
    if (find(inside, 'deny').some(({ words }) => words[1] === 'all')) return [];
    const headers = find(root, 'add_header').map(({ words }) => words.join(' '));
    const at = { ...OUR, file, line: location.line, parameters: { key: path } };
    return [
      ...(headers.some((header) => /Access-Control-Allow-Origin/i.test(header))
        ? []
        : [lintFinding('S08-file-cors', at)]),
      ...(headers.some((header) => /Cache-Control/i.test(header)) || find(root, 'expires').length > 0
        ? []
        : [lintFinding('S08-file-cache', at)]),
    ];
  });
}
