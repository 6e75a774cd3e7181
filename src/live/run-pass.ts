import type { OperatorError } from '../kit/errors/operator-error.js';
import { announceNewcomers, attempt, carryOut } from './carry-out.js';
import { decide, gatherFacts, remember } from './gather-facts.js';
import { gatherIncidents } from './pass-incidents.js';
import type { IncidentNote } from './incident-mail.js';
import type { PassPorts, PassSettings } from './pass-port.js';
import type { LiveAction } from './reconcile.js';
import { startNotes, tellIncidents } from './tell-incidents.js';

export interface PassReport {
  readonly actions: readonly LiveAction[];
  readonly failures: readonly OperatorError[];
  readonly incidents: readonly IncidentNote[];
}

/** One pass: gather, decide, act, and tell what is wrong. A failure of one live never holds up another. */
export async function runPass(
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<PassReport> {
  const facts = await gatherFacts(ports, settings, signal);
  const decided = decide(ports, settings, facts);
  remember(ports, decided);
  const failures = [...facts.failures];
  for (const action of decided.actions)
    await attempt(failures, () => carryOut(action, ports, settings, signal));
  await announceNewcomers(decided.actions, ports, settings, facts, failures, signal);
  const incidents = gatherIncidents(ports.store, decided.actions, failures);
  await tellIncidents(ports, incidents, settings.mailOnStart ? startNotes(decided.actions) : []);
  return { actions: decided.actions, failures, incidents };
}

/** The decisions alone: nothing is written, not even counters. */
export async function planPass(
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<PassReport> {
  const facts = await gatherFacts(ports, settings, signal);
  const { actions } = decide(ports, settings, facts);
  return { actions, failures: facts.failures, incidents: [] };
}
