import os from 'node:os';

/* Keepers outlive whoever started them, as they should; those of a bench must not. A proof that is cut short by Ctrl-C
   or a supervisor ends what its benches started; a second signal does not wait for it. */

interface OpenBench {
  stop(): Promise<void>;
  describe(): string;
}

const open = new Set<OpenBench>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function noteBench(bench: OpenBench): void {
  if (open.size === 0) for (const signal of SIGNALS) process.on(signal, endOnSignal);
  open.add(bench);
}

export function forgetBench(bench: OpenBench): void {
  open.delete(bench);
  if (open.size === 0) for (const signal of SIGNALS) process.off(signal, endOnSignal);
}

/** State and logs of all lives of the benches that are open: for the message of a test that failed. */
export const describeBenches = (): string =>
  [...open]
    .map((bench) => {
      try {
        return bench.describe();
      } catch (error) {
        return `not to be described: ${String(error)}`;
      }
    })
    .join('\n');

let ending = false;

function endOnSignal(signal: NodeJS.Signals): void {
  const status = 128 + os.constants.signals[signal];
  if (ending) process.exit(status);
  ending = true;
  process.stderr.write(`${signal}: ending what the bench started…\n`);
  void Promise.allSettled([...open].map((bench) => bench.stop())).then(() => process.exit(status));
}
