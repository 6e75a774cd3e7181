import { z } from 'zod';
import { Secret } from '../secret.js';

// A configuration is read once: compiling a reader for each section costs more than reading with none.
z.config({ jitless: true });

/** Shapes that several sections share. */
export const secret = () =>
  z.union([
    z.instanceof(Secret),
    z
      .string()
      .min(1)
      .transform((value) => new Secret(value)),
  ]);
/** One secret or several: a list, or addresses separated by spaces (a secret's file, the environment). */
export const secretList = () =>
  z.preprocess(
    (value) =>
      value instanceof Secret || typeof value === 'string'
        ? (typeof value === 'string' ? value : value.reveal()).split(/\s+/).filter((word) => word !== '')
        : value,
    z.array(secret()).min(1),
  );
export const positiveInteger = () => z.coerce.number().int().positive();
/** `64M`, `1.5G` or a number of bytes; read with `bytesOf`. */
export const size = () => z.coerce.string().regex(/^\d+(?:\.\d+)?[kKMGT]?$/, 'must be a size such as 64M');
const SIZE_UNITS: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
export const bytesOf = (text: string): number =>
  Number.parseFloat(text) * (SIZE_UNITS[text.at(-1) ?? ''] ?? 1);

export const seconds = () => z.coerce.number().nonnegative();
export const flag = () =>
  z.union([
    z.boolean(),
    z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1'),
  ]);
export const wordList = () =>
  z.union([
    z.array(z.string()),
    z.string().transform((value) =>
      value
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  ]);

/** A database as one URL, or as separate keys whose password needs no encoding. */
export const databaseKeys = {
  database: secret().optional(),
  engine: z.enum(['postgresql', 'mysql', 'mariadb', 'sqlite']).optional(),
  host: z.string().optional(),
  port: positiveInteger().optional(),
  name: z.string().optional(),
  user: z.string().optional(),
  password: secret().optional(),
  connect_timeout: seconds().default(10),
  tls: z.enum(['off', 'on', 'verify']).default('off'),
  schema: z.string().optional(),
};
