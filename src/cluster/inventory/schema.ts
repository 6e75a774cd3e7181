import { z } from 'zod';
import { word } from './values.js';
import { esupRunnerSection } from '../esup-runner/inventory.js';
import { jitsiSection } from '../jitsi/inventory.js';
import { encodingSection } from '../pod/inventory.js';
import { streamingSection } from '../streaming/inventory.js';

/**
 * The kinds of systems that cluster.toml may hold: one line here and one folder beside this one each
 * (its inventory.ts, its checks).
 */
const kinds = {
  streaming: streamingSection.optional(),
  jitsi: jitsiSection.optional(),
  encoding: encodingSection.optional(),
  esup_runner: esupRunnerSection.optional(),
};

/** The whole of cluster.toml. */
export const inventorySchema = z.strictObject({
  /** Nodes taken out and streams off the air on purpose: their absence is information, not a fault. */
  maintenance: z.array(word()).default([]),
  ...kinds,
});
export type Inventory = z.infer<typeof inventorySchema>;
