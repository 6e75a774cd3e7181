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

  it('names every room and every door', () => {
    const rooms = [...foldersOf('src'), ...foldersOf('src/adapters'), ...foldersOf('commands')];
    expect(rooms.filter((folder) => !named.has(folder))).toEqual([]);
  });

  it('fits a page', () => expect(page.split('\n').length).toBeLessThan(130));
});

const USE_CASES = ['migrate', 'recorder', 'moodle', 'live', 'cluster', 'doctor'];
const SHARED = ['recordings', 'owners', 'batch', 'checks', 'codes', 'config', 'output'];

/** `from -> to` of every import between rooms of src that is not of types alone. */
function arrows(): Set<string> {
  const found = new Set<string>();
  for (const name of readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const file = path.join(root, 'src', name);
    const from = name.split('/')[0] ?? '';
    for (const [, , target] of readFileSync(file, 'utf8').matchAll(
      /^(import|export) (?!type )[^;]*?from '(\.[^']+)'/gms,
    )) {
      const to =
        path.relative(path.join(root, 'src'), path.resolve(path.dirname(file), target ?? '')).split('/')[0] ??
        '';
      if (to !== from && to !== '..') found.add(`${from} -> ${to}`);
    }
  }
  return found;
}

describe('arrows between rooms', () => {
  it('point from commands to use cases to shared rooms, and from nobody to adapters but src/cli', () => {
    const wrong = [...arrows()].filter((arrow) => {
      const [from = '', to = ''] = arrow.split(' -> ');
      if (from === 'cli') return false;
      if (SHARED.includes(to)) return false;
      if (from === 'adapters') return true;
      return to === 'adapters' || to === 'cli' || USE_CASES.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('lead from commands to src/cli alone, also those that are drawn late', () => {
    const wrong = readdirSync(path.join(root, 'commands'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [
          ...readFileSync(path.join(root, 'commands', name), 'utf8').matchAll(
            /'(?:\.\.\/)+(src\/\w+\/[^']*)'/g,
          ),
        ]
          .filter(([, target]) => target?.startsWith('src/cli/') !== true)
          .map(([, target]) => `commands/${name} -> ${target ?? ''}`),
      );
    expect(wrong).toEqual([]);
  });

  it('never lead from a shared room to a use case', () => {
    expect(
      [...arrows()].filter(
        (arrow) =>
          SHARED.includes(arrow.split(' ')[0] ?? '') && USE_CASES.includes(arrow.split(' -> ')[1] ?? ''),
      ),
    ).toEqual([]);
  });
});
