import type { MayAsUser } from '../ports.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';

/**
 * Whether another account may read a file, or make files in a directory, as the system itself decides it (groups,
 * ACLs, read-only mounts). Only root may become somebody else; null for others.
 */
export const mayAsUser: MayAsUser = async (user, what, path, signal) => {
  if (process.getuid?.() !== 0) return null;
  const ask = async (test: '-r' | '-w' | '-x'): Promise<boolean> => {
    const { code } = await runToEnd({
      file: 'setpriv',
      args: ['--reuid', user, '--regid', user, '--init-groups', '--', '/usr/bin/test', test, path],
      signal,
      mustSucceed: false,
    });
    return code === 0;
  };
  return what === 'read' ? ask('-r') : (await ask('-w')) && (await ask('-x'));
};
