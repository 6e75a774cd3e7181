import { about, type ClusterResult, type ResultMaker } from '../check/cluster-result.js';
import type { StreamingThresholds } from '../check/targets.js';
import type { MediaPlaylistFacts } from './facts.js';
import type { PlaylistPoll, StreamingFacts } from './run-facts.js';

/** The media playlist of a poll. */
export const mediaOf = ({ playlist }: PlaylistPoll): MediaPlaylistFacts | null =>
  playlist?.kind === 'media' ? playlist.playlist : null;

/** S17: the same stream, the same place in it, on all nodes. */
export function checkAgreement(
  facts: StreamingFacts,
  thresholds: StreamingThresholds,
  away: (name: string) => boolean,
  make: ResultMaker,
): ClusterResult[] {
  const places = new Map<string, { node: string; stream: string; sequence: number }[]>();
  for (const { name: node, stream, renditions } of facts.broadcasts) {
    if (away(node)) continue;
    for (const { name, kind, first } of renditions) {
      const media = kind === 'i-frames' ? null : mediaOf(first);
      if (media === null) continue;
      // Two streams may have renditions of one path below their masters.
      const place = `${stream}\n${name}`;
      places.set(place, [
        ...(places.get(place) ?? []),
        { node, stream, sequence: media.sequence + media.segments.length },
      ]);
    }
  }
  return [...places].flatMap(([place, nodes]) => {
    const name = place.split('\n')[1] ?? place;
    if (nodes.length < 2) return [];
    const sorted = nodes.toSorted((a, b) => a.sequence - b.sequence);
    const [behind] = sorted;
    const ahead = sorted.at(-1);
    if (behind === undefined || ahead === undefined) return [];
    const distance = ahead.sequence - behind.sequence;
    const subject = `${behind.node}/${name}`;
    const parameters = { distance, behind: behind.node, ahead: ahead.node, rendition: name };
    const evidence = sorted.map(({ node, sequence }) => `${node}: ${sequence}`);
    const measures = [
      {
        label: `distance_${name.replaceAll(/\W/g, '_')}`,
        value: distance,
        unit: '' as const,
        warning: thresholds.sequenceWarning,
        critical: thresholds.sequenceCritical,
      },
    ];
    if (distance > thresholds.sequenceCritical)
      return about(behind.stream, [make.found('S17-diverged', subject, { parameters, evidence, measures })]);
    if (distance >= thresholds.sequenceWarning)
      return about(behind.stream, [make.found('S17-behind', subject, { parameters, evidence, measures })]);
    return about(behind.stream, [make.good('S17', subject, { evidence, measures })]);
  });
}
