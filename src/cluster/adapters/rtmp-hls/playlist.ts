import * as HLS from 'hls-parser';
import type { PlaylistText } from '../../streaming/facts.js';
import { messageOf } from '../../../kit/errors/operator-error.js';

/**
 * Parses an HLS playlist with hls-parser. An error page is told apart first: the library would throw
 * an unhelpful error on it.
 */
export function parsePlaylist(text: string): PlaylistText {
  if (!text.startsWith('#EXTM3U')) {
    const start = text.trim().slice(0, 40);
    return {
      kind: 'invalid',
      reason: start === '' ? 'it is empty' : `it begins with "${start}", not #EXTM3U`,
    };
  }
  try {
    HLS.setOptions({ strictMode: true, silent: true });
    const parsed = HLS.parse(text);
    if ('variants' in parsed) {
      return {
        kind: 'master',
        variants: parsed.variants.map((variant) => ({
          uri: variant.uri,
          bandwidth: Number.isFinite(variant.bandwidth) ? variant.bandwidth : null,
          codecs: variant.codecs ?? null,
          resolution:
            variant.resolution === undefined
              ? null
              : `${variant.resolution.width}x${variant.resolution.height}`,
          frameRate: variant.frameRate ?? null,
        })),
      };
    }
    return {
      kind: 'media',
      playlist: {
        sequence: parsed.mediaSequenceBase ?? 0,
        targetDurationSeconds: parsed.targetDuration,
        segments: parsed.segments.map((segment) => ({
          uri: segment.uri,
          durationSeconds: segment.duration,
          discontinuity: segment.discontinuity ?? false,
        })),
        ended: parsed.endlist,
        encrypted: parsed.segments.some((segment) => segment.key != null && segment.key.method !== 'NONE'),
      },
    };
  } catch (error) {
    return { kind: 'invalid', reason: messageOf(error, 'unreadable') };
  }
}
