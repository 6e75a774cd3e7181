import { renderDuration } from '../kit/output/units.js';
import { texts } from './texts.js';

/** What a probe says of a downloaded video. */
export interface VideoFacts {
  /** Null when its container does not say. */
  readonly durationMs: number | null;
  readonly hasPicture: boolean;
  readonly hasSound: boolean;
}

/** BigBlueButton announces whole minutes (`playback/format/length` of getRecordings, bbb 2.2 to 3.0), counted before its own cuts. */
const SPARE_MS = 60_000;
const SPARE_SHARE = 0.05;

/**
 * A video that is offered for claiming plays, and is as long as its server announced: less is a part of it.
 * @param announcedMs null or 0 when the server said nothing.
 * @throws OperatorError claim-video-wrong
 */
export function checkVideo(recordId: string, facts: VideoFacts, announcedMs: number | null): void {
  const { durationMs, hasPicture, hasSound } = facts;
  if (!hasPicture && !hasSound)
    throw texts.claimVideoWrong({ recordId, detail: 'neither picture nor sound' });
  const leastMs = (announcedMs ?? 0) * (1 - SPARE_SHARE) - SPARE_MS;
  if (durationMs === null || durationMs >= leastMs) return;
  const [is, said] = [durationMs, announcedMs ?? 0].map(renderDuration);
  throw texts.claimVideoWrong({ recordId, detail: `it lasts ${is ?? ''}, announced were ${said ?? ''}` });
}
