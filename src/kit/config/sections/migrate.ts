import { z } from 'zod';
import { flag, wordList } from './values.js';

/** Who receives what, and how people are matched. */
export const migrateSection = z.strictObject({
  /** Origin servers without Moodle look-up: their recordings go to the fall-back. */
  ignored_servers: wordList().default([]),
  /** Origin servers whose recordings are not taken at all. */
  skipped_servers: wordList().default([]),
  owners_file: z.string().optional(),
  create_users: flag().default(true),
  created_users_staff: z.enum(['teachers', 'all', 'none']).default('teachers'),
  unresolved: z.enum(['admin', 'skip']).default('admin'),
  /** Without it `username`, and `email` where accounts log in by OIDC: Pod finds those by their address. */
  match: z.enum(['username', 'email', 'idnumber']).optional(),
  /** `{value}` is Moodle's value; `{value}@univ.fr` adds a scope, `strip:@univ.fr` removes one. */
  match_template: z.string().default('{value}'),
  username_case: z.enum(['keep', 'lower', 'upper']).default('keep'),
  /** Keep the moderators who cannot enter the course any more. */
  require_enrolment: flag().default(false),
  keep_suspended: flag().default(false),
  /** False leaves out what was made in rooms of Greenlight. */
  include_greenlight: flag().default(true),
  /** Breakout rooms go to the owners of their parent's meeting, or are left out. */
  breakouts: z.enum(['parent', 'skip']).default('parent'),
});
