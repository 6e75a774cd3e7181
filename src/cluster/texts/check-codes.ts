import { clusterCheckCodes } from './check.js';
import { encodingBrokerCodes } from './encoding-broker.js';
import { encodingServiceCodes } from './encoding-services.js';
import { encodingWorkerCodes } from './encoding-workers.js';
import { jitsiBridgeCodes } from './jitsi-bridges.js';
import { jitsiServerCodes } from './jitsi-server.js';
import { jitsiFileCodes } from './jitsi-files.js';
import { settingsFileCodes } from './settings-file.js';
import { staticFileCodes } from './static-files.js';
import { streamingFrontCodes } from './streaming-front.js';
import { streamingIngestCodes } from './streaming-ingest.js';
import { streamingMediaCodes } from './streaming-media.js';

/** Every code of `cluster check`: properties (S09) and their findings (S09-frozen). */
export const checkClusterCodes = {
  ...clusterCheckCodes,
  ...streamingFrontCodes,
  ...streamingMediaCodes,
  ...streamingIngestCodes,
  ...jitsiServerCodes,
  ...jitsiBridgeCodes,
  ...jitsiFileCodes,
  ...staticFileCodes,
  ...settingsFileCodes,
  ...encodingBrokerCodes,
  ...encodingWorkerCodes,
  ...encodingServiceCodes,
};
