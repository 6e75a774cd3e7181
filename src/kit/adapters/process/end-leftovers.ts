import { pause } from '../../pause.js';
import { isAlive, signalProcess, type ProcessIdentity } from './identity.js';

/**
 * Ends processes (and the groups they lead) whose own supervisor is gone: politely, and by force after the grace.
 * Returns when none of them runs any more, or a second after SIGKILL.
 */
export async function endLeftovers(processes: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const running = processes.filter((process) => signalProcess(process, signal, 'group'));
    running.forEach((process) => signalProcess(process, 'SIGCONT', 'group'));
    const deadline = Date.now() + (signal === 'SIGTERM' ? graceMs : 1000);
    while (running.some(({ pid, startTime }) => isAlive(pid, startTime)) && Date.now() < deadline)
      await pause(50);
  }
}
