import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { messageOf, type OperatorError } from '../errors/operator-error.js';
import { describeValue } from './describe-value.js';
import { explainToml } from './explain-toml.js';
import { nearest } from './nearest.js';
import { parseSafely } from './parse-safely.js';
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
  let tree: Tree;
  try {
    tree = parseSafely(path, text, parse);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw configurationTexts.configInvalid({
      file: `${path}:${error.line}:${error.column}`,
      detail: explainToml(text, error.line, error.message),
      example,
    });
  }
  const garbled = text.includes('\uFFFD') ? garbledKey(tree) : null;
  if (garbled === null) return tree;
  const detail = `the value of ${garbled.join('.')} is not in UTF-8`;
  throw invalidToml(path, text, [{ at: garbled, detail }], example);
}

/** The first key whose value holds what was no UTF-8, as Latin-1 and UTF-16 are; in a comment that does no harm. */
function garbledKey(tree: Tree, above: readonly string[] = []): string[] | null {
  for (const [key, value] of Object.entries(tree)) {
    const at = [...above, key];
    if (isTree(value)) {
      const inner = garbledKey(value, at);
      if (inner !== null) return inner;
    } else if (JSON.stringify(value).includes('\uFFFD')) return at;
  }
  return null;
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
  if (/[\0\uFFFD]/.test(line))
    throw configurationTexts.secretUnreadable({ key, file, detail: 'it is not in UTF-8' });
  if (line.trim() === '')
    throw configurationTexts.secretUnreadable({ key, file, detail: 'the file is empty' });
  return line.trim();
}

/** What is wrong, and at which key. */
export interface Problem {
  readonly at: readonly string[];
  readonly detail: string;
}

/** One problem per unknown key, with the nearest name that the schema knows there, and one per value that is wrong. */
export function problemsOf(schema: z.ZodType, issue: z.core.$ZodIssue, tree: Tree = {}): Problem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ at: path, detail: describeValue(path.join('.'), issue) }];
  const known = keysAt(schema, path);
  return issue.keys.map((key) => {
    const at = [...path, key];
    const close = nearest(key, known) ?? quotedSection(at, tree) ?? sectionOf(schema, key);
    const full = at.join('.');
    return {
      at,
      detail: close === null ? `unknown key ${full}` : `unknown key ${full} (did you mean ${close}?)`,
    };
  });
}

/** config-invalid: the line of the first problem stands beside the file's name, that of each other before it. */
export function invalidToml(
  path: string,
  text: string,
  problems: readonly Problem[],
  example: string,
): OperatorError {
  const [first] = problems;
  const line = first === undefined ? null : lineOfKey(text, first.at);
  return configurationTexts.configInvalid({
    file: line === null ? path : `${path}:${line}`,
    detail: problems
      .map(({ at, detail }, i) => {
        const own = i === 0 ? null : lineOfKey(text, at);
        return own === null ? detail : `line ${own}: ${detail}`;
      })
      .join('; '),
    example,
  });
}

/** The section that has a key of that very name, for one that stands in another. */
function sectionOf(schema: z.ZodType, key: string): string | null {
  const found = keysAt(schema, []).find((section) =>
    [keysAt(schema, [section]), keysAt(schema, [section, 'default'])].some((keys) => keys.includes(key)),
  );
  return found === undefined ? null : `[${found}] ${key}`;
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
function lineOfKey(text: string, path: readonly string[]): number | null {
  let best: { depth: number; line: number } | null = null;
  let table: string[] = [];
  text.split('\n').forEach((content, i) => {
    const header = /^\s*\[\[?([^\]]+)\]/.exec(content);
    const key = /^\s*((?:[\w-]+|"[^"]*")(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=/.exec(content);
    if (header !== null) table = splitKey((header[1] ?? '').trim());
    else if (key === null) return;
    const here = header !== null ? table : [...table, ...splitKey(key?.[1] ?? '')];
    const isAbove = here.every((word, at) => word === path[at]);
    // A heading of four words makes the table of its first three.
    const isBelow = header !== null && path.every((word, at) => word === here[at]);
    const depth = Math.min(here.length, path.length);
    if ((isAbove || isBelow) && depth > (best?.depth ?? 0)) best = { depth, line: i + 1 };
  });
  return (best as { line: number } | null)?.line ?? null;
}

const splitKey = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|([\w-]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
