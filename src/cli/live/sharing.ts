import os from 'node:os';
import { claimDirectory } from '../../live/adapters/claim-directory.js';
import { claimRedis } from '../../live/adapters/claim-redis.js';
import { hearChannel, openLiveRedis, redisAddress } from '../../live/adapters/live-redis.js';
import type { LiveDirectory } from '../../live/adapters/live-store.js';
import { openClaims } from '../../live/claims.js';
import { chatChannel } from '../../live/live.js';
import type { Claims, PassSettings } from '../../live/pass-port.js';
import type { Context } from '../kit/context.js';

/** Whether several servers have a place to claim lives in. */
export const hasSharedPlace = ({ configuration: { live } }: Context): boolean =>
  live.claims_path !== undefined || live.redis !== undefined;

/** Claims among servers: the shared directory if there is one, else Redis; null for a server alone. */
export function openLiveClaims(context: Context, store: LiveDirectory): Claims | null {
  const { live } = context.configuration;
  if (live.servers === 1 || !hasSharedPlace(context)) return null;
  const timeoutMs = live.claim_timeout * 1000;
  const redis = redisOnce(context);
  const place =
    live.claims_path === undefined ? claimRedis(redis, timeoutMs) : claimDirectory(live.claims_path);
  return openClaims(place, {
    owner: `${live.server}@${os.hostname()}`,
    timeoutMs,
    now: Date.now,
    loadSeen: () => store.seenClaims(),
    saveSeen: (seen) => store.saveSeenClaims(seen),
  });
}

/** How Pod reaches our Redis: `live.hostname` if set, for a loopback address means another machine there. */
export function chatAddress({ configuration: { live } }: Context): PassSettings['redis'] {
  if (live.redis === undefined) return null;
  const { host, port } = redisAddress(live.redis);
  return { host: live.hostname ?? host, port };
}

/** What Pod publishes for a live goes into the same queue as the gateway's messages. */
export async function hearChat(context: Context, id: string, store: LiveDirectory): Promise<void> {
  const { redis: url } = context.configuration.live;
  if (url === undefined) return;
  const redis = await openLiveRedis(url);
  context.closeWith(() => redis.disconnect());
  hearChannel(redis, chatChannel(id), (text) => store.putChat(id, { kind: 'say', text }));
}

function redisOnce(context: Context): () => ReturnType<typeof openLiveRedis> {
  let opened: ReturnType<typeof openLiveRedis> | undefined;
  return () => {
    const { redis: url } = context.configuration.live;
    if (url === undefined) throw new Error('live.redis is not set');
    opened ??= openLiveRedis(url).then((redis) => {
      context.closeWith(() => redis.disconnect());
      return redis;
    });
    return opened;
  };
}
