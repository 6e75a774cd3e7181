import { z } from 'zod';
import { databaseKeys, positiveInteger, secret } from './values.js';

/** The Esup-Pod installation that receives. */
export const podSection = z.strictObject({
  ...databaseKeys,
  url: z.url({ protocol: /^https?$/ }).optional(),
  token: secret().optional(),
  /** Pod's SECRET_KEY, for owners' hash keys. */
  secret_key: secret().optional(),
  /** As Pod's page shows it, where its tables cannot tell (MariaDB hides those of 4.2 and later without a right). */
  version: z
    .string()
    .regex(/^\d+\.\d+(?:\.\d+)?$/, 'must be written as 4.3.0 is')
    .optional(),
  site_id: positiveInteger().default(1),
  admin_id: positiveInteger().default(1),
  recorder_id: positiveInteger().default(1),
  /** Pod's DEFAULT_RECORDER_PATH, literally: no link is resolved, no slash is removed. */
  recorder_path: z.string().optional(),
  auth_type: z.enum(['local', 'CAS', 'OIDC', 'Shibboleth']).default('CAS'),
  /** Of created accounts; without it teachers get `faculty`, others `student`. */
  affiliation: z.string().max(50).optional(),
  establishment: z.string().max(10).default('Etab_1'),
  file_owner: z.string().optional(),
  file_mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be a mode in quotes such as 0640')
    .optional(),
  settings_file: z.string().optional(),
  ca_file: z.string().optional(),
});
