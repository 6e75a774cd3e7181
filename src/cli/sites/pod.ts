import type { PodDatabase } from '../../migrate/pod-port.js';
import type { Context } from '../kit/context.js';
import { missingKey } from '../kit/missing-key.js';
import { systemTexts } from '../../kit/errors/system.js';

/** Opens Pod's database, lazily: nothing is contacted before the first question. @throws OperatorError config-key-missing */
export async function podOf(context: Context): Promise<PodDatabase> {
  const { pod } = context.configuration;
  if (pod.database === undefined && pod.engine === undefined) throw missingKey(context, 'pod', 'database');
  const [{ openPodDatabase }, { openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../pod/database/open-pod-database.js'),
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const sql = openDatabase(databaseSettings('[pod]', pod), {
    signal: context.signal,
    stateDirectory: context.stateDirectory,
  });
  const database = openPodDatabase(sql, { siteId: pod.site_id, secretKey: pod.secret_key });
  context.closeWith(() => database.close());
  return database;
}

/** Takes the one lock of this Pod for the rest of the command. @throws OperatorError run-locked */
export async function lockPod(context: Context, pod: PodDatabase): Promise<void> {
  const lock = await pod.lock();
  if (lock === null) throw systemTexts.runLocked({ what: 'this Pod', holder: 'its lock is held' });
  context.closeWith(() => lock.release());
}
