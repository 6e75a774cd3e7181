import { OperatorError } from '../codes/operator-error.js';
import type { ClaimState, EndReason, MeetingFacts, OwnLive, WantedLive } from './live.js';
import { gatherIncidents } from './pass-incidents.js';
import { planMail, type IncidentNote } from './incident-mail.js';
import type {
  Claims,
  HandOver,
  Keepers,
  LiveStore,
  MeetingSource,
  PassRecord,
  StoredLive,
} from './pass-port.js';
import type { PodLives } from './pod-port.js';
import { reconcile, type LiveAction, type Reconciliation, type Sharing } from './reconcile.js';
import { broadcasterName, streamName } from './stream-name.js';

export interface PassSettings {
  readonly server: number;
  readonly servers: number;
  readonly slots: number;
  readonly sharing: Sharing;
  readonly hlsUrl: string | null;
  /** False: rows without an RTMP address of their own cannot be streamed. */
  readonly hasRtmpUrl: boolean;
  readonly showChat: 'pod' | 'always' | 'never';
  readonly redis: { readonly host: string; readonly port: number } | null;
  readonly startWaitMs: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** `[mail] on_start`: each start is worth a mail too. */
  readonly mailOnStart: boolean;
}

export interface PassPorts {
  readonly pod: PodLives;
  readonly meetings: MeetingSource;
  readonly store: LiveStore;
  readonly keepers: Keepers;
  /** Null: no shared place, lives are shared by id modulo servers. */
  readonly claims: Claims | null;
  readonly handOver: HandOver;
  readonly sendMail: ((notes: readonly IncidentNote[]) => Promise<void>) | null;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly now: () => number;
}

export interface PassReport {
  readonly actions: readonly LiveAction[];
  readonly failures: readonly OperatorError[];
  readonly incidents: readonly IncidentNote[];
}

interface PassFacts {
  readonly wanted: readonly WantedLive[] | null;
  readonly meetings: ReadonlyMap<string, MeetingFacts> | null;
  readonly claims: ReadonlyMap<string, ClaimState> | null;
  readonly failures: readonly OperatorError[];
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
  for (const action of decided.actions) await attempt(failures, () => act(action, ports, settings, signal));
  await announceNewcomers(decided.actions, ports, settings, facts, failures, signal);
  const incidents = gatherIncidents(ports.store, decided.actions, failures);
  await tell(ports, incidents, settings.mailOnStart ? startNotes(decided.actions) : []);
  return { actions: decided.actions, failures, incidents };
}

/** The decisions alone, for `--dry`: nothing is written, not even counters. */
export async function planPass(
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<PassReport> {
  const facts = await gatherFacts(ports, settings, signal);
  const { actions } = decide(ports, settings, facts);
  return { actions, failures: facts.failures, incidents: [] };
}

async function gatherFacts(
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

function decide({ store, now }: PassPorts, settings: PassSettings, facts: PassFacts): Reconciliation {
  return reconcile({
    now: now(),
    server: settings.server,
    servers: settings.servers,
    slots: settings.slots,
    sharing: settings.sharing,
    wanted: facts.wanted,
    meetings: facts.meetings,
    claims: facts.claims,
    own: store.list().map(asOwn),
    orphanAbsences: new Map(Object.entries(store.memory().orphanAbsences)),
  });
}

const asOwn = ({ job, record, status, keeperAlive }: StoredLive): OwnLive => ({
  id: job.id,
  origin: job.origin === 'hand' ? 'gateway' : job.origin,
  podId: job.podId,
  meetingId: job.meetingId,
  createTime: job.createTime,
  slot: job.slot,
  keeperAlive,
  phase: status?.phase ?? 'starting',
  endReason: status?.endReason ?? null,
  announced: record.announced,
  stopAsked: record.stopAsked,
  absences: record.absences,
  missing: record.missing,
  deaths: record.deaths,
  nextStartAt: record.nextStartAt,
});

function remember({ store }: PassPorts, decided: Reconciliation): void {
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

async function attempt(failures: OperatorError[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    failures.push(error);
  }
}

async function act(
  action: LiveAction,
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<void> {
  switch (action.kind) {
    case 'start':
      return start(action, ports, settings);
    case 'restart':
      return restart(action.id, ports, settings);
    case 'announce':
      return announce(action.id, ports, settings, signal);
    case 'stop':
      ports.log('info', `${action.id}: stop (${action.reason})`);
      ports.keepers.askToStop(action.id, action.reason);
      ports.store.update(action.id, { stopAsked: action.reason });
      return;
    case 'finish':
      return finish(action.id, action.reason, ports, signal);
    case 'close':
      ports.log('info', `${action.live.id}: closed in Pod, nobody keeps it and its meeting is over`);
      return ports.pod.finish(
        {
          id: action.live.id,
          meetingId: action.live.meetingId,
          origin: action.live.origin,
          podId: action.live.podId,
          endedAt: ports.now(),
          broadcaster: null,
          hasRecording: false,
        },
        signal,
      );
    case 'wait':
      return;
  }
}

const freshRecord: PassRecord = {
  announced: false,
  broadcaster: null,
  stopAsked: null,
  absences: 0,
  missing: 0,
  deaths: 0,
  nextStartAt: 0,
  finished: { pod: false, recording: false },
  endedAt: null,
};

async function start(
  { live, meeting, slot }: Extract<LiveAction, { kind: 'start' }>,
  { store, keepers, claims, log, now }: PassPorts,
  settings: PassSettings,
): Promise<void> {
  if (live.rtmpUrl === null && !settings.hasRtmpUrl)
    throw new OperatorError('live-start-failed', {
      id: live.id,
      detail: 'neither Pod nor live.rtmp_url names an RTMP server',
    });
  if (claims !== null && settings.sharing === 'claims' && !(await claims.take(live.id))) {
    log('info', `${live.id}: another server took it`);
    return;
  }
  const showChat = settings.showChat === 'pod' ? live.showChat : settings.showChat === 'always';
  store.create(
    {
      id: live.id,
      origin: live.origin,
      podId: live.podId,
      meetingId: live.meetingId,
      meetingName: live.meetingName,
      internalMeetingId: meeting.internalMeetingId,
      createTime: meeting.createTime,
      slot,
      restricted: live.restricted,
      chat: live.chat,
      showChat,
      record: live.record,
      streamName: streamName(live.id, live.meetingName),
      rtmpUrl: live.rtmpUrl,
      broadcasterId: live.broadcasterId,
      stream: true,
      createdAt: now(),
    },
    freshRecord,
  );
  log('info', `${live.id}: start in slot ${slot}`);
  await keepers.start(live.id);
}

/** A dead keeper's live goes on under a new one; after several deaths in a row with growing pauses. */
async function restart(
  id: string,
  { store, keepers, log, now }: PassPorts,
  settings: PassSettings,
): Promise<void> {
  const stored = find(store, id);
  const deaths = stored.record.deaths + 1;
  const pause = deaths < 3 ? 0 : Math.min(settings.backoffMaxMs, settings.backoffMs * 2 ** deaths);
  store.update(id, { deaths, nextStartAt: now() + pause });
  log('warn', `${id}: its keeper died, another one is started`);
  await keepers.start(id);
}

async function announce(
  id: string,
  ports: PassPorts,
  settings: PassSettings,
  signal: AbortSignal,
): Promise<void> {
  const { job } = find(ports.store, id);
  if (job.origin === 'hand' || job.origin === 'gateway') {
    ports.store.update(id, { announced: true });
    return;
  }
  const { broadcaster, rival } = await ports.pod.announce(
    {
      origin: job.origin,
      podId: job.podId,
      server: settings.server,
      slot: job.slot,
      restricted: job.restricted,
      broadcasterName: broadcasterName(id, job.meetingName),
      streamUrl: `${(settings.hlsUrl ?? '').replace(/\/*$/, '/')}${job.streamName}.m3u8`,
      broadcasterId: job.broadcasterId,
      redis: job.chat && settings.redis !== null ? { ...settings.redis, channel: chatChannel(id) } : null,
    },
    signal,
  );
  if (rival) {
    ports.log('warn', `${id}: another server has it`);
    ports.keepers.askToStop(id, 'claim-lost');
    ports.store.update(id, { stopAsked: 'claim-lost' });
    return;
  }
  ports.log('info', `${id}: on air, Pod knows`);
  ports.store.update(id, { announced: true, broadcaster });
}

export const chatChannel = (id: string): string => `bbb2pod-chat-${id}`;

/** Pod first (the row, the broadcaster, the recording's owner), then the file, then our own traces. */
async function finish(id: string, reason: EndReason, ports: PassPorts, signal: AbortSignal): Promise<void> {
  const { store, handOver, claims, log } = ports;
  const { job, record } = find(store, id);
  const endedAt = record.endedAt ?? ports.now();
  if (record.endedAt === null) store.update(id, { endedAt });
  if (!record.finished.pod && reason !== 'claim-lost' && job.origin !== 'hand') {
    const { meetingId, origin, podId } = job;
    const facts = { id, meetingId, origin, podId, endedAt, broadcaster: record.broadcaster };
    await ports.pod.finish({ ...facts, hasRecording: handOver.hasRecording(id) }, signal);
    store.update(id, { finished: { pod: true, recording: false } });
  }
  const moved = reason === 'claim-lost' ? await handOver.keep(job) : await handOver.move(job);
  if (moved?.watched === true) {
    const memory = store.memory();
    store.remember({
      ...memory,
      handedOver: [...memory.handedOver.slice(-50), { path: moved.path, at: ports.now() }],
    });
  }
  log('info', `${id}: over (${reason})${moved === null ? '' : `, recording in ${moved.path}`}`);
  if (reason !== 'claim-lost') await claims?.release(id);
  store.remove(id);
}

/** Lives that just started are told to Pod in the same pass, when they are on air soon enough. */
async function announceNewcomers(
  actions: readonly LiveAction[],
  ports: PassPorts,
  settings: PassSettings,
  facts: PassFacts,
  failures: OperatorError[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Set(
    actions.flatMap((action) =>
      action.kind === 'start' ? [action.live.id] : action.kind === 'restart' ? [action.id] : [],
    ),
  );
  const deadline = ports.now() + settings.startWaitMs;
  while (waiting.size > 0 && ports.now() < deadline && facts.wanted !== null && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const lives = ports.store.list();
    for (const id of waiting) {
      const live = lives.find(({ job }) => job.id === id);
      const settled = live === undefined || live.record.announced || live.record.stopAsked !== null;
      if (!settled && live.status?.phase === 'on-air')
        await attempt(failures, () => announce(id, ports, settings, signal));
      if (settled || live.status?.phase === 'on-air' || live.status?.phase === 'ended') waiting.delete(id);
    }
  }
}

function find(store: LiveStore, id: string): StoredLive {
  const found = store.list().find(({ job }) => job.id === id);
  if (found === undefined) throw new OperatorError('live-unknown', { id });
  return found;
}

const startNotes = (actions: readonly LiveAction[]): IncidentNote[] =>
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
async function tell(
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
