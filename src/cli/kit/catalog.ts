import { batchTexts } from '../../kit/batch/texts.js';
import { texts as moodleSiteTexts } from '../../moodle-site/texts.js';
import { texts as bbbServerTexts } from '../../bbb-server/texts.js';
import { texts as chromiumTexts } from '../../chromium/texts.js';
import { texts as bbbTexts } from '../../bbb/texts.js';
import { checkTexts } from '../../kit/errors/checks.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { texts as moodleTexts } from '../../moodle/texts.js';
import { texts as ownersTexts } from '../../owners/texts.js';
import { sincePlanTexts } from '../../migrate/since-plan-texts.js';
import { greenlightOwnerTexts } from '../../owners/greenlight-texts.js';
import { texts as greenlightTexts } from '../../greenlight/texts.js';
import { databaseTexts } from '../../kit/errors/database.js';
import { texts as podTexts } from '../../pod/texts.js';
import { texts as liveTexts } from '../../live/texts.js';
import { processTexts } from '../../kit/errors/process.js';
import { texts as doctorTexts } from '../../doctor/texts.js';
import { doctorLiveTexts } from '../../doctor/texts-live.js';
import { doctorQueueTexts } from '../../doctor/texts-queue.js';
import { mailTexts } from '../../kit/errors/mail.js';
import { texts as initTexts } from '../setup/texts.js';
import { httpTexts } from '../../kit/errors/http.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import { queueTexts } from '../../recorder/queue-texts.js';
import { runnerTexts } from '../../recorder/esup-runner/texts.js';
import { texts as recorderTexts } from '../../recorder/texts.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import { clusterInventoryTexts } from '../../cluster/texts/inventory.js';
import { checkClusterCodes } from '../../cluster/texts/check-codes.js';
import { systemTexts } from '../../kit/errors/system.js';

/** Every code of the product, from the texts of each room: for the pages of codes, `--explain` and the tests. */
export const catalog = {
  ...batchTexts.codes,
  ...moodleSiteTexts.codes,
  ...bbbServerTexts.codes,
  ...chromiumTexts.codes,
  ...bbbTexts.codes,
  ...checkTexts.codes,
  ...configurationTexts.codes,
  ...moodleTexts.codes,
  ...ownersTexts.codes,
  ...sincePlanTexts.codes,
  ...greenlightOwnerTexts.codes,
  ...greenlightTexts.codes,
  ...databaseTexts.codes,
  ...podTexts.codes,
  ...liveTexts.codes,
  ...processTexts.codes,
  ...doctorTexts.codes,
  ...doctorLiveTexts.codes,
  ...doctorQueueTexts.codes,
  ...mailTexts.codes,
  ...initTexts.codes,
  ...httpTexts.codes,
  ...migrateTexts.codes,
  ...recorderTexts.codes,
  ...queueTexts.codes,
  ...runnerTexts.codes,
  ...clusterInventoryTexts.codes,
  ...checkClusterCodes,
  ...clusterOperationTexts.codes,
  ...systemTexts.codes,
};
