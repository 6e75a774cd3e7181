import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../../..');

export interface Page {
  /** Path below the root: `docs/fr/guide.md`. */
  readonly name: string;
  readonly text: string;
  /** Fenced blocks with their language, without the fences. */
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
  /** Inline code, as typed. */
  readonly spans: readonly string[];
}

/** README and every page of docs/ that people write or the code writes; decisions tell of their own day. */
export const pages: readonly Page[] = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('decisions/'))
    .map((name) => `docs/${name}`),
].map(readPage);

/** Files that a path with stars in its last part means: `src/doctor/check-*.ts`. */
export function filesLike(pattern: string): string[] {
  const directory = path.join(root, path.dirname(pattern));
  const name = new RegExp(`^${path.basename(pattern).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return existsSync(directory) ? readdirSync(directory).filter((file) => name.test(file)) : [];
}

function readPage(name: string): Page {
  const text = readFileSync(path.join(root, name), 'utf8');
  const blocks: { language: string; text: string }[] = [];
  const prose = text.replace(
    /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm,
    (_, indent: string, language: string, inside: string) => {
      blocks.push({ language, text: inside.replaceAll(new RegExp(`^${indent}`, 'gm'), '') });
      return '';
    },
  );
  // A row of a table writes | as \|, and two backticks enclose one.
  const spans = [...prose.matchAll(/(`+)(.+?)\1/gs)].map(([, , code = '']) =>
    code
      .replaceAll('\\|', '|')
      .replaceAll(/\s*\n\s*/g, ' ')
      .trim(),
  );
  return { name, text, blocks, spans };
}
