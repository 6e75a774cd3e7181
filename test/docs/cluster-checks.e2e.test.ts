import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIds, explainCheck, findingCodes } from '../../src/cluster/check/explain.js';
import { renderChecksPage } from '../../src/cluster/check/render-checks-page.js';

const docs = path.resolve(import.meta.dirname, '../../docs');

describe('pages of cluster checks', () => {
  it.each([
    ['en', 'cluster-checks.md'],
    ['fr', 'fr/cluster-checks.md'],
  ] as const)('in %s are up to date: npm run docs writes them', (language, name) => {
    const file = path.join(docs, name);
    const text = renderChecksPage(language);
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8') === text, `${name} is not what the checks say: npm run docs`).toBe(
      true,
    );
  });

  it('has all checks of the four systems, each with findings and a story', () => {
    const wanted = [
      ...Array.from({ length: 19 }, (_, i) => `J${String(i + 1).padStart(2, '0')}`),
      ...Array.from({ length: 20 }, (_, i) => `P${String(i + 1).padStart(2, '0')}`),
      ...Array.from({ length: 38 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`),
      ...Array.from({ length: 21 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`),
    ];
    expect(checkIds()).toEqual(wanted);
    expect(wanted.filter((id) => findingCodes(id).length === 0)).toEqual([]);
    expect(
      wanted.filter((id) =>
        explainCheck(id)
          .split('\n')
          .some((line) => line.length > 110 && line.includes('  ')),
      ),
    ).toEqual([]);
  });
});
