import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { testCardArguments } from '../../src/cluster/render/render-source.js';
import { startRehearsal } from '../../src/cli/cluster/demo.js';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';

// `npm run prove outages`: each component of the demo cluster is taken away in turn, and `cluster check` must say so by
// its exit status: never 0 while something is gone, 0 again when it is back.
const root = path.resolve(import.meta.dirname, '../..');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const size = { width: 320, height: 180, frameRate: 25 };
const rehearsal = await startRehearsal({ segmentSeconds: 1, copied: true, size });
let source: Child = rehearsal.source;

function check(): { status: number | null; said: string } {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['bin/dev.js', 'cluster', 'check', '--inventory', rehearsal.inventoryFile, '--timeout', '30'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, BBB2POD_STATE_DIR: rehearsal.directory } },
  );
  return { status, said: stdout.split('\n').find((line) => /^(?:CRITICAL|NOT CHECKED)/.test(line)) ?? '' };
}

/** Until everything is well again: the streams need a moment. */
async function wellAgain(): Promise<boolean> {
  for (let i = 0; i < 20; i++) {
    if (check().status === 0) return true;
    await pause(1000);
  }
  return false;
}

let failed = 0;
const report = (ok: boolean, what: string, said: string): void => {
  if (!ok) failed++;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${said}\n`);
};
try {
  if (!(await rehearsal.ready(90_000))) throw new Error('the rehearsal serves no playlist');
  report(await wellAgain(), 'everything is there', 'status 0');
  for (const node of ['lb1', 'broadcast1', 'broadcast2', 'ingest1', 'ingest2']) {
    await rehearsal.cluster.stopNode(node, 'SIGKILL');
    await pause(3000);
    const { status, said } = check();
    report(status !== 0, `${node} is gone`, `status ${status ?? '?'}: ${said}`);
    await rehearsal.cluster.startNode(node);
    report(await wellAgain(), `${node} is back`, 'status 0');
  }
  await source.stop('SIGKILL');
  await pause(3000);
  const { status, said } = check();
  report(status !== 0, 'the source is gone', `status ${status ?? '?'}: ${said}`);
  const { streaming } = rehearsal.inventory;
  if (streaming === undefined) throw new TypeError('the demo has a streaming cluster');
  source = await startChild({
    file: 'ffmpeg',
    args: testCardArguments(streaming, 'demo', size),
    diesWithParent: true,
  });
  report(await wellAgain(), 'the source is back', 'status 0');
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await source.stop();
  await rehearsal.stop();
}
