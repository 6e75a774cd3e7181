import { linkCauses, resultsOf, type CauseRule, type ClusterResult } from '../check/cluster-result.js';
import type { ClusterTargets, JitsiTargets } from '../check/targets.js';
import { checkBridges, type PreviousJitsi } from './bridge-checks.js';
import type { JitsiRunFacts } from './run-facts.js';
import { checkServer } from './server-checks.js';

/** From prosody to the meeting: what keeps a bridge away is named, not each thing that misses it. */
const causes: readonly CauseRule[] = [
  { effect: /^J0(1-(silent|error)|3-silent)/, causes: [{ code: /^J02-unresolved/, scope: 'here' }] },
  { effect: /^J05-jicofo-silent/, causes: [{ code: /^J02-unresolved/, scope: 'here' }] },
  { effect: /^J01-(bosh|websocket)/, causes: [{ code: /^J03-silent/, scope: 'anywhere' }] },
  { effect: /^J0(7-silent|9-closed)/, causes: [{ code: /^J02-(unresolved|shared)/, scope: 'here' }] },
  {
    effect: /^J08-/,
    causes: [
      { code: /^J03-/, scope: 'anywhere' },
      { code: /^J04-/, scope: 'anywhere' },
      { code: /^J05-room/, scope: 'anywhere' },
    ],
  },
  {
    effect: /^J05-(missing|unknown)/,
    causes: [
      { code: /^J02-unresolved/, scope: 'here' },
      { code: /^J06-shared/, scope: 'anywhere' },
      { code: /^J03-/, scope: 'anywhere' },
      { code: /^J04-/, scope: 'anywhere' },
      { code: /^J05-room/, scope: 'anywhere' },
      { code: /^J07-silent/, scope: 'here' },
      { code: /^J08-/, scope: 'here' },
      { code: /^J15-stopping/, scope: 'here' },
    ],
  },
  { effect: /^J09-closed/, causes: [{ code: /^J07-/, scope: 'here' }] },
  { effect: /^J10-/, causes: [{ code: /^J09-closed/, scope: 'here' }] },
  {
    effect: /^J05-jicofo$/,
    causes: [
      { code: /^J03-/, scope: 'anywhere' },
      { code: /^J04-/, scope: 'anywhere' },
      { code: /^J05-(missing|room)/, scope: 'anywhere' },
      { code: /^J07-/, scope: 'anywhere' },
    ],
  },
  {
    effect: /^J1[34]-/,
    causes: [
      { code: /^J03-silent/, scope: 'anywhere' },
      { code: /^J05-missing/, scope: 'anywhere' },
      { code: /^J06-shared/, scope: 'anywhere' },
      { code: /^J07-/, scope: 'anywhere' },
      { code: /^J15-/, scope: 'anywhere' },
      { code: /^J05-jicofo/, scope: 'anywhere' },
    ],
  },
  { effect: /^J1[15]-/, causes: [{ code: /^J13-/, scope: 'here' }] },
];

/** All Jitsi checks over one set of facts: pure. */
export function judgeJitsi(
  facts: JitsiRunFacts,
  targets: JitsiTargets,
  all: ClusterTargets,
  previous: PreviousJitsi = { lostBridges: null },
): ClusterResult[] {
  const make = resultsOf('jitsi');
  return linkCauses(
    [...checkServer(facts, targets, make), ...checkBridges(facts, targets, all, previous, make)],
    causes,
  );
}
