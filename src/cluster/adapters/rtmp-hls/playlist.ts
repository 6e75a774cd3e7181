import * as HLS from 'hls-parser';
import type {
  AlternativeFacts,
  MediaPlaylistFacts,
  PlaylistText,
  SegmentFacts,
} from '../../streaming/facts.js';
import { messageOf } from '../../../kit/errors/operator-error.js';

/**
 * Parses an HLS playlist with hls-parser, leniently: a library that insists on every MUST of the RFC refuses lists
 * that all players take (an EXT-X-DATERANGE without a date, version 2 with decimal durations). An error page is told
 * apart first: the library would throw an unhelpful error on it. A byte order mark is no error for players either.
 */
export function parsePlaylist(given: string): PlaylistText {
  const text = given.replace(/^\uFEFF/, '');
  if (!text.startsWith('#EXTM3U')) {
    const start = text.trim().slice(0, 40);
    return invalid(start === '' ? 'it is empty' : `it begins with "${start}", not #EXTM3U`);
  }
  try {
    HLS.setOptions({ strictMode: false, silent: true });
    const parsed = HLS.parse(text);
    return withAddresses('variants' in parsed ? readMaster(parsed, text) : readMedia(parsed, text));
  } catch (error) {
    return invalid(messageOf(error, 'unreadable'));
  }
}

/** Whoever wrote a playlist may write anything for an address: all that it names can be asked for. */
function withAddresses(read: PlaylistText): PlaylistText {
  if (read.kind === 'invalid') return read;
  const named =
    read.kind === 'master'
      ? [...read.variants, ...read.alternatives].map(({ uri }) => uri)
      : [
          ...read.playlist.segments.flatMap(({ uri, map }) => [uri, ...(map === null ? [] : [map.uri])]),
          read.playlist.keyUri ?? '',
        ];
  const none = named.find((uri) => !URL.canParse(uri, 'http://localhost/'));
  return none === undefined ? read : invalid(`"${none.slice(0, 40)}" is no address`);
}

const invalid = (reason: string): PlaylistText => ({ kind: 'invalid', reason });

/** `EXT-X-MEDIA` of a group that no variant names: the library leaves them out, and the master announces them. */
const unnamedMedia = (text: string): AlternativeFacts[] =>
  [...text.matchAll(/^#EXT-X-MEDIA:(.*)$/gm)].flatMap(([, attributes = '']) => {
    const kind = /(?:^|,)TYPE=(AUDIO|VIDEO|SUBTITLES)\b/.exec(attributes)?.[1]?.toLowerCase();
    const uri = /(?:^|,)URI="([^"]+)"/.exec(attributes)?.[1];
    return uri === undefined || kind === undefined ? [] : [{ kind: kind as AlternativeFacts['kind'], uri }];
  });

function readMaster({ variants }: HLS.types.MasterPlaylist, text: string): PlaylistText {
  const alternatives = new Map(unnamedMedia(text).map((one): [string, AlternativeFacts] => [one.uri, one]));
  for (const variant of variants)
    for (const [kind, all] of [
      ['audio', variant.audio],
      ['video', variant.video],
      ['subtitles', variant.subtitles],
    ] as const)
      // One without a URI is in the variant itself; captions always are.
      for (const { uri } of all) if (uri !== undefined) alternatives.set(uri, { kind, uri });
  return {
    kind: 'master',
    alternatives: [...alternatives.values()],
    variants: variants.map((variant) => ({
      uri: variant.uri,
      // SRS writes BANDWIDTH=1 where it knows none (srs_app_http_static.cpp, 5.0).
      bandwidth: Number.isFinite(variant.bandwidth) && variant.bandwidth > 1 ? variant.bandwidth : null,
      codecs: variant.codecs ?? null,
      resolution:
        variant.resolution === undefined ? null : `${variant.resolution.width}x${variant.resolution.height}`,
      frameRate: variant.frameRate ?? null,
      iFramesOnly: variant.isIFrameOnly ?? false,
    })),
  };
}

function readMedia(parsed: HLS.types.MediaPlaylist, text: string): PlaylistText {
  // The library hangs the parts of a segment that is not finished on one without a name.
  const whole = parsed.segments.filter(({ uri }) => uri !== '');
  if (!Number.isFinite(parsed.targetDuration)) return invalid('no EXT-X-TARGETDURATION (RFC 8216, 4.3.3.1)');
  if (whole.some(({ duration }) => !Number.isFinite(duration)))
    return invalid('a segment without EXTINF (RFC 8216, 4.3.2.1)');
  const sequence = parsed.mediaSequenceBase ?? 0;
  const segments = whole.map(readSegment);
  const parts = parsed.segments.reduce((sum, segment) => sum + segment.parts.length, 0);
  const playlist: MediaPlaylistFacts = {
    sequence,
    targetDurationSeconds: parsed.targetDuration,
    segments,
    skipped: Number(/^#EXT-X-SKIP:.*SKIPPED-SEGMENTS=(\d+)/m.exec(text)?.[1] ?? 0),
    ended: parsed.endlist,
    encryption:
      whole.map(({ key }) => key?.method).find((one) => one !== undefined && one !== 'NONE') ?? null,
    keyUri: keyUriOf(whole, text),
    iFramesOnly: parsed.isIFrame ?? false,
    spliced: /^#EXT-X-(?:CUE-OUT|CUE:|OATCLS|SCTE35)|^#EXT-X-DATERANGE:.*SCTE35/m.test(text),
    position: `${sequence}/${segments.length}/${segments.at(-1)?.uri ?? ''}/${parts}`,
  };
  return { kind: 'media', playlist };
}

/** The key that a player fetches by itself (RFC 8216, 4.3.2.4: KEYFORMAT identity); one of a DRM is none of these. */
function keyUriOf(segments: readonly HLS.types.Segment[], text: string): string | null {
  if (/^#EXT-X-KEY:.*KEYFORMAT="(?!identity")/m.test(text)) return null;
  const key = segments.at(-1)?.key;
  if (isNone(key) || key?.uri === undefined || !/^(?:AES-128|SAMPLE-AES)$/.test(key.method)) return null;
  return /^(?!https?:)[a-z][\w+.-]*:/i.test(key.uri) ? null : key.uri;
}

function readSegment(segment: HLS.types.Segment): SegmentFacts {
  const { byterange, map } = segment;
  return {
    uri: segment.uri,
    durationSeconds: segment.duration,
    discontinuity: segment.discontinuity ?? false,
    byteRange: readRange(byterange),
    // The library leaves null where there is none; its types do not say so.
    map: isNone(map) ? null : { uri: map.uri, byteRange: readRange(map.byterange) },
    gap: (segment as { gap?: boolean }).gap ?? false,
  };
}

const isNone = (value: unknown): boolean => value === undefined || value === null;

const readRange = (range: { length: number; offset: number } | undefined): SegmentFacts['byteRange'] =>
  range === undefined || isNone(range) ? null : { length: range.length, offset: range.offset };
