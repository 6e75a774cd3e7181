import { OperatorError } from '../kit/errors/operator-error.js';
import type { ClaimState, MeetingFacts, OwnLive, WantedLive } from './live.js';
import type { PassPorts, PassSettings, StoredLive } from './pass-port.js';
import { reconcile, type Reconciliation } from './reconcile.js';

/** What a pass found out; null is what nobody would tell. */
export interface PassFacts {
  readonly wanted: readonly WantedLive[] | null;
  readonly meetings: ReadonlyMap<string, MeetingFacts> | null;
  readonly claims: ReadonlyMap<string, ClaimState> | null;
  readonly failures: readonly OperatorError[];
}

/** Asks Pod, BBB and the claims at once. What does not answer stays unknown, and is told. */
export async function gatherFacts(
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<PassFacts> {
  const failures: OperatorError[] = [];
  const own = ports.store.list().map(({ job }) => job.id);
  const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof OperatorError)) throw error;
      failures.push(error);
      return null;
    }
  };
  const [wanted, meetings] = await Promise.all([
    orNull(ports.pod.listWanted(new Set(own), signal)),
    orNull(ports.meetings.listMeetings(signal)),
  ]);
  const ids = [...new Set([...own, ...(wanted ?? []).filter((l) => l.desire === 'run').map((l) => l.id)])];
  const claims =
    ports.claims === null || settings.sharing !== 'claims' ? null : await orNull(ports.claims.view(ids));
  return {
    wanted,
    meetings: meetings === null ? null : new Map(meetings.map((meeting) => [meeting.meetingId, meeting])),
    claims,
    failures,
  };
}

/** The pure decision on what was found and what is ours. */
export function decide({ store, now }: PassPorts, settings: PassSettings, facts: PassFacts): Reconciliation {
  return reconcile({
    now: now(),
    server: settings.server,
    servers: settings.servers,
    slots: settings.slots,
    sharing: settings.sharing,
    wanted: facts.wanted,
    meetings: facts.meetings,
    claims: facts.claims,
    own: store.list().map((live) => asOwn(live, now() - settings.silenceMs)),
    orphanAbsences: new Map(Object.entries(store.memory().orphanAbsences)),
  });
}

const asOwn = ({ job, record, status, keeperAlive, heardAt }: StoredLive, silentSince: number): OwnLive => ({
  id: job.id,
  origin: job.origin === 'hand' ? 'gateway' : job.origin,
  podId: job.podId,
  meetingId: job.meetingId,
  createTime: job.createTime,
  slot: job.slot,
  keeperAlive: keeperAlive && heardAt > silentSince,
  phase: status?.phase ?? 'starting',
  endReason: status?.endReason ?? null,
  announced: record.announced,
  stopAsked: record.stopAsked,
  absences: record.absences,
  missing: record.missing,
  deaths: record.deaths,
  nextStartAt: record.nextStartAt,
});

/** Keeps the counters until the next pass; unchanged ones cost no write. */
export function remember({ store }: PassPorts, decided: Reconciliation): void {
  const before = new Map(store.list().map(({ job, record }) => [job.id, record]));
  for (const [id, counted] of decided.counters) {
    const record = before.get(id);
    if (record?.absences !== counted.absences || record.missing !== counted.missing)
      store.update(id, counted);
  }
  const orphanAbsences = Object.fromEntries(decided.orphanAbsences);
  const memory = store.memory();
  if (JSON.stringify(memory.orphanAbsences) !== JSON.stringify(orphanAbsences))
    store.remember({ ...memory, orphanAbsences });
}
