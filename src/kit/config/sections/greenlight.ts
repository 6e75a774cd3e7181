import { z } from 'zod';
import { databaseKeys, wordList } from './values.js';

const KEYS = ['external_id', 'email', 'local_part'] as const;

/** One Greenlight, 2 or 3 by its columns; `default` is asked for every room that no other section names. */
export const greenlightSection = z.strictObject({
  ...databaseKeys,
  /** Other host names under which it appears in recordings. */
  aliases: wordList().default([]),
  /** The tenant (Greenlight 3) or sign-in (2) whose people count. */
  provider: z.string().min(1).optional(),
  /** What an account of Pod is looked for by; the first key that finds one decides. */
  match: wordList()
    .pipe(z.array(z.enum(KEYS)).min(1))
    .default([...KEYS]),
  /** People with shared access to a room: only where its owner has no account, or beside the owner. */
  shared: z.enum(['none', 'owners']).default('none'),
});
export type GreenlightSection = z.infer<typeof greenlightSection>;
