import { planMail, type IncidentNote } from './incident-mail.js';
import type { PassPorts } from './pass-port.js';
import type { LiveAction } from './reconcile.js';

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

/** One mail per incident: told when it appears, again only after it was gone for a while. */
export async function tellIncidents(
  { store, sendMail, now, log }: PassPorts,
  incidents: readonly IncidentNote[],
  starts: readonly IncidentNote[],
): Promise<void> {
  const memory = store.memory();
  const { told, fresh } = planMail(memory.told, incidents, now());
  if (JSON.stringify(told) !== JSON.stringify(memory.told)) store.remember({ ...store.memory(), told });
  for (const { text } of fresh) log('warn', text);
  if (fresh.length + starts.length === 0 || sendMail === null) return;
  await sendMail([...fresh, ...starts]).catch((error: unknown) =>
    log('warn', `mail: ${error instanceof Error ? error.message : 'not sent'}`),
  );
}
