import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const run = (words: readonly string[], nodeOptions = ''): { stdout: string; stderr: string } => {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: '/tmp', NODE_ENV: 'production', NODE_OPTIONS: nodeOptions };
  const { stdout, stderr } = spawnSync(process.execPath, [...words], { cwd: root, env, encoding: 'utf8' });
  return { stdout, stderr };
};
/** Options of Node in what we ship and advise. */
const advised = [
  ...readdirSync(path.join(root, 'config/systemd')).map((name) => `config/systemd/${name}`),
  'docs/live.md',
  'docs/fr/live.md',
].flatMap((name) =>
  [...readFileSync(path.join(root, name), 'utf8').matchAll(/NODE_OPTIONS=(\S+)/g)].map(
    ([, options = '']) => options,
  ),
);

describe('the bundle', () => {
  it.each([...new Set(['', ...advised])])(
    'has compiled code that V8 takes, with NODE_OPTIONS=%s',
    (options) => {
      const script = `
      import { readFileSync } from 'node:fs';
      import { compiledFile, runBundle } from './bin/bundled.js';
      const { script, program } = runBundle(readFileSync(compiledFile()));
      console.log(script.cachedDataRejected, Object.keys(program.commands).length);`;
      const { stdout, stderr } = run(['--input-type=module', '-e', script], options);
      const commands = readdirSync(path.join(root, 'commands'), { recursive: true }).filter((name) =>
        String(name).endsWith('.ts'),
      );
      expect(stderr).toBe('');
      expect(stdout).toBe(`false ${commands.length}\n`);
    },
  );

  it('says the same as the files that it was made of, which serve with other options', () => {
    const options = '--max-old-space-size=400';
    const script = `
      import { existsSync } from 'node:fs';
      import { compiledFile } from './bin/bundled.js';
      console.log(compiledFile(), existsSync(compiledFile()), existsSync(compiledFile('')));`;
    const { stdout } = run(['--input-type=module', '-e', script], options);
    expect(stdout).toMatch(/--max-old-space-size=400\.v8 false true\n$/);
    for (const words of [
      ['live', 'statu'],
      ['live', 'status', '--config', '/none.toml'],
      ['migrate', 'recordings', '--bogus'],
      ['recorder', 'convert', '/none', '--output', '/none.mp4'],
    ])
      expect(run(['bin/run.js', ...words]), words.join(' ')).toEqual(run(['bin/run.js', ...words], options));
  });
});
