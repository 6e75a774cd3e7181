import { existsSync } from 'node:fs';
import { describeCode } from '../../codes/catalog.js';
import { parseRtmpStat } from '../../adapters/rtmp-hls/rtmp-stat.js';
import { liveStatusRows, type LiveStatusRow, type StreamStatistics } from '../../live/live-status.js';
import { renderTable } from '../../output/table.js';
import { renderDuration } from '../../output/units.js';
import type { Context } from '../context.js';
import { openFetch, openStore } from './live-settings.js';

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
    if (!existsSync(path) || now - at < WAITS_TOO_LONG_MS) continue;
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
    for (const stream of parseRtmpStat(text, Date.now()).streams) {
      const bandwidth = new RegExp(
        `<name>${stream.name.replace(/[^\w-]/g, '.')}</name>[^]*?<bw_in>(\\d+)</bw_in>`,
      ).exec(text)?.[1];
      statistics.set(stream.name, {
        viewers: Math.max(0, stream.clients - (stream.publishing ? 1 : 0)),
        bitrateKbps: Math.round(Number(bandwidth ?? 0) / 1000),
      });
    }
    return { statistics, warnings: [] };
  } catch (error) {
    return {
      statistics,
      warnings: [`live.stat_url: ${error instanceof Error ? error.message : 'unreadable'}`],
    };
  }
}

/** A table for people. */
export function renderLiveStatus(
  { lives, warnings }: LiveStatusReport,
  now = Date.now(),
  width = 100,
): string {
  const rows = lives.map((live) => [
    live.id,
    String(live.slot),
    live.state,
    live.meeting,
    live.onAirAt === null ? '-' : renderDuration(now - live.onAirAt),
    number(live.fps, 0),
    number(live.speed, 2),
    live.droppedPercent === null ? '-' : `${live.droppedPercent.toFixed(1)} %`,
    number(live.bitrateKbps, 0),
    live.audio,
    number(live.people, 0),
    number(live.viewers, 0),
  ]);
  const table =
    lives.length === 0
      ? 'Nothing is on air here.'
      : renderTable(
          [
            { title: 'live' },
            { title: 'slot', align: 'right' },
            { title: 'state' },
            { title: 'meeting', shrinks: true },
            { title: 'since', align: 'right' },
            { title: 'fps', align: 'right' },
            { title: 'speed', align: 'right' },
            { title: 'drops', align: 'right' },
            { title: 'kbit/s', align: 'right' },
            { title: 'audio' },
            { title: 'people', align: 'right' },
            { title: 'viewers', align: 'right' },
          ],
          rows,
          width,
        );
  const incidents = lives.flatMap((live) =>
    live.incidents.map(({ code, detail }) => `! ${live.id}: ${code} (${detail})`),
  );
  return [table, ...incidents, ...warnings.map((warning) => `! ${warning}`)].join('\n');
}

const number = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits);
