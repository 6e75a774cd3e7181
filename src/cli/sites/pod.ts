import type { PodDatabase } from '../../migrate/pod-port.js';
import type { Context } from '../kit/context.js';
import { missingKey } from '../kit/missing-key.js';
import { sqlOf } from './sql.js';
import { systemTexts } from '../../kit/errors/system.js';

/** Opens Pod's database, lazily: nothing is contacted before the first question. @throws OperatorError config-key-missing */
export async function podOf(context: Context): Promise<PodDatabase> {
  const { pod } = context.configuration;
  if (pod.database === undefined && pod.engine === undefined) throw missingKey(context, 'pod', 'database');
  const [{ openPodDatabase }, sql] = await Promise.all([
    import('../../pod/database/open-pod-database.js'),
    sqlOf(context, '[pod]', pod),
  ]);
  return openPodDatabase(sql, { siteId: pod.site_id, secretKey: pod.secret_key });
}

/** Takes the one lock of this Pod for the rest of the command. @throws OperatorError run-locked */
export async function lockPod(context: Context, pod: PodDatabase): Promise<void> {
  const lock = await pod.lock();
  if (lock === null) throw systemTexts.runLocked({ what: 'this Pod', holder: 'its lock is held' });
  context.closeWith(() => lock.release());
}
