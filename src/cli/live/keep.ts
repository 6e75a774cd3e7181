import { sendChatMessage } from '../../bbb-server/chat.js';
import { clientStyle } from '../../bbb-server/client-style.js';
import { joinUrl, type JoinRequest } from '../../bbb-server/join.js';
import type { LiveApi } from '../../bbb-server/live-api.js';
import { findMeeting } from '../../bbb-server/meetings.js';
import { openMeetingPage } from '../../chromium/meeting-page.js';
import { endPlaylists } from '../../live/adapters/end-playlist.js';
import { startEncoder } from '../../live/adapters/encoder.js';
import { stillPictures } from '../../live/adapters/still-pictures.js';
import { openRotatingLog } from '../../live/adapters/rotating-log.js';
import { startScreen } from '../../live/adapters/screen.js';
import { escapeTee } from '../../live/encoding.js';
import { browserRig } from '../../live/backends/browser-rig.js';
import type { MediaPorts } from '../../live/backends/media-port.js';
import { botUserId } from '../../live/keeper/end-watch.js';
import { keepLive } from '../../live/keeper/keep.js';
import type {
  KeeperJob,
  KeeperPorts,
  KeeperStatus,
  KeeperTimes,
  Rig,
} from '../../live/keeper/keeper-port.js';
import type { EndReason } from '../../live/live.js';
import { streamTarget, type StreamTarget } from '../../live/stream-target.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';
import { addressGuardOf } from '../sites/address-guard.js';
import { openLiveApi, openRecordings, openStore, pictureSettings } from './settings.js';
import { openContainerRig } from './container.js';
import { hearChat, openLiveClaims } from './sharing.js';
import { ownIdentity } from './run.js';
import { texts as liveTexts } from '../../live/texts.js';
import type { KeeperLog, LiveFiles } from './rig-settings.js';

/** Keeps a stored live: the work of `live keep`, one process per live. Null: interrupted, not ended. */
export async function keepStored(context: Context, id: string): Promise<EndReason | null> {
  const store = openStore(context);
  const job = store.job(id);
  if (job === null) throw liveTexts.liveUnknown({ id });
  if (!store.lockKeeper(id)) {
    context.log('warn', `${id}: process ${store.keeper(id)?.pid ?? 0} keeps it already`);
    return null;
  }
  store.setKeeper(id, ownIdentity());
  return keep(context, job, {
    store,
    recordings: openRecordings(context),
    writeStatus: (status) => store.writeStatus(id, status),
  });
}

/** Keeps a live given by hand, in this process. */
export async function keepByHand(
  context: Context,
  job: KeeperJob,
  writeStatus: (status: KeeperStatus) => void,
): Promise<EndReason | null> {
  return keep(context, job, { store: openStore(context), recordings: openRecordings(context), writeStatus });
}

async function keep(context: Context, job: KeeperJob, files: LiveFiles): Promise<EndReason | null> {
  const { live } = context.configuration;
  const api = openLiveApi(context);
  const { target, also } = targetsOf(context, job);
  const log = openRotatingLog({
    file: files.store.logFile(job.id),
    maxBytes: live.log_size,
    keep: live.log_keep,
    // ffmpeg quotes its target also as the tee muxer wants it.
    hidden: [target, ...also].flatMap((each) =>
      each === null || each.url === each.shown ? [] : [each.url, escapeTee(each.url)],
    ),
  });
  const rig = openRig({ context, job, files, api, target, also, log });
  const claims = job.origin === 'hand' ? null : openLiveClaims(context, files.store);
  if (job.chat && job.origin === 'bbb') await hearChat(context, job.id, files.store);
  const ports: KeeperPorts = {
    rig,
    look: async (signal) => {
      const meeting = await findMeeting(api, job.meetingId, signal);
      return meeting === null ? { state: 'absent' } : { state: 'present', ...meeting };
    },
    sendChat: (message) =>
      sendChatMessage(api, { meetingId: job.meetingId, message, userName: live.bot_name }, context.signal),
    takeChat: async () => files.store.takeChat(job.id),
    writeStatus: files.writeStatus,
    pauseAsked: () => files.store.isPaused(job.id),
    stopAsked: () => files.store.stopAsked(job.id),
    beat: async () => claims?.beat(job.id),
    log,
    now: () => Date.now(),
  };
  const ended = await keepLive(job, ports, keeperTimes(context), context.signal);
  if (ended !== null && live.hls_path !== undefined && target !== null)
    log('info', `${endPlaylists(live.hls_path, target.shown.split('/').at(-1) ?? '')} playlists ended`);
  return ended;
}

/** What the rig of one live is made of. */
interface RigParts extends Targets {
  readonly context: Context;
  readonly job: KeeperJob;
  readonly files: LiveFiles;
  readonly api: LiveApi;
  readonly log: KeeperLog;
}

interface Targets {
  readonly target: StreamTarget | null;
  readonly also: readonly StreamTarget[];
}

/** Where a live goes: by hand to the addresses given, else to Pod's or ours, and to those of `live.also`. */
function targetsOf(context: Context, job: KeeperJob): Targets {
  const { live } = context.configuration;
  if (!job.stream) return { target: null, also: [] };
  if (job.origin === 'hand' && job.rtmpUrl !== null)
    return {
      target: streamTarget(job.rtmpUrl, null),
      also: (job.also ?? []).map((url) => streamTarget(url, null)),
    };
  const [base, ...others] = job.rtmpUrl === null ? required(context, 'live', 'rtmp_url', live.rtmp_url) : [];
  return {
    target:
      base === undefined
        ? streamTarget(job.rtmpUrl ?? '', null)
        : streamTarget(base.reveal(), job.streamName),
    also: [
      ...others.map((url) => streamTarget(url.reveal(), job.streamName)),
      ...[...(live.also ?? []), ...(live.also_of[job.meetingId] ?? [])].map((url) =>
        streamTarget(url.reveal().replaceAll('{name}', job.streamName), null),
      ),
    ],
  };
}

function openRig(parts: RigParts): Rig {
  const { context, job, files, target, also, log } = parts;
  const { live } = context.configuration;
  const picture = pictureSettings(context);
  if (live.backend === 'container') return openContainerRig(context, job, files, target, log);
  return browserRig(
    {
      backend: live.backend === 'x11' ? 'x11' : 'tab',
      picture,
      target,
      also,
      caFile: live.rtmp_ca_file ?? null,
      showChat: job.showChat,
    },
    mediaPorts(parts),
  );
}

/** guest-wait.html of 2.4 to 2.7 stops asking after a hundred times five seconds. */
const LOBBY_RELOAD_MS = 240_000;

function mediaPorts({ context, job, files, api, log }: RigParts): MediaPorts {
  const { live, recorder } = context.configuration;
  const picture = pictureSettings(context);
  const own = botUserId(job.id);
  const request: JoinRequest = {
    meetingId: job.meetingId,
    createTime: job.createTime,
    botName: live.bot_name,
    userId: own,
    locale: live.bot_locale,
    showChat: job.showChat,
    audio: true,
    layout: live.layout,
    attendeePassword: live.attendee_password ?? null,
  };
  const stills = stillPictures(files.store, job.id, live.pause_image);
  return {
    openPage: ({ capture, screen, paused, showChat, onEvent, signal }) =>
      openMeetingPage({
        executable: recorder.chromium,
        sandbox: recorder.sandbox,
        size: picture.size,
        framerate: picture.framerate,
        bitrateKbps: picture.bitrateKbps,
        locale: live.bot_locale,
        guard: addressGuardOf(context),
        joinUrl: async () => joinUrl(api, { ...request, showChat }),
        style: clientStyle(live.layout),
        chatUrl: async () =>
          joinUrl(api, { ...request, userId: `${own}-chat`, showChat: true, audio: false }),
        attendance: async () => {
          const meeting = await findMeeting(api, job.meetingId, signal).catch(() => null);
          const user = meeting?.participants.find(({ userId }) => userId === own);
          return meeting === null
            ? null
            : { inside: user !== undefined, listening: user?.listening === true };
        },
        keepScreenshot: (png) => files.store.keepScreenshot(job.id, png),
        lobby: {
          waits: live.guest === 'wait',
          maxWaitMs: live.max_wait * 1000,
          reloadMs: LOBBY_RELOAD_MS,
        },
        showChat,
        ...stills,
        paused,
        capture,
        screen,
        audioWaitMs: live.audio_wait * 1000,
        openTimeoutMs: 60_000,
        onEvent,
        log: (message) => log('info', message),
        signal,
      }),
    startEncoder: (options) =>
      startEncoder(
        { ffmpeg: recorder.ffmpeg, killDelayMs: live.kill_delay * 1000 },
        {
          ...options,
          onLine: (line) => {
            log('info', `ffmpeg ${line}`);
            options.onLine(line);
          },
        },
      ),
    startScreen: (signal) => startScreen({ size: picture.size, startTimeoutMs: 15_000, signal }),
    nextRecordingFile: () => (job.record ? files.recordings.nextPart(job.id) : null),
    stillPicture: stills.file,
  };
}

function keeperTimes(context: Context): KeeperTimes {
  const { live } = context.configuration;
  return {
    tickMs: 250,
    pollMs: live.poll_interval * 1000,
    stallMs: live.stall * 1000,
    backoffMs: live.backoff * 1000,
    backoffMaxMs: live.backoff_max * 1000,
    maxDurationMs: live.max_duration * 1000,
    emptyMs: live.empty_minutes * 60_000,
    rejoins: live.rejoin,
    beatMs: Math.max(1000, live.claim_timeout * 250),
  };
}
