import type { OperatorError } from '../kit/errors/operator-error.js';
import { announceNewcomers, attempt, carryOut } from './carry-out.js';
import { decide, gatherFacts, remember } from './gather-facts.js';
import { gatherIncidents } from './pass-incidents.js';
import { type IncidentNote, planMail } from './incident-mail.js';
import type { PassPorts, PassSettings } from './pass-port.js';
import type { LiveAction } from './reconcile.js';

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
  await announceNewcomers(decided.actions, { ports, settings, facts, failures, signal });
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

/** `[mail] on_start`: one note per live that starts. */
export const startNotes = (actions: readonly LiveAction[]): IncidentNote[] =>
  actions.flatMap((action) =>
    action.kind === 'start'
      ? [
          {
            key: `start:${action.live.id}`,
            text: `${action.live.id} starts: ${action.live.meetingName}`,
            remedy: '',
          },
        ]
      : [],
  );

/**
 * One mail per incident: told when it appears, again only after it was gone for a while. What a mail server did not
 * take counts as untold: the next pass tries again.
 */
export async function tellIncidents(
  { store, sendMail, now, log }: PassPorts,
  incidents: readonly IncidentNote[],
  starts: readonly IncidentNote[],
): Promise<void> {
  const { told: before } = store.memory();
  const { told, fresh } = planMail(before, incidents, now());
  for (const { text } of fresh) log('warn', text);
  let untold: readonly IncidentNote[] = [];
  if (fresh.length + starts.length > 0 && sendMail !== null)
    await sendMail([...fresh, ...starts]).catch((error: unknown) => {
      untold = fresh;
      log('warn', `mail: ${error instanceof Error ? error.message : 'not sent'}`);
    });
  const keys = new Set(untold.map(({ key }) => key));
  const after = Object.fromEntries(Object.entries(told).filter(([key]) => !keys.has(key)));
  if (JSON.stringify(after) !== JSON.stringify(before)) store.remember({ ...store.memory(), told: after });
}
