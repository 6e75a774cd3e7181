/* A batch that goes on until it is told to end: `signals-child.ts FILE` writes there what it was told. */
import { appendFileSync } from 'node:fs';
import { listenToSignals } from '../../src/cli/kit/signals.js';

const file = process.argv[2] ?? '';
const { signal, stop } = listenToSignals();
process.stderr.on('error', () => undefined);
const ticking = setInterval(() => {
  process.stderr.write('talk\n');
  appendFileSync(file, 'at work\n');
}, 50);
signal.addEventListener('abort', () => {
  clearInterval(ticking);
  stop();
  const { exitStatus } = signal.reason as { exitStatus: number };
  appendFileSync(file, `ended ${exitStatus}\n`);
  process.exitCode = exitStatus;
});
appendFileSync(file, `pid ${process.pid}\n`);
