import { OperatorError } from '../kit/errors/operator-error.js';
import { pause } from '../kit/pause.js';
import { chatChannel, type EndReason } from './live.js';
import type { PassFacts } from './gather-facts.js';
import type { LiveStore, PassPorts, PassRecord, PassSettings, StoredLive } from './pass-port.js';
import type { LiveAction } from './reconcile.js';
import { broadcasterName, streamName } from './stream-name.js';
import { texts } from './texts.js';

/** Does one piece of work; its failure is noted and holds up nobody else. */
export async function attempt(failures: OperatorError[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    failures.push(error);
  }
}

/** Does what was decided for one live. @throws OperatorError */
export async function carryOut(
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
    throw texts.liveStartFailed({
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
  await keepers.clear(id);
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

/** Pod first (the row, the broadcaster, the recording's owner), then the file, then our own traces. */
async function finish(id: string, reason: EndReason, ports: PassPorts, signal: AbortSignal): Promise<void> {
  const { store, keepers, handOver, claims, log } = ports;
  const { job, record } = find(store, id);
  await keepers.clear(id);
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
export async function announceNewcomers(
  actions: readonly LiveAction[],
  pass: {
    readonly ports: PassPorts;
    readonly settings: PassSettings;
    readonly facts: PassFacts;
    readonly failures: OperatorError[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { ports, settings, facts, failures, signal } = pass;
  const waiting = new Set(
    actions.flatMap((action) =>
      action.kind === 'start' ? [action.live.id] : action.kind === 'restart' ? [action.id] : [],
    ),
  );
  const deadline = ports.now() + settings.startWaitMs;
  while (waiting.size > 0 && ports.now() < deadline && facts.wanted !== null && !signal.aborted) {
    await pause(250);
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
  if (found === undefined) throw texts.liveUnknown({ id });
  return found;
}
