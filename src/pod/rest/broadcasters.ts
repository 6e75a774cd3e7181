import { OperatorError } from '../../kit/errors/operator-error.js';
import type { Broadcaster } from '../../live/pod-port.js';
import { idOf, type PodRest, type Row } from './client.js';
import { texts } from '../texts.js';

/**
 * Creates a broadcaster, or takes over the one of that name that an interrupted pass left. The stream's address has two
 * names (docs/domain/live.md, "Broadcasters"): both are sent, each version ignores what it does not know.
 */
export async function createBroadcaster(
  rest: PodRest,
  wanted: { name: string; streamUrl: string; buildingId: number; restricted: boolean },
  signal: AbortSignal,
): Promise<Broadcaster> {
  const body: Row = {
    name: wanted.name,
    url: wanted.streamUrl,
    broadcaster_url: wanted.streamUrl,
    building: rest.link(`buildings/${wanted.buildingId}/`),
    status: true,
    is_restricted: wanted.restricted,
  };
  try {
    return asBroadcaster(await rest.write('POST', 'broadcasters/', body, signal));
  } catch (error) {
    if (!(error instanceof OperatorError) || error.parameters['status'] !== 400) throw error;
    const rows = await rest.list('broadcasters/', signal);
    const known = rows.find(
      (row) =>
        row['name'] === wanted.name ||
        row['broadcaster_url'] === wanted.streamUrl ||
        row['url'] === wanted.streamUrl,
    );
    if (known === undefined) throw error;
    const { slug } = asBroadcaster(known);
    return asBroadcaster(await rest.write('PATCH', `broadcasters/${slug}/`, body, signal));
  }
}

export async function findBroadcaster(
  rest: PodRest,
  id: number,
  signal: AbortSignal,
): Promise<Broadcaster | null> {
  const row = (await rest.list('broadcasters/', signal)).find((candidate) => candidate['id'] === id);
  return row === undefined ? null : { ...asBroadcaster(row), ours: false };
}

export async function setBroadcasting(
  rest: PodRest,
  slug: string,
  status: boolean,
  signal: AbortSignal,
): Promise<void> {
  await rest.write('PATCH', `broadcasters/${encodeURIComponent(slug)}/`, { status }, signal);
}

export const removeBroadcaster = (rest: PodRest, slug: string, signal: AbortSignal): Promise<void> =>
  rest.remove(`broadcasters/${encodeURIComponent(slug)}/`, signal);

/** Pod lower-cases and slugifies the name itself: only its own answer knows the slug. */
function asBroadcaster(row: Row): Broadcaster {
  const { slug, id } = row;
  if (typeof slug !== 'string')
    throw texts.livePodRefused({
      what: 'broadcasters',
      status: 200,
      detail: 'no slug in the answer',
    });
  return { slug, id: typeof id === 'number' ? id : idOf(row['url']), ours: true };
}
