import { createHash } from 'node:crypto';
import { findGroup, findUser } from '../../kit/adapters/process/accounts.js';
import path from 'node:path';
import type { ClaimFiles } from '../../migrate/claim-files.js';
import type { Context } from '../kit/context.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

/** The recorder's directory, with the owner and mode that `[pod] file_owner, file_mode` ask for. */
export async function claimFilesOf(context: Context): Promise<ClaimFiles> {
  const [{ openClaimFiles }, { takeClaimWork }] = await Promise.all([
    import('../../migrate/adapters/claim-files.js'),
    import('../../migrate/adapters/claim-work.js'),
  ]);
  return {
    ...openClaimFiles(claimOwnership(context)),
    takeWork: (recordId) => takeClaimWork(claimWorkDirectory(context, recordId)),
  };
}

/** Below it the files of claims grow. */
export const claimWorkRoot = ({ configuration, stateDirectory }: Context): string =>
  configuration.recorder.work_dir ?? path.join(stateDirectory, 'work');

/** Where the file of a recording (or of a job) grows, out of Pod's sight. The id comes from outside: its hash names the folder. */
export function claimWorkDirectory(context: Context, id: string): string {
  return path.join(claimWorkRoot(context), createHash('sha256').update(id).digest('hex').slice(0, 16));
}

/** `[pod] file_owner, file_mode` as numbers, which hold on any server of a shared directory. */
export function claimOwnership(context: Context): {
  owner: { uid: number; gid: number } | null;
  mode: number | null;
} {
  const { file_owner: owner, file_mode: mode } = context.configuration.pod;
  return {
    owner: owner === undefined ? null : idsOf(owner),
    mode: mode === undefined ? null : Number.parseInt(mode, 8),
  };
}

/** `pod:www-data`, `pod` or `33:33` as numbers. @throws OperatorError config-invalid */
function idsOf(text: string): { uid: number; gid: number } {
  const [user = '', group] = text.split(':');
  const account = findUser(user);
  const unknown = (name: string): never => {
    throw configurationTexts.configInvalid({
      file: '[pod] file_owner',
      detail: `${name} is not known on this machine`,
      example: 'bbb2pod init',
    });
  };
  const uid = /^\d+$/.test(user) ? Number(user) : (account?.uid ?? unknown(user));
  if (group === undefined) return { uid, gid: account?.gid ?? unknown(user) };
  return {
    uid,
    gid: /^\d+$/.test(group) ? Number(group) : (findGroup(group)?.gid ?? unknown(group)),
  };
}
