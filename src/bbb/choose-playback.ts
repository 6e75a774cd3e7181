import { isPlayback20, isTokenUrl, toPlayback23 } from './playback-url.js';
import type { PlaybackFormat, Recording } from './recording.js';

/** What to play back: one URL, or the types that there are instead (podcast, screenshare, notes, statistics, …). */
export type Playback =
  | {
      readonly url: string;
      readonly kind: 'video' | 'presentation';
      /** Single-use: asked again from BBB just before it is used. */
      readonly token: boolean;
      readonly is20Link: boolean;
      readonly sizeBytes: number | null;
      readonly lengthMinutes: number | null;
    }
  /** `relative`: the URL of one that could be taken, were it absolute. */
  | { readonly none: readonly string[]; readonly relative?: string };

/** With a scheme that Pod can follow, and a host. `http:/x` is read by browsers alone. */
const isAbsolute = (url: string): boolean => /^https?:\/\/[^/]/i.test(url) && URL.canParse(url);

/** A way to a page, but for what stands before it; another scheme is none. */
const isIncomplete = (url: string): boolean =>
  !isAbsolute(url) && (!URL.canParse(url) || /^https?:/i.test(url));

/** The video when there is one, else the presentation; of several of a type the last, as the old script had it. */
export function choosePlayback(
  { formats }: Pick<Recording, 'formats'>,
  options: { readonly playback23: boolean },
): Playback {
  const usable = formats.filter(({ url }) => isAbsolute(url));
  const last = (type: string): PlaybackFormat | undefined =>
    usable.findLast((format) => format.type === type);
  const chosen = last('video') ?? last('presentation');
  if (chosen === undefined) {
    const relative = formats.find(
      ({ type, url }) => (type === 'video' || type === 'presentation') && isIncomplete(url),
    );
    const none = [...new Set(formats.map(({ type }) => type))];
    return relative === undefined ? { none } : { none, relative: relative.url };
  }
  const url = chosen.type === 'presentation' && options.playback23 ? toPlayback23(chosen.url) : chosen.url;
  return {
    url,
    kind: chosen.type === 'video' ? 'video' : 'presentation',
    token: isTokenUrl(url),
    is20Link: isPlayback20(url),
    sizeBytes: chosen.sizeBytes,
    lengthMinutes: chosen.lengthMinutes,
  };
}
