// Builds dist/ and the manifest from nothing: stale output would stay a live command.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tool = (name) => path.join(root, 'node_modules', '.bin', name);
for (const stale of ['dist', 'oclif.manifest.json'])
  rmSync(path.join(root, stale), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.json']);
run('oclif', ['manifest']);

function run(name, args) {
  const environment = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(tool(name), args, {
    cwd: root,
    stdio: ['ignore', name === 'tsc' ? 'inherit' : 'ignore', 'inherit'],
    env: environment,
  });
  if (status !== 0) process.exit(status ?? 1);
}
