import path from 'node:path';
import type { PasswordSource } from '../../pod/backup.js';
import { OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import type { Speaker } from '../kit/speaker.js';
import { words } from './words.js';

/**
 * Saves the tables a run may touch before its first write and says how to put them back; without a directory it
 * says which command saves them by hand.
 */
export async function backUpOrTell(
  context: Context,
  directory: string | undefined,
  speaker: Speaker,
): Promise<void> {
  const { backupCommand } = await import('../../pod/backup.js');
  const { databaseSettings } = await import('../../kit/adapters/sql/settings.js');
  if (directory !== undefined) return backUp(context, directory, speaker);
  const settings = databaseSettings('[pod]', context.configuration.pod);
  speaker.say(words.noBackup({ command: backupCommand(settings, passwordSource(context)) }));
}

/** Where the password of `[pod]` came from, when a shell can take it from there as well. */
function passwordSource({ loaded: { origins } }: Context): PasswordSource {
  for (const [key, kind] of [
    ['pod.database', 'url-file'],
    ['pod.password', 'password-file'],
  ] as const) {
    const [given = '', path] = origins.get(key)?.split(' -> ') ?? [];
    if (path !== undefined) return { kind, path };
    // Our own environment is taken away from programs that we start, not from the shell that started us.
    if (key === 'pod.password' && given.startsWith('BBB2POD_')) return { kind: 'environment', name: given };
  }
  return null;
}

/** A cleanup always saves first; where no dump program is, the journal's whole rows are what undo needs. */
export async function backUpBeforeCleanup(
  context: Context,
  directory: string | undefined,
  speaker: Speaker,
): Promise<void> {
  try {
    await backUp(context, directory ?? path.join(context.stateDirectory, 'backups'), speaker);
  } catch (error) {
    const isMissing = error instanceof OperatorError && /^(?:program|package)-missing$/.test(error.code);
    if (!isMissing || directory !== undefined) throw error;
    speaker.say(words.backupFailed({ why: shownFailure(error).text }));
  }
}

async function backUp(context: Context, directory: string, speaker: Speaker): Promise<void> {
  const [{ backUpPod }, { openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../pod/backup.js'),
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const { signal } = context;
  const database = openDatabase(databaseSettings('[pod]', context.configuration.pod), { signal });
  try {
    const { file, restore } = await backUpPod(database, { directory, now: Date.now(), signal });
    speaker.say(words.saved({ file, command: restore }));
  } finally {
    await database.close();
  }
}
