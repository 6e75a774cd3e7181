import { randomBytes } from 'node:crypto';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TryAsUser } from '../ports.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';

/**
 * Drops a file as a migration would, and tries as Pod's user to read, move and delete it. Only root may become
 * somebody else; null for others, and for a user that this machine does not know.
 */
export const tryAsUser: TryAsUser = async (user, directory, { mode, owner, signal }) => {
  if (process.getuid?.() !== 0) return null;
  const known = await runToEnd({ file: 'getent', args: ['passwd', user], signal, mustSucceed: false });
  if (known.code !== 0) return null;
  const first = path.join(directory, `.bbb2pod-probe-${randomBytes(4).toString('hex')}.part`);
  const second = first.replace(/\.part$/, '2.part');
  const asUser = async (...command: string[]): Promise<boolean> => {
    const { code } = await runToEnd({
      file: 'setpriv',
      args: ['--reuid', user, '--regid', await groupOf(user, signal), '--init-groups', '--', ...command],
      signal,
      mustSucceed: false,
    });
    return code === 0;
  };
  try {
    await writeFile(first, 'probe', { flag: 'wx', mode });
    await chmod(first, mode);
    if (owner !== null) await runToEnd({ file: 'chown', args: ['--', owner, first], signal });
    const canRead = await asUser('cat', '--', first);
    const canMove = await asUser('mv', '-T', '--', first, second);
    const canDelete = await asUser('rm', '--', canMove ? second : first);
    return { canRead, canMove, canDelete };
  } finally {
    await rm(first, { force: true });
    await rm(second, { force: true });
  }
};

async function groupOf(user: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await runToEnd({ file: 'id', args: ['-g', '--', user], signal });
  return stdout.toString().trim();
}
