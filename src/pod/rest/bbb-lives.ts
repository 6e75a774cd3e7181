import type { WantedLive } from '../../live/live.js';
import type { AnnounceFacts, FinishFacts, PodLives } from '../../live/pod-port.js';
import { createBroadcaster, removeBroadcaster, setBroadcasting } from './broadcasters.js';
import { idOf, type PodRest, type Row } from './client.js';

/** The columns of bbb_livestream.status. */
const PENDING = 0;
const STARTED = 1;
const STOPPED = 2;

/** Pod's bbb app (2.8 to 3.8.1). `renderDate` writes an instant with its offset, in Pod's time zone. */
export function bbbLives(
  rest: PodRest,
  { buildingId, renderDate }: { buildingId: number; renderDate: (at: number) => string },
): PodLives {
  return {
    listWanted: async (ownIds, signal) => {
      const rows = await listOpen(rest, signal);
      for (const podId of missingOf(ownIds, rows)) {
        const row = await rest.read(`bbb_livestream/${podId}/`, signal);
        if (row !== null) rows.push(row);
      }
      const meetings = new Map<number, Row | null>();
      const lives: WantedLive[] = [];
      for (const row of rows) {
        const id = idOf(row['meeting']);
        if (!meetings.has(id)) meetings.set(id, await rest.read(`bbb_meeting/${id}/`, signal));
        const meeting = meetings.get(id) ?? null;
        if (meeting !== null) lives.push(readLive(row, meeting));
      }
      return lives;
    },
    announce: (facts, signal) => announce(rest, buildingId, facts, signal),
    finish: (facts, signal) => finish(rest, renderDate, facts, signal),
  };
}

/** Pod 3.1 to 3.8.1 ignore the filter (bbb/rest_views.py, filter_fields) and answer everything: one listing is enough. */
async function listOpen(rest: PodRest, signal: AbortSignal): Promise<Row[]> {
  const pending = await rest.list(`bbb_livestream/?status=${PENDING}`, signal);
  const filtered = pending.every((row) => row['status'] === PENDING);
  const started = filtered ? await rest.list(`bbb_livestream/?status=${STARTED}`, signal) : [];
  const rows = new Map<number, Row>();
  for (const row of [...pending, ...started]) {
    if (row['status'] === PENDING || row['status'] === STARTED) rows.set(podIdOf(row), row);
  }
  return [...rows.values()];
}

const podIdOf = (row: Row): number => (typeof row['id'] === 'number' ? row['id'] : idOf(row['url']));

function missingOf(ownIds: ReadonlySet<string>, rows: readonly Row[]): number[] {
  const seen = new Set(rows.map(podIdOf));
  return [...ownIds]
    .filter((id) => id.startsWith('bbb-'))
    .map((id) => Number(id.slice('bbb-'.length)))
    .filter((podId) => !seen.has(podId));
}

function readLive(row: Row, meeting: Row): WantedLive {
  const podId = podIdOf(row);
  const status = row['status'];
  return {
    id: `bbb-${podId}`,
    origin: 'bbb',
    podId,
    meetingId: text(meeting['meeting_id']),
    meetingName: text(meeting['meeting_name']),
    desire: status === PENDING || status === STARTED ? 'run' : 'stop',
    startedInPod: status === STARTED,
    holder: parseServerField(row['server']),
    restricted: row['is_restricted'] === true,
    chat: row['enable_chat'] === true,
    showChat: row['show_chat'] !== false,
    record: row['download_meeting'] === true,
    rtmpUrl: null,
    broadcasterId: typeof row['broadcaster_id'] === 'number' ? row['broadcaster_id'] : null,
  };
}

async function announce(
  rest: PodRest,
  buildingId: number,
  facts: AnnounceFacts,
  signal: AbortSignal,
): ReturnType<PodLives['announce']> {
  const place = `bbb_livestream/${facts.podId}/`;
  const mine = renderServerField(facts.server, facts.slot);
  const broadcaster = await createBroadcaster(
    rest,
    { name: facts.broadcasterName, streamUrl: facts.streamUrl, buildingId, restricted: facts.restricted },
    signal,
  );
  await rest.write(
    'PATCH',
    place,
    {
      server: mine,
      status: STARTED,
      broadcaster_id: broadcaster.id,
      ...(facts.redis === null
        ? {}
        : {
            redis_hostname: facts.redis.host,
            redis_port: facts.redis.port,
            redis_channel: facts.redis.channel,
          }),
    },
    signal,
  );
  const after = await rest.read(place, signal);
  return { broadcaster, rival: after !== null && after['server'] !== mine };
}

async function finish(
  rest: PodRest,
  renderDate: (at: number) => string,
  facts: FinishFacts,
  signal: AbortSignal,
): Promise<void> {
  const place = `bbb_livestream/${facts.podId}/`;
  const row = await rest.read(place, signal);
  if (row !== null) {
    await rest.write('PATCH', place, { status: STOPPED, end_date: renderDate(facts.endedAt) }, signal);
    const meeting = row['meeting'];
    if (facts.hasRecording && typeof meeting === 'string' && typeof row['user'] === 'string')
      await rest.write('PATCH', meeting, { encoded_by: rest.link(row['user']), encoding_step: 3 }, signal);
  }
  if (facts.broadcaster === null) return;
  if (facts.broadcaster.ours) await removeBroadcaster(rest, facts.broadcaster.slug, signal);
  else await setBroadcasting(rest, facts.broadcaster.slug, false, signal);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Pod's `server` column: `2/1` is slot 1 of server 2. Exact: `11/2` is not server 1's. */
export function parseServerField(value: unknown): { server: number; slot: number } | null {
  const found = typeof value === 'string' ? /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value.trim()) : null;
  return found === null ? null : { server: Number(found[1]), slot: Number(found[2]) };
}

/** At most 20 characters, what Pod's column holds. */
export const renderServerField = (server: number, slot: number): string => `${server}/${slot}`;
