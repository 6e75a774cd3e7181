import os from 'node:os';
import path from 'node:path';
import { podLives } from '../../pod/rest/probe.js';
import { PodRest } from '../../pod/rest/client.js';
import { listMeetings } from '../../bbb-server/meetings.js';
import {
  BROWSER_DIRECTORY,
  SCREEN_DIRECTORY,
  sweepOwnDirectories,
} from '../../kit/adapters/files/own-directory.js';
import { endLeftovers } from '../../kit/adapters/process/end-leftovers.js';
import { readStartTime, signalProcess } from '../../kit/adapters/process/identity.js';
import { startDaemon } from '../../kit/adapters/process/start-daemon.js';
import { takeProcessLock } from '../../kit/adapters/process/process-lock.js';
import type { LiveDirectory } from '../../live/adapters/live-store.js';
import type { PodLives } from '../../live/pod-port.js';
import { withOrders } from '../../live/kept-orders.js';
import { redactText } from '../../kit/config/redact.js';
import type { Keepers, PassPorts, PassSettings } from '../../live/pass-port.js';
import { planPass, runPass, type PassReport } from '../../live/run-pass.js';
import { shownNote } from '../../live/pass-incidents.js';
import type { Context } from '../kit/context.js';
import { words } from './words.js';
import { takeOwnEnvironment } from '../kit/own-environment.js';
import { chatAddress, hasSharedPlace, openLiveClaims } from './sharing.js';
import { required } from '../kit/missing-key.js';
import { openFetch, openLiveApi, openRecordings, openStore } from './settings.js';

export interface LivePasses {
  /** The decisions alone. */
  plan(): Promise<PassReport>;
  /**
   * One pass, unless another one is at work. It waits for `live.start_wait` until newcomers are on air, to tell Pod;
   * without `waits` the next pass tells it.
   */
  run(how?: { readonly waits: boolean }): Promise<PassReport | { readonly heldBy: number }>;
  /**
   * Starts the keepers anew that could not bring their live on air yet: a keeper goes on with the configuration that it
   * was started with, and what was wrong in it may have been put right.
   */
  renew(): Promise<void>;
  /** Whether a keeper died, or a newcomer is on air and untold: the next pass need not wait for its turn. */
  hasWork(): boolean;
}

/** Logs of lives that are over (docs/live.md). */
const LOGS_KEPT_MS = 30 * 24 * 3600 * 1000;

export function openPasses(context: Context): LivePasses {
  const store = openStore(context);
  const ports = passPorts(context, store);
  const settings = passSettings(context);
  return {
    plan: () => planPass(ports, settings, context.signal),
    run: async ({ waits } = { waits: true }) => {
      const lock = takeProcessLock(path.join(store.root, 'pass.lock'));
      if ('heldBy' in lock) return lock;
      try {
        store.pruneLogs(LOGS_KEPT_MS);
        store.sweep();
        return await runPass(ports, waits ? settings : { ...settings, startWaitMs: 0 }, context.signal);
      } finally {
        lock.release();
      }
    },
    renew: async () => {
      const lock = takeProcessLock(path.join(store.root, 'pass.lock'));
      if ('heldBy' in lock) return;
      try {
        for (const { job, status, keeperAlive } of store.list()) {
          if (!keeperAlive || status?.phase !== 'starting' || status.incidents.length === 0) continue;
          await ports.keepers.clear(job.id);
          await ports.keepers.start(job.id);
        }
      } finally {
        lock.release();
      }
    },
    hasWork: () =>
      store
        .list()
        .some(({ keeperAlive, record, status }) =>
          keeperAlive
            ? status?.phase === 'on-air' && !record.announced && record.stopAsked === null
            : record.nextStartAt <= Date.now(),
        ),
  };
}

function passPorts(context: Context, store: LiveDirectory): PassPorts {
  const api = openLiveApi(context);
  return {
    pod: withOrders(
      openPod(context),
      { list: () => store.keptOrders(), drop: (room) => store.dropOrder(room) },
      Date.now,
    ),
    meetings: { listMeetings: (signal) => listMeetings(api, signal) },
    store,
    keepers: keepers(context, store),
    claims: openLiveClaims(context, store),
    handOver: openRecordings(context),
    sendMail: mailSender(context),
    log: context.log,
    now: () => Date.now(),
  };
}

/** One mail for what a pass found new; null without [mail] to. */
function mailSender(context: Context): PassPorts['sendMail'] {
  const { mail, live } = context.configuration;
  const { to, from, smtp } = mail;
  if (to === undefined) return null;
  return async (notes) => {
    const { sendMail } = await import('../../kit/adapters/mail/send-mail.js');
    const { parseMailServer } = await import('../../kit/adapters/mail/mail-server.js');
    const shown = notes.map(shownNote);
    const subject = shown.length === 1 ? (shown[0]?.text ?? '') : words.newIncidents({ count: shown.length });
    const where = words.incidentsOf({ server: String(live.server), host: os.hostname() });
    await sendMail(
      parseMailServer(smtp),
      {
        to,
        from: from ?? `bbb2pod@${os.hostname()}`,
        subject: words.incidentSubject({ text: redactText(subject) }),
        text: `${where}\n\n${shown.map(({ text, remedy }) => `- ${redactText(text)}\n  ${redactText(remedy)}`).join('\n')}\n`,
      },
      { signal: context.signal },
    );
  };
}

/** Null when Pod's REST is not configured and the gateway alone says what goes live. */
function openPod(context: Context): PodLives | null {
  const { pod, live } = context.configuration;
  if (pod.token === undefined && live.gateway_token !== undefined) return null;
  const rest = new PodRest({
    url: required(context, 'pod', 'url', pod.url),
    token: required(context, 'pod', 'token', pod.token),
    fetchText: openFetch(context, pod.ca_file),
  });
  return podLives(rest, {
    buildingId: live.building_id,
    recordWebinars: live.webinar_record,
    renderDate: (at) => renderDate(at, context.configuration.timezone),
  });
}

function passSettings(context: Context): PassSettings {
  const { live } = context.configuration;
  return {
    server: live.server,
    servers: live.servers,
    slots: live.lives,
    sharing: live.servers === 1 ? 'alone' : hasSharedPlace(context) ? 'claims' : 'modulo',
    hlsUrl: live.hls_url ?? null,
    hasRtmpUrl: live.rtmp_url !== undefined,
    showChat: live.show_chat,
    redis: chatAddress(context),
    startWaitMs: live.start_wait * 1000,
    silenceMs: live.keeper_silence * 1000,
    backoffMs: live.backoff * 1000,
    backoffMaxMs: live.backoff_max * 1000,
    mailOnStart: context.configuration.mail.on_start,
  };
}

/** Keepers are `live keep` of this very installation; secrets travel in the configuration file and environment. */
function keepers(context: Context, store: LiveDirectory): Keepers {
  return {
    start: async (id) => {
      const entry = process.argv[1] ?? '';
      const { file } = context.loaded;
      const keeper = await startDaemon({
        file: process.execPath,
        args: [entry, 'live', 'keep', '--live', id, ...(file === null ? [] : ['--config', file])],
        env: ownEnvironment(),
        logFile: `${store.logFile(id)}.out`,
      });
      store.setKeeper(id, keeper);
    },
    askToStop: (id, reason) => store.askToStop(id, reason),
    clear: async (id) => {
      const keeper = store.keeper(id);
      if (keeper !== null) signalProcess(keeper, 'SIGKILL');
      await endLeftovers(store.children(id), context.configuration.live.kill_delay * 1000);
      // Its profile and screen: there may be no next browser that would sweep them.
      for (const name of [BROWSER_DIRECTORY, SCREEN_DIRECTORY]) sweepOwnDirectories(os.tmpdir(), name);
    },
  };
}

/** A keeper is bbb2pod itself and gets its configuration from the environment; other children never do. */
function ownEnvironment(): Record<string, string> {
  const { NODE_ENV: mode } = process.env;
  return { ...takeOwnEnvironment(), ...(mode === undefined ? {} : { NODE_ENV: mode }) };
}

/** `2026-11-20T15:04:05+01:00`, in Pod's time zone. */
export function renderDate(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '00';
  const local = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
  const offset = Math.round((Date.parse(`${local}Z`) - Math.floor(at / 1000) * 1000) / 60_000);
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

export const ownIdentity = (): { pid: number; startTime: string } => ({
  pid: process.pid,
  startTime: readStartTime(process.pid) ?? '',
});
