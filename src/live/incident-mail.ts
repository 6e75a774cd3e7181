/** Something an administrator should know, recognised from pass to pass by its key. */
export interface IncidentNote {
  readonly key: string;
  readonly text: string;
  readonly remedy: string;
}

type Told = Readonly<Record<string, { readonly since: number; readonly lastSeenAt: number }>>;

/** An incident that was gone for so long and comes back is a new one. */
const FORGET_MS = 10 * 60_000;
/** What is still there is noted so often, so that the memory is not written at every pass. */
const REFRESH_MS = 60_000;

/**
 * Which incidents are new and hence worth one mail; pure.
 * @param told what was told before, by key.
 */
export function planMail(
  told: Told,
  incidents: readonly IncidentNote[],
  now: number,
): { told: Told; fresh: IncidentNote[] } {
  const next: Record<string, { since: number; lastSeenAt: number }> = {};
  for (const [key, entry] of Object.entries(told)) if (now - entry.lastSeenAt < FORGET_MS) next[key] = entry;
  const fresh: IncidentNote[] = [];
  for (const incident of incidents) {
    const known = next[incident.key];
    if (known === undefined) fresh.push(incident);
    if (known === undefined || now - known.lastSeenAt > REFRESH_MS)
      next[incident.key] = { since: known?.since ?? now, lastSeenAt: now };
  }
  return { told: next, fresh };
}
