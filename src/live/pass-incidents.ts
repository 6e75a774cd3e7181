import { OperatorError } from '../kit/errors/operator-error.js';
import { retell } from '../kit/errors/retell.js';
import type { IncidentNote } from './incident-mail.js';
import type { Incident } from './keeper/keeper-port.js';
import type { LiveStore } from './pass-port.js';
import type { LiveAction } from './reconcile.js';

/** What an administrator should know after a pass: its failures, what keepers report, what waits. */
export function gatherIncidents(
  store: LiveStore,
  actions: readonly LiveAction[],
  failures: readonly OperatorError[],
): IncidentNote[] {
  const notes: IncidentNote[] = failures.map((failure) => ({
    key: `${failure.code}:${String(failure.parameters['id'] ?? '')}`,
    text: failure.message,
    remedy: failure.remedy,
  }));
  for (const { status } of store.list()) {
    for (const incident of status?.incidents ?? []) notes.push(incidentNote(status?.id ?? '', incident));
  }
  for (const action of actions) {
    if (action.kind !== 'restart') continue;
    notes.push(note('live-keeper-died', action.id, { id: action.id, log: `bbb2pod live status` }));
  }
  const waiting = actions.filter(
    (action) => action.kind === 'wait' && action.reason === 'no-free-slot',
  ).length;
  if (waiting > 0) notes.push(note('live-no-free-slot', '', { count: waiting }));
  return notes;
}

/** A note in the language of whoever reads it; the note itself is English, for JSON and the memory of mails. */
export const shownNote = ({ key, text, remedy }: IncidentNote): { text: string; remedy: string } =>
  retell({ code: key.split(':')[0] ?? '', message: text, remedy });

/** What a keeper reports. */
export const incidentNote = (
  id: string,
  { code, detail }: Pick<Incident, 'code' | 'detail'>,
): IncidentNote =>
  code === 'bbb-unreachable'
    ? { ...note('live-bbb-unreachable', '', { call: 'getMeetingInfo', detail }) }
    : note(
        code === 'join-refused' || code === 'join-failed' || code === 'start-failed'
          ? 'live-start-failed'
          : `live-${code}`,
        id,
        {
          id,
          detail,
        },
      );

function note(
  code: ConstructorParameters<typeof OperatorError>[0],
  id: string,
  parameters: Record<string, string | number>,
): IncidentNote {
  const { message, remedy } = new OperatorError(code, parameters);
  return { key: `${code}:${id}`, text: message, remedy };
}
