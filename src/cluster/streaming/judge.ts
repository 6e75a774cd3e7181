import { linkCauses, resultsOf, type CauseRule, type ClusterResult } from '../check/cluster-result.js';
import type { ClusterTargets, StreamingTargets } from '../check/targets.js';
import { checkBalancers } from './balancer-checks.js';
import { checkIngests } from './ingest-checks.js';
import {
  checkPlaylists,
  placeOf,
  type PreviousPlaylists,
  type PreviousPositions,
  type PreviousSequences,
} from './playlist-checks.js';
import { mediaOf } from './check-agreement.js';
import type { StreamingFacts } from './run-facts.js';

/** Which fault explains which: from the camera to the viewer, the first broken link is named. */
const causes: readonly CauseRule[] = [
  { effect: /^S15-(absent|stalled|unknown)/, causes: [{ code: /^S14-/, scope: 'here' }] },
  {
    effect: /^S16-/,
    causes: [
      { code: /^S14-/, scope: 'here' },
      { code: /^S15-(absent|stalled)/, scope: 'here' },
    ],
  },
  {
    effect: /^S(09-(frozen|late)|10-(missing|ended|short|breaks|broken)|11-missing|08-error|17-)/,
    causes: [
      { code: /^S08-(silent|error)/, scope: 'here' },
      { code: /^S20-full/, scope: 'anywhere' },
      { code: /^S14-/, scope: 'anywhere' },
      { code: /^S15-(absent|stalled)/, scope: 'anywhere' },
      { code: /^S16-(absent|stalled)/, scope: 'anywhere' },
    ],
  },
  { effect: /^S17-/, causes: [{ code: /^S09-frozen/, scope: 'anywhere' }] },
  { effect: /^S05-down/, causes: [{ code: /^S08-(silent|error)/, scope: 'here' }] },
  // One server seen by two balancers is one thing to repair.
  { effect: /^S05-(down|draining|maintenance|unchecked)/, causes: [{ code: /^S05-/, scope: 'here' }] },
  {
    effect: /^S06-/,
    causes: [
      { code: /^S08-silent/, scope: 'anywhere' },
      { code: /^S05-(down|draining|maintenance|unchecked)/, scope: 'anywhere' },
    ],
  },
  {
    effect: /^S01-error/,
    causes: [
      { code: /^S08-(silent|error)/, scope: 'anywhere' },
      { code: /^S05-(down|maintenance|draining)/, scope: 'anywhere' },
    ],
  },
  { effect: /^S(02|05)-unknown/, causes: [{ code: /^S01-silent/, scope: 'here' }] },
  { effect: /^S07-/, causes: [{ code: /^S05-(down|maintenance)/, scope: 'anywhere' }] },
  { effect: /^S10-(short|targets-differ)/, causes: [{ code: /^S09-frozen/, scope: 'here' }] },
];

/** All streaming checks over one set of facts: pure. */
export function judgeStreaming(
  facts: StreamingFacts,
  targets: StreamingTargets,
  all: ClusterTargets,
  { sequences = {}, positions = {} }: Partial<PreviousPlaylists> = {},
): ClusterResult[] {
  const make = resultsOf('streaming');
  return linkCauses(
    [
      ...checkBalancers(facts, targets, all, make),
      ...checkPlaylists(facts, targets, all, { sequences, positions }, make),
      ...checkIngests(facts, targets, all, make),
    ],
    causes,
  );
}

/** What the next run wants to know of this one. */
export const sequencesOf = (facts: StreamingFacts): PreviousSequences =>
  Object.fromEntries(
    facts.broadcasts.flatMap(({ name: node, renditions }) =>
      renditions.flatMap(({ name, first }) =>
        first.playlist?.kind === 'media'
          ? [[placeOf(first) ?? `${node}/${name}`, first.playlist.playlist.sequence]]
          : [],
      ),
    ),
  );

/** Since when playlists stand that tell no date: what an earlier run saw in the same state has not moved since. */
export const positionsOf = (facts: StreamingFacts, before: PreviousPositions = {}): PreviousPositions =>
  Object.fromEntries(
    facts.broadcasts.flatMap(({ name: node, renditions }) =>
      renditions.flatMap(({ name, first, second }) => {
        const media = mediaOf(second ?? first);
        if (media === null || first.ageSeconds !== null) return [];
        const place = placeOf(first) ?? `${node}/${name}`;
        const { position } = media;
        const known = before[place];
        return [[place, known?.position === position ? known : { position, since: facts.at }]];
      }),
    ),
  );
