import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { OperatorError } from '../codes/operator-error.js';
import { nearest } from './nearest.js';
import { configurationSchema, namedSections, type Configuration } from './schema.js';
import { Secret } from './secret.js';

/** Where a value came from; `doctor` prints it. Keys are dotted: `bbb.default.url`. */
export type Origins = ReadonlyMap<string, string>;

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  readonly origins: Origins;
  /** The file used, or null when there is none. */
  readonly file: string | null;
}

interface Sources {
  readonly file: { readonly path: string; readonly text: string } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a secret's file; its first line is the secret. */
  readonly readSecretFile: (path: string) => string;
}

type Tree = Record<string, unknown>;

/**
 * Merges environment over file over defaults, reads `…_file` secrets, and validates.
 * @throws OperatorError config-invalid with file, key and nearest name; secret-unreadable.
 */
export function loadConfiguration({ file, environment, readSecretFile }: Sources): LoadedConfiguration {
  const origins = new Map<string, string>();
  const tree = file === null ? {} : gatherNamedSections(parseToml(file.path, file.text));
  for (const key of leaves(tree)) origins.set(key, file?.path ?? '');
  applyEnvironment(tree, environment, origins);
  inheritDefaultMoodle(tree);
  readSecrets(tree, readSecretFile, origins);
  const result = configurationSchema.safeParse(tree);
  const where = file?.path ?? 'the environment';
  if (!result.success) {
    throw new OperatorError('config-invalid', {
      file: where,
      detail: result.error.issues.map(describeIssue).join('; '),
    });
  }
  return { configuration: result.data, origins, file: file?.path ?? null };
}

function parseToml(path: string, text: string): Tree {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0] ?? 'not TOML';
    throw new OperatorError('config-invalid', {
      file: `${path}:${error.line}:${error.column}`,
      detail: reason,
    });
  }
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

function inheritDefaultMoodle(tree: Tree): void {
  const moodles = tree['moodle'];
  if (!isTree(moodles) || !isTree(moodles['default'])) return;
  const { prefix, moderator_scope } = moodles['default'];
  const inherited = Object.fromEntries(
    Object.entries({ prefix, moderator_scope }).filter(([, value]) => value !== undefined),
  );
  for (const [name, site] of Object.entries(moodles)) {
    if (isTree(site)) moodles[name] = { ...inherited, ...site };
  }
}

/** Keys that hold a secret and may therefore be given as `…_file`. */
const secretKeys = new Set([
  'secret',
  'database',
  'password',
  'token',
  'secret_key',
  'annotate_database',
  'queue',
  'rtmp_url',
  'attendee_password',
  'moderator_password',
  'gateway_token',
  'redis',
]);

function readSecrets(
  tree: Tree,
  readSecretFile: (path: string) => string,
  origins: Map<string, string>,
): void {
  const visit = (node: Tree, path: string[]): void => {
    for (const [key, value] of Object.entries(node)) {
      if (isTree(value)) {
        visit(value, [...path, key]);
        continue;
      }
      const secretKey = key.endsWith('_file') ? key.slice(0, -'_file'.length) : '';
      if (!secretKeys.has(secretKey) || typeof value !== 'string') continue;
      const dotted = [...path, secretKey].join('.');
      // The environment's own value wins over a file named in the configuration file.
      if (!origins.get(dotted)?.startsWith('BBB2POD_')) {
        node[secretKey] = new Secret(readOneSecret(dotted, value, readSecretFile));
        origins.set(dotted, `${origins.get([...path, key].join('.')) ?? ''} -> ${value}`);
      }
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the schema knows the secret, not its file
      delete node[key];
    }
  };
  visit(tree, []);
}

function readOneSecret(key: string, file: string, readSecretFile: (path: string) => string): string {
  let text: string;
  try {
    text = readSecretFile(file);
  } catch (error) {
    throw new OperatorError('secret-unreadable', {
      key,
      file,
      detail: error instanceof Error ? error.message : 'unreadable',
    });
  }
  const line = text.split(/\r?\n/)[0] ?? '';
  if (line.trim() === '')
    throw new OperatorError('secret-unreadable', { key, file, detail: 'the file is empty' });
  return line.trim();
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`;
  const known = knownKeys(issue.path.map(String));
  return issue.keys
    .map((key) => {
      const close = nearest(key, known);
      const full = where === '' ? key : `${where}.${key}`;
      return `unknown key ${full}${close === null ? '' : ` (did you mean ${close}?)`}`;
    })
    .join('; ');
}

function knownKeys(path: readonly string[]): string[] {
  const section = path[0];
  if (section === undefined) return Object.keys(configurationSchema.shape);
  const named = namedSections[section];
  if (named !== undefined) return Object.keys(named.shape);
  const schema: unknown = configurationSchema.shape[section as keyof typeof configurationSchema.shape];
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

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

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Secret) &&
  !(value instanceof Date);
