import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/kit/errors/code.js';
import { catalog } from '../../src/cli/kit/catalog.js';
import { renderCodes } from '../../src/cli/setup/render-codes.js';

const docs = path.resolve(import.meta.dirname, '../../docs');

describe('pages of codes', () => {
  it.each([
    ['en', 'codes.md'],
    ['fr', 'fr/codes.md'],
  ] as const)('in %s are up to date: npm run docs writes them', (language, name) => {
    const file = path.join(docs, name);
    const text = renderCodes(language);
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8') === text, `${name} is not what the codes say: npm run docs`).toBe(true);
  });
});

describe('codes', () => {
  it('fill in the same words in both languages', () => {
    const words = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
    const different = (Object.keys(catalog) as Code[]).filter((code) => {
      const { en, fr } = catalog[code];
      return words(en.text) !== words(fr.text);
    });
    expect(different).toEqual([]);
  });

  it('are kebab-case (checks of clusters begin with their number), and errors say what to do', () => {
    const codes = Object.keys(catalog) as Code[];
    expect(codes.filter((code) => !/^(?:[SJPR]\d\d|[a-z0-9]+)(?:-[a-z0-9]+)*$/.test(code))).toEqual([]);
    const silent = codes.filter((code) => {
      const { severity, en } = catalog[code];
      return (severity === 'error' || severity === 'critical') && en.remedy === '' && code !== 'declined';
    });
    expect(silent).toEqual([]);
  });
});
