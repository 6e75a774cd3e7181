import path from 'node:path';
import { dockerCompose } from '../../live/adapters/compose.js';
import { renderComposeFile } from '../../live/backends/compose-file.js';
import { containerRig } from '../../live/backends/container-rig.js';
import type { KeeperJob, Rig } from '../../live/keeper/keeper-port.js';
import type { StreamTarget } from '../../live/stream-target.js';
import { chatChannel } from '../../live/live.js';
import type { Context } from '../kit/context.js';
import type { KeeperLog, LiveFiles } from './rig-settings.js';
import { required } from '../kit/missing-key.js';
import { workDirectory } from './settings.js';
import { chatAddress } from './sharing.js';

/** The container of BigBlueButton-liveStreaming for one slot. */
export function openContainerRig(
  context: Context,
  job: KeeperJob,
  { recordings }: LiveFiles,
  target: StreamTarget | null,
  log: KeeperLog,
): Rig {
  const { live, bbb, timezone } = context.configuration;
  const server = bbb[live.bbb];
  const text = renderComposeFile({
    slot: job.slot,
    image: live.image,
    bbbUrl: required(context, `bbb.${live.bbb}`, 'url', server?.url),
    bbbSecret: required(context, `bbb.${live.bbb}`, 'secret', server?.secret).reveal(),
    meetingId: job.meetingId,
    meetingTitle: job.meetingName,
    attendeePassword: live.attendee_password?.reveal() ?? '',
    moderatorPassword: live.moderator_password?.reveal() ?? '',
    record: job.record,
    streamUrl: target?.url ?? null,
    size: live.size,
    bitrateKbps: live.bitrate_kbps,
    threads: live.threads,
    chat: job.chat && live.redis !== undefined,
    showChat: job.showChat,
    botName: live.bot_name,
    timezone,
    redisHost: chatAddress(context)?.host ?? '',
    redisChannel: chatChannel(job.id),
    more: live.container_environment,
  });
  const compose = dockerCompose({
    directory: path.join(workDirectory(context), `bbb-live-streaming${job.slot}`),
    text,
    nextRecordingFile: () => (job.record ? recordings.nextPart(job.id) : null),
    log: (message) => log('info', message),
  });
  return containerRig({ compose, pollMs: live.stall * 300 });
}
