import type { Incident, KeeperStatus } from './keeper/keeper-port.js';
import type { StoredLive } from './pass-port.js';

/** One line of `live status`. */
export interface LiveStatusRow {
  readonly id: string;
  readonly slot: number;
  readonly state: string;
  readonly meeting: string;
  readonly meetingId: string;
  readonly onAirAt: number | null;
  readonly fps: number | null;
  readonly speed: number | null;
  /** Percent of frames dropped by the encoder. */
  readonly droppedPercent: number | null;
  readonly bitrateKbps: number | null;
  readonly audio: string;
  readonly people: number | null;
  readonly viewers: number | null;
  readonly recording: string;
  /** Each target of the stream, the main one first, and `ok` or what is wrong with it. */
  readonly targets: readonly { readonly shown: string; readonly state: string }[];
  readonly repairs: number;
  readonly incidents: readonly Incident[];
}

/** What nginx-rtmp shows of a stream. */
export interface StreamStatistics {
  readonly viewers: number;
  readonly bitrateKbps: number;
}

/** A status older than that was written by a keeper that does not live any more. */
const OLD_MS = 10_000;

/** The state of every live of this server; pure. @param statistics by stream name. */
export function liveStatusRows(
  lives: readonly StoredLive[],
  statistics: ReadonlyMap<string, StreamStatistics>,
  now: number,
): LiveStatusRow[] {
  return lives.map(({ job, record, status, keeperAlive }) => {
    const current = status !== null && now - status.updatedAt < OLD_MS ? status : null;
    const progress = current?.progress ?? null;
    const name = job.rtmpUrl === null ? job.streamName : (job.rtmpUrl.split('?')[0]?.split('/').at(-1) ?? '');
    const seen = statistics.get(name);
    return {
      id: job.id,
      slot: job.slot,
      state: stateOf(keeperAlive, status, record.stopAsked !== null),
      meeting: job.meetingName,
      meetingId: job.meetingId,
      onAirAt: status?.onAirAt ?? null,
      fps: progress?.fps ?? null,
      speed: progress?.speed ?? null,
      droppedPercent:
        progress === null || progress.frames === 0 ? null : (100 * progress.dropped) / progress.frames,
      bitrateKbps: progress?.bitrateKbps ?? seen?.bitrateKbps ?? null,
      audio: current?.audio ?? 'unknown',
      people: current?.viewersInMeeting ?? null,
      viewers: seen?.viewers ?? null,
      recording: current?.recording ?? (job.record ? 'on' : 'off'),
      targets: current?.targets ?? [],
      repairs: status?.repairs ?? 0,
      incidents: current?.incidents ?? [],
    };
  });
}

function stateOf(keeperAlive: boolean, status: KeeperStatus | null, stopping: boolean): string {
  const phase = status?.phase ?? 'starting';
  if (phase === 'ended') return 'ended';
  if (!keeperAlive) return 'keeper dead';
  if (stopping) return 'stopping';
  return phase === 'on-air' && status?.paused === true ? 'paused' : phase;
}
