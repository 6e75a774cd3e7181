import type { StreamTarget } from '../check/targets.js';
import type { PlaylistText } from './facts.js';
import type { RenditionFacts } from './run-facts.js';

/** A playlist to ask for: where, and what it is called in findings. */
export interface RenditionPlace extends Pick<RenditionFacts, 'name' | 'uri' | 'kind'> {
  readonly url: string;
}

/** Whether a rendition is the one that the inventory calls so: its file, or a directory on its path. */
export const isCalled = (name: string, wanted: string): boolean => name.split('/').includes(wanted);

/** The renditions that a master announces, its sound tracks and subtitles, and what the inventory expects besides. */
export function renditionPlaces(
  playlist: PlaylistText | null,
  stream: StreamTarget,
  masterUrl: string,
): RenditionPlace[] {
  if (playlist?.kind === 'media')
    return [{ url: masterUrl, uri: null, kind: 'video', name: baseName(masterUrl) }];
  const announced = new Map<string, Pick<RenditionPlace, 'uri' | 'kind'>>();
  const add = (uri: string, kind: RenditionPlace['kind']): void => {
    const url = new URL(uri, masterUrl).href;
    if (!announced.has(url)) announced.set(url, { uri, kind });
  };
  if (playlist?.kind === 'master') {
    for (const { uri, iFramesOnly } of playlist.variants) add(uri, iFramesOnly ? 'i-frames' : 'video');
    for (const { uri, kind } of playlist.alternatives) add(uri, kind);
  }
  const named = name([...announced.keys()], masterUrl);
  const places = [...announced].map(([url, { uri, kind }]) => ({
    ...{ url, uri, kind },
    name: named.get(url) ?? baseName(url),
  }));
  const forgotten = stream.renditionsAssumed
    ? []
    : stream.renditions.filter((wanted) => !places.some((place) => isCalled(place.name, wanted)));
  return [
    ...places,
    ...forgotten.map((wanted) => ({
      url: new URL(`${wanted}.m3u8`, masterUrl).href,
      uri: null,
      kind: 'video' as const,
      name: wanted,
    })),
  ];
}

/** Names by path: `720/index` and `360/index` are two. The query tells apart what the path does not. */
function name(urls: readonly string[], masterUrl: string): Map<string, string> {
  const paths = urls.map((url) => pathFrom(url, masterUrl));
  return new Map(
    urls.map((url, i) => {
      const own = paths[i] ?? '';
      const same = paths.filter((path) => path === own).length > 1;
      return [url, same ? `${own}${new URL(url).search}` : own];
    }),
  );
}

function pathFrom(address: string, masterUrl: string): string {
  const url = new URL(address);
  const master = new URL(masterUrl);
  const directory = master.pathname.replace(/[^/]*$/, '');
  const path = url.pathname.startsWith(directory)
    ? url.pathname.slice(directory.length)
    : url.pathname.slice(1);
  return `${url.host === master.host ? '' : `${url.host}/`}${path}`.replace(/\.m3u8?$/, '');
}

const baseName = (url: string): string =>
  (new URL(url).pathname.split('/').at(-1) ?? '').replace(/\.m3u8?$/, '');
