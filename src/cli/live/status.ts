import { exists } from '../../kit/adapters/files/path-status.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { messageOf } from '../../kit/errors/operator-error.js';
import { parseRtmpStat } from '../../cluster/adapters/rtmp-hls/rtmp-stat.js';
import { liveStatusRows, type LiveStatusRow, type StreamStatistics } from '../../live/live-status.js';
import type { Context } from '../kit/context.js';
import { openFetch, openStore } from './settings.js';

/** What is on air from this server, and what the operator should know besides. */
export interface LiveStatusReport {
  readonly lives: readonly LiveStatusRow[];
  readonly warnings: readonly string[];
}

/** Longer than that, Pod's job does not take finished recordings. */
const WAITS_TOO_LONG_MS = 10 * 60_000;

export async function readLiveStatus(context: Context): Promise<LiveStatusReport> {
  const store = openStore(context);
  const now = Date.now();
  const { statistics, warnings } = await readStatistics(context);
  const lives = liveStatusRows(store.list(), statistics, now);
  for (const { path, at } of store.memory().handedOver) {
    if (!exists(path) || now - at < WAITS_TOO_LONG_MS) continue;
    const { text, remedy } = describeCode('live-recording-waiting', {
      path,
      minutes: Math.round((now - at) / 60_000),
    });
    warnings.push(`${text} -> ${remedy}`);
  }
  return { lives, warnings };
}

async function readStatistics(
  context: Context,
): Promise<{ statistics: Map<string, StreamStatistics>; warnings: string[] }> {
  const { stat_url: url } = context.configuration.live;
  const statistics = new Map<string, StreamStatistics>();
  if (url === undefined) return { statistics, warnings: [] };
  try {
    const { text } = await openFetch(context, undefined)({ method: 'GET', url, signal: context.signal });
    for (const { name, clients, publishing, bitsInPerSecond } of parseRtmpStat(text, Date.now()).streams)
      statistics.set(name, {
        viewers: Math.max(0, clients - (publishing ? 1 : 0)),
        bitrateKbps: Math.round(bitsInPerSecond / 1000),
      });
    return { statistics, warnings: [] };
  } catch (error) {
    return {
      statistics,
      warnings: [`live.stat_url: ${messageOf(error, 'unreadable')}`],
    };
  }
}
