// `npm run docs`: writes the pages that come from the code; `npm run docs pictures` draws the README's pictures.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const [program, words] =
  process.argv[2] === 'pictures'
    ? [
        process.execPath,
        ['--import', 'tsx', path.join(root, 'test/docs/pictures.ts'), ...process.argv.slice(3)],
      ]
    : [path.join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'e2e', 'test/docs']];
const { status } = spawnSync(program, words, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, WRITE_DOCS: '1' },
});
process.exitCode = status ?? 1;
