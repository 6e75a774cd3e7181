import { lintFinding, lineOf, type LintFile, type LintResult } from './lint-file.js';
import { lintDirectories, lintOrder } from './lint-nginx-paths.js';
import { lintRenditions, lintTargets } from './lint-nginx-renditions.js';
import { applicationsOf, find, inForce, readNginx, type Application, type Directive } from './read-nginx.js';

const OUR = { system: 'streaming' as const, node: 'nginx' };

/** Judges an nginx.conf of an ingest or a broadcast node. `nginx -t` has the word on syntax. */
export function lintNginx(file: LintFile): LintResult[] {
  const root = readNginx(file.text);
  const applications = applicationsOf(root);
  return [
    ...applications.flatMap((application) => [
      ...lintApplication(file, application),
      ...lintRenditions(file, application, applications),
    ]),
    ...lintTargets(file, root, applications),
    ...lintProcesses(file, root, applications),
    ...lintPages(file, root),
    ...lintPlaylists(file, root),
    ...lintDirectories(file, root),
  ];
}

function lintApplication(file: LintFile, application: Application): LintResult[] {
  if (inForce(application, 'live')[0]?.words[1] !== 'on') return [];
  const results: LintResult[] = [];
  const at = (line: number) => ({ ...OUR, file, line, parameters: { key: application.name } });
  results.push(...lintOrder(file, application));
  if (!isClosed(application))
    results.push(lintFinding(mayBeClosed(application) ? 'S19-unjudged' : 'S19-open', at(application.line)));
  const [record] = inForce(application, 'record');
  if (record?.words[1] === 'all' && !record.words.includes('manual') && !isCleaned(application))
    results.push(lintFinding('S20-record', at(record.line)));
  return results;
}

/**
 * Whether somebody decides who publishes: `deny [publish] … all` before an `allow` for all, or a program that is
 * asked. Rules of the levels above follow the application's own (nginx-rtmp 1.2.2, ngx_rtmp_access_module.c).
 */
function isClosed(application: Application): boolean {
  if (application.inner) return true;
  if (['on_publish', 'on_connect'].some((name) => inForce(application, name).length > 0)) return true;
  const rules = [...application.inside, ...application.above].filter(
    ({ words }) => (words[0] === 'allow' || words[0] === 'deny') && words[1] !== 'play',
  );
  return rules.find(({ words }) => words.at(-1) === 'all')?.words[0] === 'deny';
}

/** An included file may say who publishes; above a part of a split configuration, another file has the say. */
const mayBeClosed = ({ name, inside, above, ports }: Application): boolean =>
  ports.length === 0 ||
  // A name that is filled in may be the secret itself.
  /\$\{|\$[A-Z]|\{\{|<.*>/.test(name) ||
  [...inside, ...above].some(({ words }) => words[0] === 'include' && !/mime\.types/.test(words[1] ?? ''));

/** A bound on the size, or a program that takes each finished file. */
const isCleaned = (application: Application): boolean =>
  ['record_max_size', 'record_max_frames', 'exec_record_done', 'on_record_done'].some(
    (name) => inForce(application, name).length > 0,
  );

/** Each nginx worker has its own streams: what one receives the others do not know. */
function lintProcesses(
  file: LintFile,
  root: readonly Directive[],
  applications: readonly Application[],
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
      replacement: lineOf(file, workers.line).replace(/worker_processes\s+\S+?\s*;/, 'worker_processes 1;'),
    }),
  ];
}

/** Locations with the directives of `server` and `http` above them. */
function locationsOf(
  root: readonly Directive[],
  above: readonly Directive[] = [],
): { location: Directive; inside: readonly Directive[]; above: readonly Directive[] }[] {
  const plain = root.filter(({ block }) => block === null);
  return root.flatMap((one) => {
    if (one.block === null) return [];
    const inner = locationsOf(one.block, [...plain, ...above]);
    if (one.words[0] !== 'location') return inner;
    return [{ location: one, inside: one.block, above: [...plain, ...above] }, ...inner];
  });
}

const isNamed = (directives: readonly Directive[], ...names: string[]): boolean =>
  directives.some(({ words }) => names.includes(words[0] ?? ''));

/** Only some may read it: rules of its own, or of the levels above where it has none. */
function isGuarded(inside: readonly Directive[], above: readonly Directive[]): boolean {
  const rules = [...find(inside, 'allow'), ...find(inside, 'deny')].length > 0 ? find(inside, 'deny') : above;
  const listens = above.filter(({ words }) => words[0] === 'listen').map(({ words }) => words[1] ?? '');
  return (
    rules.some(({ words }) => words[0] === 'deny' && words[1] === 'all') ||
    [...find(inside, 'auth_basic'), ...above].some(
      ({ words }) => words[0] === 'auth_basic' && words[1] !== 'off',
    ) ||
    isNamed([...inside, ...above], 'auth_request', 'internal', 'ssl_verify_client', 'include') ||
    find(inside, 'if').some(({ block }) => isNamed(block ?? [], 'return')) ||
    (listens.length > 0 && listens.every((one) => /^(127\.|localhost|\[::1\]|unix:)/.test(one)))
  );
}

function lintPages(file: LintFile, root: readonly Directive[]): LintResult[] {
  // A part without `server` around has its rules where it is included.
  if (root.some(({ words }) => words[0] === 'location')) return [];
  return locationsOf(root).flatMap(({ location, inside, above }) => {
    if (
      isGuarded(
        inside,
        above.filter(({ words }) => !/mime\.types|modules/.test(words.join(' '))),
      )
    )
      return [];
    const path = location.words.at(-1) ?? '?';
    const at = { ...OUR, file, line: location.line, parameters: { key: path } };
    if (find(inside, 'rtmp_control').length > 0) return [lintFinding('S18-file-control', at)];
    if (find(inside, 'rtmp_stat').length > 0) return [lintFinding('S18-file-stat', at)];
    return [];
  });
}

/** Headers of live playlists. What a proxy hands on, and what an included file may add, is not known here. */
function lintPlaylists(file: LintFile, root: readonly Directive[]): LintResult[] {
  return locationsOf(root).flatMap(({ location, inside, above }) => {
    const path = location.words.at(-1) ?? '';
    if (!/hls|m3u8/.test(path) || !isNamed(inside, 'root', 'alias')) return [];
    if (isNamed(inside, 'proxy_pass', 'include', 'vod', 'return')) return [];
    if (
      above.some(({ words }) => words[0] === 'include' && !/mime\.types|modules|\.d\//.test(words[1] ?? ''))
    )
      return [];
    // What only the other nodes may read is no place for players.
    if (find(inside, 'deny').some(({ words }) => words[1] === 'all')) return [];
    const headers = [...find(root, 'add_header'), ...find(root, 'more_set_headers')].map(({ words }) =>
      words.join(' '),
    );
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
