import { jitsiSection } from '../jitsi/inventory.js';
import { encodingSection } from '../pod/inventory.js';
import { streamingSection } from '../streaming/inventory.js';

/**
 * The kinds of systems that cluster.toml may hold: one line here and one folder beside this one each
 * (its inventory.ts, its checks). A kind that is coming: Pod's esup-runner.
 */
export const kinds = {
  streaming: streamingSection.optional(),
  jitsi: jitsiSection.optional(),
  encoding: encodingSection.optional(),
};
