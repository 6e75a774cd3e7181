import { esupRunnerSection } from '../esup-runner/inventory.js';
import { jitsiSection } from '../jitsi/inventory.js';
import { encodingSection } from '../pod/inventory.js';
import { streamingSection } from '../streaming/inventory.js';

/**
 * The kinds of systems that cluster.toml may hold: one line here and one folder beside this one each
 * (its inventory.ts, its checks).
 */
export const kinds = {
  streaming: streamingSection.optional(),
  jitsi: jitsiSection.optional(),
  encoding: encodingSection.optional(),
  esup_runner: esupRunnerSection.optional(),
};
