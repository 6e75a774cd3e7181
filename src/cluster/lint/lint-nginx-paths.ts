import { editDistance } from '../../kit/config/nearest.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';
import { applicationsOf, find, inForce, type Application, type Directive } from './read-nginx.js';

const OUR = { system: 'streaming' as const, node: 'nginx' };

/**
 * `deny publish all` before the `allow` of the same application: rules are tried in their order and the first that
 * fits decides (nginx-rtmp 1.2.2, ngx_rtmp_access_module.c).
 */
export function lintOrder(file: LintFile, application: Application): LintResult[] {
  const rules = application.inside.filter(
    ({ words }) => (words[0] === 'allow' || words[0] === 'deny') && words[1] !== 'play',
  );
  const wall = rules.findIndex(({ words }) => words[0] === 'deny' && words.at(-1) === 'all');
  const allows = rules.map(({ words }) => words[0] === 'allow');
  if (wall < 0 || allows.slice(0, wall).includes(true) || !allows.slice(wall).includes(true)) return [];
  return [
    lintFinding('S19-nobody', {
      ...OUR,
      file,
      line: rules[wall]?.line ?? application.line,
      parameters: { key: application.name },
    }),
  ];
}

const clean = (directory: string): string =>
  directory
    .replace(/^\/var\/run(?=\/|$)/, '/run')
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '');

/**
 * Locations of playlists beside the directory where they are written, by a letter or two: `/data1/hls` and
 * `/data2/hls`. A directory of quite another name may be a link to it.
 */
export function lintDirectories(file: LintFile, root: readonly Directive[]): LintResult[] {
  const written = applicationsOf(root)
    .filter((application) => inForce(application, 'hls')[0]?.words[1] === 'on')
    .flatMap((application) => inForce(application, 'hls_path').map(({ words }) => clean(words[1] ?? '')));
  if (written.length === 0) return [];
  const served = locationsWithin(root, null);
  const isSame = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`);
  if (served.some(({ directory }) => written.some((one) => isSame(one, directory) || isSame(directory, one))))
    return [];
  return served.flatMap(({ location, directory }) => {
    const meant = written.find((one) => one !== directory && editDistance(one, directory, 2) <= 2);
    if (meant === undefined) return [];
    return [
      lintFinding('S09-file-path', {
        ...OUR,
        file,
        line: location.line,
        parameters: { key: location.words.at(-1) ?? '?', served: directory, written: meant },
      }),
    ];
  });
}

/** Locations with a plain path and the directory that they serve: `root` + path, or `alias`. */
function locationsWithin(
  directives: readonly Directive[],
  above: string | null,
): { readonly location: Directive; readonly directory: string }[] {
  const own = directives.find(({ words }) => words[0] === 'root')?.words[1] ?? above;
  return directives.flatMap((one) => {
    if (one.block === null || one.words[0] === 'rtmp') return [];
    const inner = locationsWithin(one.block, own);
    const path = one.words.at(-1) ?? '';
    if (one.words[0] !== 'location' || !path.startsWith('/')) return inner;
    const [alias] = find(one.block, 'alias');
    const [nearer] = one.block.filter(({ words }) => words[0] === 'root');
    const base = nearer?.words[1] ?? own;
    const directory = alias?.words[1] ?? (base === null ? null : `${base}${path}`);
    return directory === null || !directory.startsWith('/')
      ? inner
      : [...inner, { location: one, directory: clean(directory) }];
  });
}
