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
