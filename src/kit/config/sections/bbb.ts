import { z } from 'zod';
import { flag, positiveInteger, seconds, secret } from './values.js';

/** One BigBlueButton or Scalelite server. */
export const bbbSection = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional(),
  secret: secret().optional(),
  checksum: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha1'),
  playback_23: flag().default(true),
  /** Another Pod or another university uses this server too: meetingIDs alone prove nothing. */
  shared: flag().default(true),
  ca_file: z.string().optional(),
  timeout: seconds().default(180),
  /** How often a question is asked again while the server is away or busy. */
  retries: z.coerce.number().int().nonnegative().default(4),
  /** Before the second attempt; doubled for each further one. */
  retry_after: seconds().default(1),
  /** BBB accepts 1 to 100. */
  page_size: positiveInteger().default(100),
  site_id: positiveInteger().optional(),
  /** Days after which the server removes recordings; the national one keeps them for a year. */
  kept_days: positiveInteger().optional(),
});

export type BbbSection = z.infer<typeof bbbSection>;
