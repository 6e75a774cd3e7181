import { z } from 'zod';
import { positiveInteger } from './values.js';

/** Live streams of BBB sessions into Pod. */
export const liveSection = z.strictObject({
  backend: z.enum(['tab', 'x11', 'container']).default('tab'),
  lives: positiveInteger().default(2),
});
export type LiveSection = z.infer<typeof liveSection>;
