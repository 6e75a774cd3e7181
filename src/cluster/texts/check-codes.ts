import type { CodeDefinition } from '../../kit/errors/define.js';
import { clusterCheckTexts } from './check.js';
import { brokerFileTexts } from './broker-files.js';
import { encodingBrokerTexts } from './encoding-broker.js';
import { encodingServiceTexts } from './encoding-services.js';
import { encodingWorkerTexts } from './encoding-workers.js';
import { jitsiBridgeTexts } from './jitsi-bridges.js';
import { jitsiContainerFileTexts } from './jitsi-container-files.js';
import { jitsiServerTexts } from './jitsi-server.js';
import { jitsiFileTexts } from './jitsi-files.js';
import { runnerFileTexts } from './runner-files.js';
import { runnerHostTexts } from './runner-host.js';
import { runnerManagerTexts } from './runner-manager.js';
import { runnerNodeTexts } from './runner-nodes.js';
import { runnerPodTexts } from './runner-pod.js';
import { settingsFileTexts } from './settings-file.js';
import { staticFileTexts } from './static-files.js';
import { streamFileTexts } from './stream-files.js';
import { streamingFrontTexts } from './streaming-front.js';
import { streamingServersTexts } from './streaming-servers.js';
import { streamingIngestTexts } from './streaming-ingest.js';
import { streamingMediaTexts } from './streaming-media.js';

/** Every code of `cluster check`: properties (S09) and their findings (S09-frozen). */
export const checkClusterCodes = {
  ...clusterCheckTexts.codes,
  ...streamingFrontTexts.codes,
  ...streamingServersTexts.codes,
  ...streamingMediaTexts.codes,
  ...streamingIngestTexts.codes,
  ...jitsiServerTexts.codes,
  ...jitsiBridgeTexts.codes,
  ...jitsiFileTexts.codes,
  ...jitsiContainerFileTexts.codes,
  ...staticFileTexts.codes,
  ...streamFileTexts.codes,
  ...brokerFileTexts.codes,
  ...settingsFileTexts.codes,
  ...encodingBrokerTexts.codes,
  ...encodingWorkerTexts.codes,
  ...encodingServiceTexts.codes,
  ...runnerManagerTexts.codes,
  ...runnerNodeTexts.codes,
  ...runnerHostTexts.codes,
  ...runnerFileTexts.codes,
  ...runnerPodTexts.codes,
};

/** The texts of a check or of one of its findings. @throws Error for a code of something else */
export function definitionOfCheck(code: string): CodeDefinition {
  const definition = (checkClusterCodes as Readonly<Record<string, CodeDefinition>>)[code];
  if (definition === undefined) throw new Error(`${code} is no code of a check`);
  return definition;
}
