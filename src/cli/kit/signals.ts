import { hasTerminal } from '../../kit/adapters/process/foreground.js';
import { signalStatus } from './exit-status.js';
import { systemTexts } from '../../kit/errors/system.js';

/**
 * Turns SIGINT, SIGTERM and a deliberate SIGHUP into one AbortSignal whose reason is an OperatorError with
 * the right exit status. The first asks, the second of the same kind kills.
 * A SIGHUP that comes from a closing terminal is ignored: a batch outlives its session.
 */
export function listenToSignals(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const hadTerminal = hasTerminal();
  const onSignal = (name: NodeJS.Signals): void => {
    if (name === 'SIGHUP' && hadTerminal && !hasTerminal()) return;
    if (controller.signal.aborted) {
      stop();
      process.kill(process.pid, name);
      return;
    }
    controller.abort(systemTexts.interrupted({ signal: name }, { exitStatus: signalStatus[name] ?? 1 }));
  };
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) process.on(name, onSignal);
  const stop = (): void => {
    for (const name of names) process.off(name, onSignal);
  };
  return { signal: controller.signal, stop };
}
