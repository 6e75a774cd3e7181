import { z } from 'zod';
import { flag, secret } from './values.js';

/** Keys of the file's head, and the small sections. */
export const clusterSection = z.strictObject({ inventory: z.string().default('cluster.toml') });

export const mailSection = z.strictObject({
  to: z.string().optional(),
  from: z.string().optional(),
  /** May hold a password: smtp://USER:PASSWORD@HOST:587. */
  smtp: secret().prefault('smtp://localhost'),
  on_start: flag().default(false),
});

export const logSection = z.strictObject({
  directory: z.string().optional(),
  level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
});
