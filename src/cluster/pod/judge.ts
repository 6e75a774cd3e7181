import {
  linkCauses,
  resultsOf,
  type CauseRule,
  type ClusterResult,
  type ResultMaker,
} from '../check/cluster-result.js';
import type { ClusterTargets, PodTargets } from '../check/targets.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import { lintSettings } from '../lint/lint-settings.js';
import { checkBroker } from './broker-checks.js';
import { checkQueues } from './queue-checks.js';
import type { PodFacts } from './run-facts.js';
import { checkServices } from './service-checks.js';
import { checkWorkers } from './worker-checks.js';

/** From the broker to the job: a broker that is down is one alarm, not twelve. */
const causes: readonly CauseRule[] = [
  { effect: /^P(0[5-9]|1[01])-unknown/, causes: [{ code: /^P0[12]-/, scope: 'anywhere' }] },
  {
    effect: /^P05-(none|nobody|fewer)/,
    causes: [
      { code: /^P06-stray/, scope: 'anywhere' },
      { code: /^P07-(hung|deaf|absent|idle)/, scope: 'anywhere' },
      { code: /^P08-shared/, scope: 'anywhere' },
    ],
  },
  { effect: /^P07-(absent|deaf)/, causes: [{ code: /^P08-shared/, scope: 'anywhere' }] },
  {
    effect: /^P09-/,
    causes: [
      { code: /^P05-/, scope: 'here' },
      { code: /^P07-(hung|deaf|absent|idle)/, scope: 'anywhere' },
      { code: /^P12-/, scope: 'anywhere' },
    ],
  },
  { effect: /^P11-orphans/, causes: [{ code: /^P07-(hung|deaf|absent)/, scope: 'anywhere' }] },
  { effect: /^P10-unfair/, causes: [{ code: /^P10-prefetch/, scope: 'here' }] },
  { effect: /^P19-/, causes: [{ code: /^P14-(missing|split|unseen)/, scope: 'anywhere' }] },
  { effect: /^P06-filled/, causes: [{ code: /^P06-stray/, scope: 'anywhere' }] },
];

/** P18: the settings that the inventory names, read as `cluster check --file` reads them. */
function checkSettings(
  { settings }: PodFacts,
  { settingsFile: path }: PodTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (settings === null || path === null) return [];
  if (!settings.ok)
    return [make.notFromHere('P18', 'settings', `where ${path} is readable (${settings.detail})`)];
  const file = { path, text: settings.value, mode: null };
  const found = lintSettings(file, readPythonConstants(settings.value));
  return found.some(({ status }) => status !== 'ok') ? found : [...found, make.good('P18', 'settings')];
}

/** All checks of Pod's workers over one set of facts: pure. */
export function judgePod(facts: PodFacts, targets: PodTargets, all: ClusterTargets): ClusterResult[] {
  const make = resultsOf('encoding');
  return linkCauses(
    [
      ...facts.brokers.flatMap((broker) => checkBroker(broker, make)),
      ...checkWorkers(facts, targets, all, make),
      ...checkQueues(facts, targets, make),
      ...checkServices(facts, targets, make),
      ...checkSettings(facts, targets, make),
    ],
    causes,
  );
}
