import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration } from '../../../src/kit/config/load.js';
import { configurationSchema, namedSections } from '../../../src/kit/config/schema.js';

const file = path.resolve(import.meta.dirname, '../../../config/bbb2pod.example.toml');
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
});
