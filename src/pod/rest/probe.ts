import type { PodLives } from '../../live/pod-port.js';
import { bbbLives } from './bbb-lives.js';
import type { PodRest } from './client.js';
import { webinarLives } from './webinar-lives.js';
import { texts } from '../texts.js';

export interface PodLivesSettings {
  readonly buildingId: number;
  readonly recordWebinars: boolean;
  readonly renderDate: (at: number) => string;
}

/**
 * Pod's lives of every generation that this Pod has, told by the list of its REST root (3.6 to 3.8.1 have both).
 * Asked once per object, at its first use.
 */
export function podLives(rest: PodRest, settings: PodLivesSettings): PodLives {
  let probed: Promise<Generations> | undefined;
  const generations = async (signal: AbortSignal): Promise<Generations> => {
    probed ??= probe(rest, settings, signal);
    try {
      return await probed;
    } catch (error) {
      probed = undefined;
      throw error;
    }
  };
  return {
    listWanted: async (ownIds, signal) => {
      const lives = [];
      for (const pod of (await generations(signal)).values())
        lives.push(...(await pod.listWanted(ownIds, signal)));
      return lives;
    },
    announce: async (facts, signal) =>
      (await generations(signal)).get(facts.origin)?.announce(facts, signal) ?? {
        broadcaster: null,
        rival: false,
      },
    finish: async (facts, signal) => (await generations(signal)).get(facts.origin)?.finish(facts, signal),
  };
}

type Generations = Map<string, PodLives>;

async function probe(rest: PodRest, settings: PodLivesSettings, signal: AbortSignal): Promise<Generations> {
  const names = await listGenerations(rest, signal);
  const found: Generations = new Map();
  if (names.includes('bbb')) found.set('bbb', bbbLives(rest, settings));
  if (names.includes('webinar'))
    found.set('webinar', webinarLives(rest, { record: settings.recordWebinars }));
  return found;
}

/** Which lives this Pod has. @throws OperatorError live-pod-without-lives, live-pod-unreachable, live-pod-refused */
export async function listGenerations(rest: PodRest, signal: AbortSignal): Promise<('bbb' | 'webinar')[]> {
  const root = await rest.read('', signal);
  const names = [
    ...(root !== null && 'bbb_livestream' in root ? (['bbb'] as const) : []),
    ...(root !== null && 'meeting_livestream' in root ? (['webinar'] as const) : []),
  ];
  if (names.length === 0) throw texts.livePodWithoutLives({ url: rest.link('') });
  return names;
}
