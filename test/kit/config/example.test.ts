import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration } from '../../../src/kit/config/load.js';
import { configurationSchema, namedSections } from '../../../src/kit/config/schema.js';
import { Secret } from '../../../src/kit/config/secret.js';

const root = path.resolve(import.meta.dirname, '../../..');
const file = path.join(root, 'config/bbb2pod.example.toml');
const text = readFileSync(file, 'utf8');
const load = (toml: string) =>
  loadConfiguration({ file: { path: file, text: toml }, environment: {}, readSecretFile: () => 'a secret' });

/** Keys of a schema as the file writes them: `pod.url`, `bbb.url`, `timezone`. */
function schemaKeys(): string[] {
  return Object.entries(configurationSchema.shape).flatMap(([section, schema]) => {
    const inner: unknown =
      namedSections[section] ?? (schema instanceof z.ZodPrefault ? schema.unwrap() : schema);
    return inner instanceof z.ZodObject
      ? Object.keys(inner.shape).map((key) => `${section}.${key}`)
      : [section];
  });
}

/** Keys that the example mentions, set or commented. */
function mentionedKeys(): Set<string> {
  const keys = new Set<string>();
  let section = '';
  for (const line of text.split('\n')) {
    const header = /^(?:# )?\[([a-z_]+)(?:\.[a-z]+)?\]\s*$/.exec(line)?.[1];
    const key = /^(?:# )?([a-z_0-9]+) = /.exec(line)?.[1];
    if (header !== undefined) section = header;
    else if (key !== undefined) keys.add(section === '' ? key : `${section}.${key}`);
  }
  return keys;
}

describe('config/bbb2pod.example.toml', () => {
  it('loads as it is', () => {
    expect(load(text).configuration.bbb['default']?.url).toContain('bbb.univ.fr');
  });

  it('mentions every key of the schema: add yours, commented, with its default', () => {
    const mentioned = mentionedKeys();
    expect(schemaKeys().filter((key) => !mentioned.has(key))).toEqual([]);
  });

  it('mentions no key that does not exist', () => {
    const known = new Set(schemaKeys());
    expect(
      [...mentionedKeys()].filter((key) => !known.has(key) && !known.has(key.replace(/_file$/, ''))),
    ).toEqual([]);
  });

  it('gives valid values in its commented lines too', () => {
    let section = '';
    for (const line of text.split('\n')) {
      const header = /^(?:# )?\[([a-z_]+(?:\.[a-z]+)?)\]\s*$/.exec(line)?.[1];
      if (header !== undefined) section = header;
      const assignment = /^# ([a-z_0-9]+ = .*)$/.exec(line)?.[1];
      if (assignment === undefined) continue;
      expect(() => load(`${section === '' ? '' : `[${section}]\n`}${assignment}\n`), line).not.toThrow();
    }
  });

  it('shows the real defaults where a key has one', () => {
    const defaults = load('').configuration;
    const differing: string[] = [];
    let section = '';
    for (const line of text.split('\n')) {
      const header = /^(?:# )?\[([a-z_]+)(?:\.[a-z]+)?\]\s*$/.exec(line)?.[1];
      if (header !== undefined) section = header;
      const key = /^# ([a-z_0-9]+) = /.exec(line)?.[1];
      if (key === undefined || section === '' || section in namedSections) continue;
      const ours: unknown = (defaults[section as keyof typeof defaults] as Record<string, unknown>)[key];
      if (ours === undefined || (Array.isArray(ours) && ours.length === 0)) continue;
      const shown = load(`[${section}]\n${line.slice(2)}\n`).configuration;
      const value: unknown = (shown[section as keyof typeof shown] as Record<string, unknown>)[key];
      if (JSON.stringify(value) !== JSON.stringify(ours)) differing.push(`${section}.${key}`);
    }
    expect(differing).toEqual([]);
  });

  it('has no key that changes nothing: each arrives, and is read outside the configuration', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith(path.join('kit', 'config')))
      .map((name) => readFileSync(path.join(root, 'src', name), 'utf8').replace(COMMENTS_AND_TEXTS, ' '));
    const isRead = (section: string, key: string): boolean => {
      // Keys of two words are named like nothing else; of the others, whoever reads one knows the section.
      const word = new RegExp(`[.{,\\s]${key}\\b`);
      const place = new RegExp(
        `\\b(?:${section}|section|settings|sections|${section}Section|configuration)\\b`,
        'i',
      );
      return sources.some((source) => word.test(source) && (key.includes('_') || place.test(source)));
    };
    const idle = schemaKeys().filter((dotted) => {
      const [section = '', key = section] = dotted.split('.');
      return !isRead(section, key);
    });
    expect(idle).toEqual([]);
    expect(isRead('migrate', 'no_such_key')).toBe(false);
  });

  it('takes another value of every key over from the file', () => {
    const plain = load('').configuration;
    const unmoved: string[] = [];
    for (const dotted of schemaKeys()) {
      const [section = '', key] = dotted.split('.');
      const values = [
        '"x1"',
        '17',
        'true',
        'false',
        '["x"]',
        '["email"]',
        '"https://x.example"',
        '"640"',
        '"3M"',
        '"1x1"',
      ].concat(
        '"320x240"',
        '"a:1"',
        '"UTC"',
        '"4.3.0"',
        '{ fr = "x", en = "y" }',
        '{ X = "x" }',
        choicesOf(section, key),
      );
      const at = key === undefined ? '' : `[${section}]\n`;
      const moves = values.some((value) => {
        try {
          return (
            JSON.stringify(seen(load(`${at}${key ?? section} = ${value}\n`).configuration)) !==
            JSON.stringify(seen(plain))
          );
        } catch {
          return false;
        }
      });
      if (!moves) unmoved.push(dotted);
    }
    expect(unmoved).toEqual([]);
  });
});

/** What stands in comments and strings reads nothing. */
const COMMENTS_AND_TEXTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'/g;

/** Every choice of an enumeration. */
function choicesOf(section: string, key: string | undefined): string[] {
  const schema: unknown = namedSections[section] ?? configurationSchema.shape[section as 'pod'];
  const inner: unknown = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject) || key === undefined) return [];
  let field: unknown = inner.shape[key];
  while (field instanceof z.ZodDefault || field instanceof z.ZodOptional) field = field.unwrap();
  return field instanceof z.ZodEnum ? field.options.map((choice) => `"${String(choice)}"`) : [];
}

/** A configuration with its secrets in sight. */
const seen = (value: unknown): unknown => {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, seen(inner)]));
};
