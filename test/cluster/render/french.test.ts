import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import type { RenderedFile } from '../../../src/cluster/render/layout.js';
import { showIn } from '../../../src/kit/language.js';

const EXAMPLE = readFileSync('config/cluster.example.toml', 'utf8');
const VARIANTS: readonly (readonly [string, (text: string) => string])[] = [
  ['the example', (text) => text],
  ['MediaMTX', (text) => text.replace(/^\[streaming\]$/m, '[streaming]\nserver = "mediamtx"')],
];

function render(language: 'en' | 'fr', change: (text: string) => string): RenderedFile[] {
  showIn(language);
  const inventory = loadInventory({ path: 'cluster.toml', text: change(EXAMPLE) }, () => 'secret');
  return renderCluster(inventory, loadTemplates());
}

/** What programs read: lines without comments, remarks behind commands left out. */
const toldPrograms = ({ text }: RenderedFile): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#|\/\/)/.test(line))
    .map((line) => line.replace(/\s{3,}# .*$/, ''));

/** Commands of a runbook, by their fences. */
const commandsOf = (file: RenderedFile): string[] =>
  [...file.text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, inside = '']) =>
    toldPrograms({ ...file, text: inside }),
  );

/** Words that no French sentence has, nor a name, a key or a command of ours. */
const ENGLISH =
  /\b(the|and|with|from|which|this|that|must|its|when|then|every|only|written|stays|viewers|open the)\b/i;

const proseOf = ({ text }: RenderedFile): string =>
  text
    .replaceAll(/^```sh\n[^]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
    .replaceAll(/«[^»]*»/g, '');

describe.each(VARIANTS)('rendered in French: %s', (_, change) => {
  afterEach(() => showIn('en'));

  it('has the same files, and the same in them for programs', () => {
    const english = render('en', change);
    const french = render('fr', change);
    expect(french.map(({ node, path, mode }) => [node, path, mode])).toEqual(
      english.map(({ node, path, mode }) => [node, path, mode]),
    );
    french.forEach((file, i) => {
      const other = english[i];
      if (other === undefined) throw new Error('no such file in English');
      const read = file.path.endsWith('.md') ? commandsOf : toldPrograms;
      expect(read(file), `${file.node}/${file.path}`).toEqual(read(other));
    });
  });

  it('has runbooks and comments without an English sentence', () => {
    for (const file of render('fr', change)) {
      const where = `${file.node}/${file.path}`;
      if (file.path.endsWith('.md')) {
        expect(proseOf(file).match(ENGLISH), where).toBeNull();
        for (const line of file.text.match(/ {3}# .*$/gm) ?? [])
          expect(line.match(ENGLISH), where).toBeNull();
      } else if (!/\.(js|css|html|json)$/.test(file.path))
        for (const line of file.text.match(/^\s*# .*$/gm) ?? [])
          expect(line.replaceAll(/`[^`]*`/g, '').match(ENGLISH), `${where}: ${line}`).toBeNull();
    }
  });
});

it('every comment of a template has its French, with the same values to fill in', () => {
  const { 'comments.fr.json': french = '{}', ...templates } = loadTemplates();
  const known = JSON.parse(french) as Record<string, string>;
  const said = Object.entries(templates)
    .filter(([name]) => !/^(player|runbooks)\//.test(name) && name !== 'hls.min.js')
    .flatMap(([, text]) => [...text.matchAll(/^[ \t]*# (.*)$/gm)].map(([, line = '']) => line));
  expect(said.filter((line) => known[line] === undefined)).toEqual([]);
  expect(Object.keys(known).filter((line) => !said.includes(line))).toEqual([]);
  const fields = (line: string): string[] => (line.match(/\{\{\w+\}\}/g) ?? []).toSorted();
  for (const [line, translated] of Object.entries(known))
    expect(fields(translated), line).toEqual(fields(line));
});

it('every page of the runbooks has its French, with the same values, sections and steps', () => {
  const templates = loadTemplates();
  const pagesIn = (language: string): string[] =>
    Object.keys(templates)
      .filter((name) => name.startsWith(`runbooks/${language}/`))
      .map((name) => name.slice(`runbooks/${language}/`.length));
  const marks = (name: string): string[] => templates[name]?.match(/\{\{[^}]+\}\}|^## /gm) ?? [];
  expect(pagesIn('fr').toSorted()).toEqual(pagesIn('en').toSorted());
  for (const page of pagesIn('en'))
    expect(marks(`runbooks/fr/${page}`), page).toEqual(marks(`runbooks/en/${page}`));
});
