import { configurationSchema, namedSections, type Configuration } from './schema.js';
import {
  invalidToml,
  isTree,
  parseToml,
  problemsOf,
  readSecretFiles,
  type Problem,
  type Tree,
} from './toml-file.js';

/** Where a value came from; `doctor` prints it. Keys are dotted: `bbb.default.url`. */
export type Origins = ReadonlyMap<string, string>;

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  readonly origins: Origins;
  /** The file used, or null when there is none. */
  readonly file: string | null;
}

export interface Sources {
  readonly file: { readonly path: string; readonly text: string } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a secret's file; its first line is the secret. */
  readonly readSecretFile: (path: string) => string;
}

/**
 * Merges environment over file over defaults, reads `…_file` secrets, and validates.
 * @throws OperatorError config-invalid with file, key and nearest name; secret-unreadable.
 */
export function loadConfiguration({ file, environment, readSecretFile }: Sources): LoadedConfiguration {
  const { tree, origins } = readTree(file, environment);
  readSecretFiles(tree, secretKeys, readSecretFile, (path, secretFile) => {
    const dotted = path.join('.');
    // The environment's own value wins over a file named in the configuration file.
    if (origins.get(dotted)?.startsWith('BBB2POD_') === true) return false;
    origins.set(dotted, `${origins.get(`${dotted}_file`) ?? ''} -> ${secretFile}`);
    return true;
  });
  inheritDefaultMoodle(tree);
  const result = configurationSchema.safeParse(tree);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => problemsOf(configurationSchema, issue, tree));
    const variable = problems.map(({ at }) => origins.get(at.join('.'))).find(isVariable);
    const shown = problems.map((problem) => asWritten(problem, file?.text ?? ''));
    const [place, text] = variable === undefined ? [file?.path, file?.text] : [variable, ''];
    throw invalidToml(place ?? 'the environment', text ?? '', shown, 'bbb2pod init');
  }
  return { configuration: result.data, origins, file: file?.path ?? null };
}

const isVariable = (origin: string | undefined): boolean => origin?.startsWith('BBB2POD_') === true;

/** `bbb.default.url` is `[bbb] url` in most files. */
function asWritten(problem: Problem, text: string): Problem {
  const [section = '', name, ...rest] = problem.at;
  const isNamed = new RegExp(`^\\s*\\[\\s*${section}\\s*\\.\\s*"?default`, 'm').test(text);
  if (!(section in namedSections) || name !== 'default' || isNamed) return problem;
  return {
    at: [section, ...rest],
    detail: problem.detail.replaceAll(`${section}.default`, section),
  };
}

/** Environment over file, as yet unlooked at. @throws OperatorError config-invalid for what is no TOML. */
export function readTree(
  file: Sources['file'],
  environment: Sources['environment'],
): { readonly tree: Tree; readonly origins: Map<string, string> } {
  const origins = new Map<string, string>();
  const tree = file === null ? {} : gatherNamedSections(parseToml(file.path, file.text));
  for (const key of leaves(tree)) origins.set(key, file?.path ?? '');
  applyEnvironment(tree, environment, origins);
  return { tree, origins };
}

/** `[bbb] url` becomes `bbb.default.url`; `[bbb.old] url` stays `bbb.old.url`. */
function gatherNamedSections(tree: Tree): Tree {
  const gathered: Tree = { ...tree };
  for (const section of Object.keys(namedSections)) {
    const value = tree[section];
    if (!isTree(value)) continue;
    const own = Object.fromEntries(Object.entries(value).filter(([, inner]) => !isTree(inner)));
    const named = Object.fromEntries(Object.entries(value).filter(([, inner]) => isTree(inner)));
    const fallback = isTree(named['default']) ? named['default'] : {};
    gathered[section] =
      Object.keys(own).length === 0 ? named : { ...named, default: { ...own, ...fallback } };
  }
  return gathered;
}

const plainSections = Object.keys(configurationSchema.shape).filter((key) => !(key in namedSections));

function applyEnvironment(
  tree: Tree,
  environment: Sources['environment'],
  origins: Map<string, string>,
): void {
  const sections = [...plainSections, ...Object.keys(namedSections)].sort((a, b) => b.length - a.length);
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('BBB2POD_') || value === undefined) continue;
    const rest = name.slice('BBB2POD_'.length).toLowerCase();
    const section = sections.find((s) => rest === s || rest.startsWith(`${s}_`));
    if (section === undefined) continue;
    const path =
      rest === section
        ? [section]
        : [section, ...(section in namedSections ? ['default'] : []), rest.slice(section.length + 1)];
    setPath(tree, path, value);
    origins.set(path.join('.'), name);
  }
}

/** How a Moodle's tables are called and read. */
const INHERITED = ['prefix', 'moderator_scope', 'group_teachers'];
/** Which database they are in: taken over whole, or not at all. */
const PLACE = ['database', 'engine', 'host', 'port', 'name', 'user', 'password', 'annotate_database'];
/** How it is reached: what a section says itself holds. */
const ACCESS = ['schema', 'connect_timeout', 'tls'];

function inheritDefaultMoodle(tree: Tree): void {
  const moodles = tree['moodle'];
  if (!isTree(moodles) || !isTree(moodles['default'])) return;
  const given = Object.entries(moodles['default']);
  const inherited = (keys: readonly string[]): Tree =>
    Object.fromEntries(given.filter(([key]) => keys.includes(key)));
  for (const [name, site] of Object.entries(moodles)) {
    if (!isTree(site)) continue;
    const hasPlace = PLACE.some((key) => key in site);
    moodles[name] = { ...inherited(hasPlace ? INHERITED : [...INHERITED, ...PLACE, ...ACCESS]), ...site };
  }
}

/** Keys that hold a secret and may therefore be given as `…_file`. */
export const secretKeys: ReadonlySet<string> = new Set([
  'secret',
  'database',
  'password',
  'token',
  'queue_key',
  'manager_token',
  'secret_key',
  'annotate_database',
  'queue',
  'rtmp_url',
  'also',
  'attendee_password',
  'moderator_password',
  'gateway_token',
  'redis',
  'smtp',
]);

function* leaves(tree: Tree, path: string[] = []): Generator<string> {
  for (const [key, value] of Object.entries(tree)) {
    if (isTree(value)) yield* leaves(value, [...path, key]);
    else yield [...path, key].join('.');
  }
}

function setPath(tree: Tree, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const inner = isTree(tree[head]) ? tree[head] : {};
  tree[head] = inner;
  setPath(inner, rest, value);
}
