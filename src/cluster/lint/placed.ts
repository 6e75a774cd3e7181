import { lineOf } from './lint-file.js';
import { escapeRegExp } from '../../kit/escape-reg-exp.js';
import type { BridgeTree, Placed, ServerTree, ShardKey } from './jitsi-trees.js';

export const OUR = { system: 'jitsi' as const };

/** What the rules of one bridge know of the others. */
export interface Deployment {
  readonly server: ServerTree | null;
  readonly domain: string | null;
  /** XMPP domains where a bridge's account may be; more than one: nobody can say here which is meant. */
  readonly accounts: readonly string[];
  /** Whether this bridge is the one on the server itself. */
  readonly isServer: boolean;
  /** Whether one file is all there is of it. */
  readonly alone: boolean;
}

/** The value that wins: the legacy file where it names the key. */
export const effective = (bridge: BridgeTree, key: ShardKey): Placed | null => bridge.shard[key]?.[0] ?? null;

/** The line of a value with another value, in the file's own syntax. */
export function put(placed: Placed, value: string): string {
  const line = lineOf(placed.file, placed.line);
  const quoted = new RegExp(`(["'])${escapeRegExp(placed.raw.trim())}\\1`);
  if (quoted.test(line)) return line.replace(quoted, `"${value}"`);
  return line.replace(placed.raw.trim(), value);
}
