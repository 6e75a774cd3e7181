import { z } from 'zod';
import { kinds } from './kinds.js';
import { word } from './values.js';

/** The whole of cluster.toml. */
export const inventorySchema = z.strictObject({
  /** Nodes taken out and streams off the air on purpose: their absence is information, not a fault. */
  maintenance: z.array(word()).default([]),
  ...kinds,
});
export type Inventory = z.infer<typeof inventorySchema>;
