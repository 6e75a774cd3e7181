import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { messageOf } from '../errors/operator-error.js';
import { nearest } from './nearest.js';
import { Secret } from './secret.js';
import { tomlKey } from './toml-key.js';
import { configurationTexts } from '../errors/configuration.js';

/* What bbb2pod.toml and cluster.toml share: parsing, secrets in files, and errors that name the line. */

export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Secret) &&
  !(value instanceof Date);

/** @param example the command that prints one. @throws OperatorError config-invalid with file:line:column. */
export function parseToml(path: string, text: string, example = 'bbb2pod init'): Tree {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0] ?? 'not TOML';
    throw configurationTexts.configInvalid({
      file: `${path}:${error.line}:${error.column}`,
      detail: reason,
      example,
    });
  }
}

/**
 * Replaces each `x_file` by the secret `x` that the file holds, in place.
 * @param secretKeys names of the keys that may be given that way.
 * @param onSecret told each one: the keys' path, and the file. Returning false keeps the value already there.
 * @throws OperatorError secret-unreadable.
 */
export function readSecretFiles(
  tree: Tree,
  secretKeys: ReadonlySet<string>,
  readSecretFile: (path: string) => string,
  onSecret: (path: readonly string[], file: string) => boolean = () => true,
): void {
  const visit = (node: Tree, path: string[]): void => {
    for (const [key, value] of Object.entries(node)) {
      if (isTree(value)) {
        visit(value, [...path, key]);
        continue;
      }
      const secretKey = key.endsWith('_file') ? key.slice(0, -'_file'.length) : '';
      if (!secretKeys.has(secretKey) || typeof value !== 'string') continue;
      const full = [...path, secretKey];
      if (onSecret(full, value))
        node[secretKey] = new Secret(readOneSecret(full.join('.'), value, readSecretFile));
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
    throw configurationTexts.secretUnreadable({
      key,
      file,
      detail: messageOf(error, 'unreadable'),
    });
  }
  const line = text.split(/\r?\n/)[0] ?? '';
  if (line.trim() === '')
    throw configurationTexts.secretUnreadable({ key, file, detail: 'the file is empty' });
  return line.trim();
}

/** One sentence per issue; an unknown key gets the nearest name that the schema knows there. */
export function describeIssue(schema: z.ZodType, issue: z.core.$ZodIssue, tree: Tree = {}): string {
  const where = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return where === '' ? issue.message : `${where}: ${issue.message}`;
  const known = keysAt(schema, issue.path.map(String));
  return issue.keys
    .map((key) => {
      const full = where === '' ? key : `${where}.${key}`;
      const close = nearest(key, known) ?? quotedSection([...issue.path.map(String), key], tree);
      return close === null ? `unknown key ${full}` : `unknown key ${full} (did you mean ${close}?)`;
    })
    .join('; ');
}

/** TOML reads a name with dots as tables within tables: the section that was meant, with its name quoted; null elsewhere. */
function quotedSection([section = '', ...path]: readonly string[], tree: Tree): string | null {
  if (!['bbb', 'moodle', 'greenlight'].includes(section) || path.length < 2) return null;
  const names = [...path];
  const found = [section, ...path].reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), tree);
  if (!isTree(found)) return null;
  for (let node = found; ;) {
    const [[name, inner] = ['', null], ...others] = Object.entries(node);
    if (others.length > 0 || !isTree(inner)) return `[${section}.${tomlKey(names.join('.'))}]`;
    names.push(name);
    node = inner;
  }
}

/** The keys a schema knows below a path; records take any key. */
function keysAt(schema: unknown, path: readonly string[]): string[] {
  const inner = unwrap(schema);
  const [head, ...rest] = path;
  if (inner instanceof z.ZodArray) return keysAt(inner.element, head === undefined ? [] : rest);
  if (head === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  if (inner instanceof z.ZodObject) return keysAt(inner.shape[head], rest);
  return inner instanceof z.ZodRecord ? keysAt(inner.valueType, rest) : [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional || inner instanceof z.ZodDefault)
    inner = inner.unwrap();
  return inner;
}

/** The line of a key (or of the nearest table above it) in a TOML text, from 1; null when it is not there. */
export function lineOfKey(text: string, path: readonly string[]): number | null {
  let best: { depth: number; line: number } | null = null;
  let table: string[] = [];
  text.split('\n').forEach((content, i) => {
    const header = /^\s*\[\[?([^\]]+)\]/.exec(content);
    const key = /^\s*((?:[\w-]+|"[^"]*")(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=/.exec(content);
    if (header !== null) table = splitKey((header[1] ?? '').trim());
    else if (key === null) return;
    const here = header !== null ? table : [...table, ...splitKey(key?.[1] ?? '')];
    const isPrefix = here.every((word, at) => word === path[at]);
    if (isPrefix && here.length > (best?.depth ?? 0)) best = { depth: here.length, line: i + 1 };
  });
  return (best as { line: number } | null)?.line ?? null;
}

const splitKey = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|([\w-]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
