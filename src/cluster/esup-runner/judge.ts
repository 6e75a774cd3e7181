import { readPythonConstants } from '../../kit/config/init/read-python.js';
import {
  linkCauses,
  resultsOf,
  type CauseRule,
  type ClusterResult,
  type ResultMaker,
} from '../check/cluster-result.js';
import type { ClusterTargets } from '../check/targets.js';
import type { EsupRunnerFacts } from './facts.js';
import { checkHosts } from './host-checks.js';
import { checkManager } from './manager-checks.js';
import { checkPodTables } from './pod-checks.js';
import { checkRunners, type PreviousIdle } from './runner-checks.js';
import type { EsupRunnerTargets } from './targets.js';
import { checkWebhook } from './webhook-checks.js';

const DOWN = /^R0[123]-(silent|other|invalid)/;
const anywhere = (code: RegExp): CauseRule['causes'][number] => ({ code, scope: 'anywhere' });
const here = (code: RegExp): CauseRule['causes'][number] => ({ code, scope: 'here' });

/** Why a type of task has too few runners. */
const FEWER_RUNNERS = [
  anywhere(DOWN),
  anywhere(/^R06-none/),
  anywhere(/^R09-/),
  anywhere(/^R11-/),
  anywhere(/^R10-(unreachable|unknown)/),
  anywhere(/^R07-fewer/),
];

/**
 * From the manager to the news of a finished task: its life, its token, versions, registration, addresses, types,
 * Pod's webhook, and Pod's own timer last.
 */
const causes: readonly CauseRule[] = [
  { effect: /^R04-unknown/, causes: [anywhere(DOWN)] },
  { effect: /^R(05|06|07|08|33|35)-unknown/, causes: [anywhere(DOWN), anywhere(/^R04-refused/)] },
  { effect: /^R0[12]-/, causes: [anywhere(/^R03-invalid/), here(/^R22-/)] },
  { effect: /^R11-unregistered/, causes: [anywhere(DOWN), here(/^R09-/), anywhere(/^R06-none/)] },
  { effect: /^R06-none/, causes: [anywhere(/^R09-/)] },
  {
    effect: /^R07-(fewer|unknown)/,
    causes: [anywhere(/^R06-none/), anywhere(/^R09-/), anywhere(/^R11-/), anywhere(/^R13-moved/)],
  },
  // One that the manager does not know, or that cannot be reached, tells nothing of itself.
  {
    effect: /^R08-late/,
    causes: [anywhere(DOWN), here(/^R09-/), here(/^R11-/), here(/^R10-unreachable/)],
  },
  {
    effect: /^R10-unknown/,
    causes: [anywhere(/^R1[23]-/), anywhere(DOWN), anywhere(/^R06-none/), anywhere(/^R07-fewer/)],
  },
  { effect: /^R10-unreachable/, causes: [here(/^R12-/), here(/^R13-moved/), here(/^R23-two/)] },
  { effect: /^R13-moved/, causes: [here(/^R23-two/)] },
  { effect: /^R14-(nobody|unknown)/, causes: FEWER_RUNNERS },
  { effect: /^R15-single/, causes: FEWER_RUNNERS },
  { effect: /^R27-unknown/, causes: [anywhere(/^R28-/)] },
  { effect: /^R28-/, causes: [anywhere(/^R30-/)] },
  {
    effect: /^R32-/,
    causes: [
      anywhere(DOWN),
      anywhere(/^R04-/),
      anywhere(/^R06-none/),
      anywhere(/^R1[024]-/),
      anywhere(/^R29-/),
      anywhere(/^R3[01]-/),
      anywhere(/^R21-/),
    ],
  },
  {
    effect: /^R(33|36)-/,
    causes: [anywhere(DOWN), anywhere(/^R04-refused/), anywhere(/^R20-/)],
  },
  {
    effect: /^R35-/,
    causes: [anywhere(/^R27-/), anywhere(/^R28-/), anywhere(/^R29-/), anywhere(/^R30-/)],
  },
  {
    effect: /^R34-/,
    causes: [anywhere(/^R38-/), anywhere(/^R17-full/), anywhere(/^R26-/), anywhere(/^R30-/)],
  },
];

/** All checks of esup-runner over one set of facts: pure. */
export function judgeEsupRunner(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  all: ClusterTargets,
  previous: PreviousIdle = {},
): ClusterResult[] {
  const make = makerFor(targets);
  return linkCauses(
    [
      ...checkManager(facts, targets, all, make),
      ...checkRunners(facts, targets, all, previous, make),
      ...checkWebhook(facts, targets, make),
      ...checkPodTables(facts, targets, make),
      ...checkHosts(facts, targets, make),
    ],
    causes,
  );
}

/** Words that remedies need everywhere: they are typed as printed. */
function makerFor(targets: EsupRunnerTargets): ResultMaker {
  const { managerUrl: manager, managerHost: host, user, root, podUser, podRoot, venv } = targets;
  const words = { manager, host, user, root, podUser, podRoot, venv };
  const plain = resultsOf('esup-runner');
  return {
    ...plain,
    found: (code, subject, details = {}) =>
      plain.found(code, subject, { ...details, parameters: { ...words, ...details.parameters } }),
  };
}

/** Whether Pod sends its work to the runners, and how that is known; null: it is not. */
export function usesRunners({
  settings,
  webhook,
  pod,
}: EsupRunnerFacts): { on: boolean; how: string } | null {
  if (settings?.ok === true) {
    const value = readPythonConstants(settings.value).get('USE_RUNNER_MANAGER');
    if (typeof value === 'boolean') return { on: value, how: 'USE_RUNNER_MANAGER' };
  }
  if (webhook?.answer.ok === true) {
    const { status } = webhook.answer.value;
    // The route exists with USE_RUNNER_MANAGER alone (Esup-Pod 4.2, pod/urls.py).
    if (status === 405 || status === 401) return { on: true, how: 'webhook' };
    if (status === 404) return { on: false, how: 'webhook 404' };
  }
  if (pod?.ok === true && pod.value.tasks.length > 0) return { on: true, how: 'runner_manager_task' };
  return null;
}
