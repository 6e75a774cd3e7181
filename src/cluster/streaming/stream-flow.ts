import type { RtmpStream } from './facts.js';

export const findStream = (
  streams: readonly RtmpStream[],
  application: string,
  name: string,
): RtmpStream | undefined => streams.find((one) => one.application === application && one.name === name);

/** Bytes that came in between two looks at a stream. */
export const bytesBetween = (earlier: RtmpStream | undefined, later: RtmpStream | undefined): number =>
  (later?.bytesIn ?? 0) - (earlier?.bytesIn ?? 0);

/** Whether something came in: SRS counts bytes every few seconds only; its mean over 30 s falls to 0 when nothing does. */
export const isFlowing = (server: string, earlier: RtmpStream | undefined, later: RtmpStream): boolean =>
  bytesBetween(earlier, later) > 0 || (server === 'srs' && later.bitsInPerSecond > 0);
