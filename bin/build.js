// Builds dist/, the manifest and the prepared help from nothing: stale output would stay a live command.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tool = (name) => path.join(root, 'node_modules', '.bin', name);
for (const stale of ['dist', 'oclif.manifest.json'])
  rmSync(path.join(root, stale), { recursive: true, force: true });
run(tool('tsc'), ['-p', 'tsconfig.json']);
run(tool('oclif'), ['manifest']);
run(process.execPath, ['bin/prepare-help.js']);
run(process.execPath, ['bin/bundle.js']);
// The one file that rendered player pages need: its package is thirty megabytes.
mkdirSync(path.join(root, 'dist/vendor'));
for (const name of ['dist/hls.min.js', 'LICENSE'])
  copyFileSync(
    path.join(root, 'node_modules/hls.js', name),
    path.join(root, 'dist/vendor', name === 'LICENSE' ? 'hls.min.js.LICENSE' : path.basename(name)),
  );

// For `bbb2pod --version`: which commit, and whether more than it was built.
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
const commit = git('rev-parse', '--short=10', 'HEAD');
if (commit.status === 0) {
  const changed = git('status', '--porcelain', '--untracked-files=no').stdout.trim() !== '';
  writeFileSync(path.join(root, 'dist/commit'), `${commit.stdout.trim()}${changed ? '-changed' : ''}\n`);
}

/** Runs a step; what it says is shown only when it fails. */
function run(file, args) {
  const environment = { ...process.env, NODE_ENV: 'production', COLUMNS: '80', NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: root, env: environment, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
}
