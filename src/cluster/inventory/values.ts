import { z } from 'zod';

/* Shapes that the systems of cluster.toml share. Keys are snake_case as in bbb2pod.toml. */

export const port = (fallback: number) => z.number().int().min(1).max(65_535).default(fallback);

/** A host name or an address, as it is typed after `ssh` or before `:443`. */
export const host = () =>
  z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/, {
    error: 'is no host name and no address',
  });

/** Name of a node, of a stream, of a queue: it becomes a file name and a word of configuration files. */
export const word = () =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, {
    error: 'takes letters, digits, - _ and . only (63 at most)',
  });

/** A host before a port: IPv6 addresses stand in brackets. */
export const bracket = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bits per second of `3.5M`, `800k`, `10G` or a plain number of bits; null for anything else. */
export function parseBitrate(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kKmMgG]?)(?:b\/s|bps|bit\/s)?\s*$/.exec(text);
  if (found === null) return null;
  return Math.round(Number(found[1]) * (UNITS[(found[2] ?? '').toLowerCase()] ?? 1));
}

/** A rate; becomes bits per second. */
export const bitrate = () =>
  z.union([z.number().positive(), z.string()]).transform((value, context) => {
    const bits = typeof value === 'number' ? value : parseBitrate(value);
    if (bits === null || bits <= 0) {
      context.addIssue({ code: 'custom', message: 'is no rate: write 800k, 3.5M or 10G' });
      return z.NEVER;
    }
    return bits;
  });

/** What every machine has. */
export const machineKeys = {
  /** Name or address that the other nodes and this tool reach it by. */
  address: host(),
  /** `user@host` for commands that must run there; without it they are printed to be typed on the node. */
  ssh: z
    .string()
    .regex(/^[A-Za-z0-9_][\w.-]*(?:@[\w.:-]+)?$/, { error: 'is no user@host' })
    .optional(),
  nic: bitrate().optional(),
  cores: z.number().int().positive().optional(),
};

/** Named nodes of one role: `[streaming.broadcasts.broadcast1]`. */
export const nodes = <T extends z.ZodType>(node: T) => z.record(word(), node).default({});
