import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { frenchSpaces } from '../../src/kit/french.js';
import { displayWidth } from '../../src/kit/output/text.js';

/** What is said in place (`localized(en, fr)`), read from the source; tables of words: words.test.ts. */
const sourceRoot = path.resolve(import.meta.dirname, '../../src');

interface Said {
  readonly at: string;
  readonly en: string;
  readonly fr: string;
  readonly values: { readonly en: string; readonly fr: string };
}

function saidIn(file: string): Said[] {
  const text = readFileSync(path.join(sourceRoot, file), 'utf8');
  if (!text.includes('localized(')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Said[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || node.expression.getText() !== 'localized') return;
    const [en, fr] = node.arguments;
    if (!en || !fr || !isText(en) || !isText(fr)) return;
    const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    found.push({ at, en: shown(en), fr: shown(fr), values: { en: values(en), fr: values(fr) } });
  };
  visit(source);
  return found;
}

type Text = ts.TemplateExpression | ts.StringLiteralLike;

const isText = (node: ts.Node): node is Text => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/** The text with a value of two characters in each place; a command, a path or a list has a line of its own. */
const shown = (node: Text): string =>
  ts.isTemplateExpression(node)
    ? node.head.text +
      node.templateSpans
        .map(
          ({ expression, literal }) =>
            (/command|path|file|address|url|names/i.test(expression.getText()) ? 'x' : '12') + literal.text,
        )
        .join('')
    : node.text;

/** The names of the values that a text tells; words that only follow a number (`plural(…)`) are the language's own. */
const values = (node: Text): string =>
  ts.isTemplateExpression(node)
    ? [...new Set(node.templateSpans.flatMap(({ expression }) => namesIn(expression)))].sort().join(' ')
    : '';

function namesIn(node: ts.Node): string[] {
  if (ts.isCallExpression(node) && /^(?:plural|inEnglish)$/.test(node.expression.getText())) return [];
  if (ts.isCallExpression(node)) return node.arguments.flatMap(namesIn);
  if (ts.isConditionalExpression(node)) return [];
  if (ts.isPropertyAccessExpression(node)) return [node.getText()];
  if (ts.isIdentifier(node)) return [node.text];
  return node.getChildren().flatMap(namesIn);
}

const said = readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap(saidIn);

describe('what is said in place', () => {
  it('is found in the source', () => {
    expect(said.length).toBeGreaterThan(10);
  });

  it('tells the same values in both languages', () => {
    expect(said.filter(({ values: { en, fr } }) => en !== fr)).toEqual([]);
  });

  it('is not the English text in French', () => {
    const same = said.filter(({ en, fr }) => en === fr && /[a-z]{4,} [a-z]{3,}/.test(en));
    expect(same).toEqual([]);
  });

  it('keeps the marks of French at their words', () => {
    const loose = / [;!?%](?:\s|$)| :(?:\s|$)|« | »/;
    expect(said.filter(({ fr }) => loose.test(frenchSpaces(fr)))).toEqual([]);
  });

  it.each(['en', 'fr'] as const)('keeps comments of files within 80 columns in %s', (language) => {
    const lines = said.flatMap((one) => one[language].split('\n').filter((line) => line.startsWith('#')));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });
});
