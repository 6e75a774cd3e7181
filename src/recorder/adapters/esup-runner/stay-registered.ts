import { OperatorError } from '../../../kit/errors/operator-error.js';
import { wakeableSleep } from '../../../kit/wakeable-sleep.js';
import type { ManagerClient, Registration } from './manager-client.js';

/** Waiting times towards the manager; those of esup-runner's own runner by default (runner/app/services/manager_service.py). */
export interface RunnerIntervals {
  readonly heartbeatMs: number;
  /** Before another try to register; doubled up to the longest. */
  readonly registerMs: number;
  readonly longestMs: number;
}
export const RUNNER_INTERVALS: RunnerIntervals = {
  heartbeatMs: 15_000,
  registerMs: 15_000,
  longestMs: 300_000,
};

export interface Registered {
  /** Whether the manager counts with us now. */
  readonly is: () => boolean;
  /** Tells a change of availability at once. */
  readonly tell: () => void;
  /** Ends when the signal stops it. */
  readonly ended: Promise<void>;
}

export interface RegistrationSettings {
  readonly intervals: RunnerIntervals;
  readonly signal: AbortSignal;
  /** Told each time the manager has taken us on. */
  readonly onRegistered: () => void;
  readonly onTrouble: (text: string) => void;
}

/** `1.7.0` for `1.7.1`: the manager compares MAJOR and MINOR (manager/app/core/auth.py, verify_runner_version). */
export const versionToSend = (managerVersion: string): string => {
  const [major = '0', minor = '0'] = managerVersion.split('.');
  return `${major}.${minor}.0`;
};

/** Failures after which the manager knows us no more but may do so at once: it was upgraded, or started again. */
const AT_ONCE = new Set(['manager-version-differs', 'manager-forbidden']);

/**
 * Registers, heartbeats, and registers again whatever happens: the manager was restarted, upgraded (409) or not reachable.
 * @param who what is told of us, asked anew each time
 */
export function stayRegistered(
  manager: ManagerClient,
  who: () => Registration,
  { intervals, signal, onRegistered, onTrouble }: RegistrationSettings,
): Registered {
  const state: { version: string | null } = { version: null };
  const isStopped = (): boolean => signal.aborted;
  let pauseMs = intervals.registerMs;
  const { sleep, wake } = wakeableSleep(signal);
  const register = async (): Promise<void> => {
    await manager.health();
    const wanted = versionToSend(await manager.version());
    await manager.register(who(), wanted);
    state.version = wanted;
    pauseMs = intervals.registerMs;
    onRegistered();
  };
  const lost = (error: unknown): boolean => {
    state.version = null;
    const failure = error instanceof OperatorError ? error : null;
    onTrouble(failure === null ? String(error) : `${failure.code}: ${failure.message}`);
    return failure !== null && AT_ONCE.has(failure.code);
  };
  const ended = (async () => {
    let again = false;
    while (!isStopped()) {
      if (state.version === null) {
        try {
          await register();
          again = false;
        } catch (error) {
          lost(error);
          if (isStopped()) return;
          await sleep(pauseMs);
          pauseMs = Math.min(pauseMs * 2, intervals.longestMs);
          continue;
        }
      }
      await sleep(intervals.heartbeatMs);
      if (isStopped()) return;
      try {
        await manager.heartbeat(who().id, who().availability, state.version ?? '');
      } catch (error) {
        // Twice in a row is no restart: another runner has our id, or the token is another one.
        const atOnce = lost(error) && !again;
        again = true;
        if (!atOnce) await sleep(pauseMs);
      }
    }
  })();
  return { is: () => state.version !== null && !isStopped(), tell: wake, ended };
}
