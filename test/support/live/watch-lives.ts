import type { LiveBench } from './bench.js';
import { colourOf, toneOf } from './media.js';
import { eventually, until } from './until.js';

/* What viewers would say of a live. Each waits: the first second of a stream may be silent or dark on a slow machine. */

export const isOnAir = (bench: LiveBench, id: string): boolean => bench.store.status(id)?.phase === 'on-air';

export const onAir = (bench: LiveBench, ...ids: string[]): Promise<void> =>
  until(`${ids.join(', ')} on air`, () => ids.every((id) => isOnAir(bench, id)), 150_000);

/** The stream goes on: another second of it is written, by whichever encoder. */
export async function goesOn(bench: LiveBench, id: string, when: string): Promise<void> {
  const written = (): number => bench.store.status(id)?.progress?.outMs ?? 0;
  let [last, more] = [written(), 0];
  await until(`${id}: the stream goes on ${when}`, () => {
    const now = written();
    more += now >= last ? now - last : now;
    last = now;
    return more > 1000;
  });
}

/** That very tone is heard, and none of the other lives'. */
export const sounds = (url: string, hz: number, others: readonly number[]): Promise<unknown> =>
  eventually(
    `${url} sounds at ${hz} Hz`,
    () => toneOf(url, [hz, ...others]),
    (heard) => heard === hz,
  );

type Colour = Awaited<ReturnType<typeof colourOf>>;

export const shows = (
  url: string,
  what: string,
  isIt: (colour: Colour) => boolean,
  part: 'whole' | 'bottom' = 'whole',
): Promise<Colour> => eventually(`${url} shows ${what}`, () => colourOf(url, 1, part), isIt);

/** How long after `at` the keeper noticed that something is broken, as it logged it itself: in milliseconds. */
export async function noticedMs(bench: LiveBench, id: string, what: string, at: number): Promise<number> {
  const when = await eventually(
    `${id}: ${what} noticed`,
    () => bench.loggedAt(id, /child-died|encoder-stalled/, at),
    (found) => found !== null,
  );
  return (when ?? Number.NaN) - at;
}
