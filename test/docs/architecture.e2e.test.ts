import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const foldersOf = (directory: string): string[] =>
  readdirSync(path.join(root, directory))
    .filter((name) => statSync(path.join(root, directory, name)).isDirectory())
    .map((name) => `${directory}/${name}/`);

/** Folders that the page names: `src/output/`. */
const named = new Set(
  [...page.matchAll(/`([a-z0-9-]+(?:\/[a-z0-9-]+)*\/)`/g)].map(([, folder]) => folder ?? ''),
);

describe('docs/architecture.md', () => {
  it('names folders that exist', () => {
    expect([...named].filter((folder) => !existsSync(path.join(root, folder)))).toEqual([]);
  });

  it('names every room', () => {
    const rooms = [
      ...foldersOf('src'),
      ...foldersOf('src/cli'),
      ...foldersOf('src/kit'),
      ...foldersOf('commands'),
    ];
    expect(rooms.filter((folder) => !named.has(folder))).toEqual([]);
  });

  it('fits a page', () => expect(page.split('\n').length).toBeLessThan(130));
});

/** Every import of a file of ours, also of types alone and those that are drawn late: from -> to. */
const imports = new Map(
  ['src', 'commands'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => {
        const file = path.join(top, name);
        const text = readFileSync(path.join(root, file), 'utf8');
        const targets = [...text.matchAll(/(?:\bfrom |\bimport\(\s*|^import )'(\.[^']+)'/gm)].map(
          ([, target]) => path.join(path.dirname(file), (target ?? '').replace(/\.js$/, '.ts')),
        );
        return [file, targets] as const;
      }),
  ),
);

/** Groups of files that lead back to themselves (Tarjan). */
function circles(): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) ?? 0);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group);
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

/* Which room may import which is the lint's (house/arrows in eslint.config.js). */
describe('imports', () => {
  it('lead nowhere in a circle', () => expect(circles()).toEqual([]));

  it('are of files that exist', () => {
    const missing = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) => !imports.has(target) && !existsSync(path.join(root, target)))
        .map((to) => `${file} -> ${to}`),
    );
    expect(missing).toEqual([]);
  });

  it('keep src/cli within twelve folders and thirty arrows between them', () => {
    const folderOf = (file: string): string => /^src\/cli\/([^/]+)\//.exec(file)?.[1] ?? '';
    const arrows = new Set(
      [...imports].flatMap(([file, targets]) =>
        targets
          .map((target) => [folderOf(file), folderOf(target)])
          .filter(([from, to]) => from !== '' && to !== '' && from !== to)
          .map(([from, to]) => `${from} -> ${to}`),
      ),
    );
    expect(foldersOf('src/cli').length).toBeLessThanOrEqual(12);
    expect(arrows.size).toBeLessThanOrEqual(30);
  });
});
