import type { WantedLive } from '../../live/live.js';
import type { PodLives } from '../../live/pod-port.js';
import { findBroadcaster, setBroadcasting } from './broadcasters.js';
import { idOf, type PodRest, type Row } from './client.js';

/** The columns of meeting_livestream.status. */
const STARTED = 1;
const STOPPED = 2;

/**
 * Pod's webinars (3.6 to 4.1). Pod sets status 1 when the owner enters the meeting; the gateway row names the
 * RTMP address; the broadcaster exists already and is only opened and closed.
 */
export function webinarLives(rest: PodRest, { record }: { record: boolean }): PodLives {
  return {
    listWanted: async (ownIds, signal) => {
      const started = await rest.list(`meeting_livestream/?status=${STARTED}`, signal);
      const rows = started.filter((row) => row['status'] === STARTED);
      for (const podId of missingOf(ownIds, rows)) {
        const row = await rest.read(`meeting_livestream/${podId}/`, signal);
        if (row !== null) rows.push(row);
      }
      if (rows.length === 0) return [];
      const gateways = await rest.list('meeting_live_gateway/', signal);
      const lives: WantedLive[] = [];
      for (const row of rows) {
        const session = await rest.read(`meeting_session/${idOf(row['meeting'])}/`, signal);
        const gateway = gateways.find((candidate) => candidate['id'] === idOf(row['live_gateway_id']));
        if (session !== null) lives.push(readLive(row, session, gateway, record));
      }
      return lives;
    },
    announce: async ({ broadcasterId }, signal) => {
      const broadcaster = broadcasterId === null ? null : await findBroadcaster(rest, broadcasterId, signal);
      if (broadcaster !== null) await setBroadcasting(rest, broadcaster.slug, true, signal);
      return { broadcaster, rival: false };
    },
    finish: async ({ podId, broadcaster }, signal) => {
      const place = `meeting_livestream/${podId}/`;
      if ((await rest.read(place, signal)) !== null)
        await rest.write('PATCH', place, { status: STOPPED }, signal);
      if (broadcaster !== null) await setBroadcasting(rest, broadcaster.slug, false, signal);
    },
  };
}

const podIdOf = (row: Row): number => (typeof row['id'] === 'number' ? row['id'] : idOf(row['url']));

function missingOf(ownIds: ReadonlySet<string>, rows: readonly Row[]): number[] {
  const seen = new Set(rows.map(podIdOf));
  return [...ownIds]
    .filter((id) => id.startsWith('webinar-'))
    .map((id) => Number(id.slice('webinar-'.length)))
    .filter((podId) => !seen.has(podId));
}

function readLive(row: Row, session: Row, gateway: Row | undefined, record: boolean): WantedLive {
  const podId = podIdOf(row);
  const rtmpUrl = gateway?.['rtmp_stream_url'];
  return {
    id: `webinar-${podId}`,
    origin: 'webinar',
    podId,
    meetingId: text(session['meeting_id']),
    meetingName: text(session['name']),
    desire: row['status'] === STARTED ? 'run' : row['status'] === STOPPED ? 'stop' : 'idle',
    startedInPod: row['status'] === STARTED,
    holder: null,
    restricted: false,
    chat: true,
    showChat: false,
    record,
    rtmpUrl: typeof rtmpUrl === 'string' && rtmpUrl !== '' ? rtmpUrl : null,
    broadcasterId: gateway === undefined ? null : idOf(gateway['broadcaster_id']) || null,
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
