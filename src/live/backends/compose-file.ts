/** What the image BigBlueButton-liveStreaming is told (docs/domain/live.md, "The container"). Pixels, kbit/s. */
export interface ComposeFacts {
  readonly slot: number;
  readonly image: string;
  readonly bbbUrl: string;
  readonly bbbSecret: string;
  readonly meetingId: string;
  readonly meetingTitle: string;
  readonly attendeePassword: string;
  readonly moderatorPassword: string;
  readonly record: boolean;
  /** Null streams nothing. */
  readonly streamUrl: string | null;
  readonly size: string;
  readonly bitrateKbps: number;
  readonly threads: number;
  readonly chat: boolean;
  readonly showChat: boolean;
  readonly botName: string;
  readonly timezone: string;
  readonly redisHost: string;
  readonly redisChannel: string;
  /** More environment by the image's own names; wins over ours. */
  readonly more: Readonly<Record<string, string>>;
}

/**
 * The docker-compose.yml of BigBlueButton-liveStreaming for one slot. Values stand in `.env`-free, double-quoted YAML with compose's own
 * `$` doubled: a meeting's title is only ever a value. Its private Redis is left out (it published
 * an open port, and never worked): `live.redis` serves the chat.
 * @returns text for a file of mode 0600: it holds the BBB secret, as the image wants.
 */
export function renderComposeFile(facts: ComposeFacts): string {
  const environment = Object.entries(containerEnvironment(facts)).map(
    ([name, value]) => `      ${name}: ${quote(value)}`,
  );
  return [
    "version: '3.3'",
    'services:',
    '  bbb-streamer:',
    `    image: ${quote(facts.image)}`,
    `    container_name: ${quote(`liveStreaming${facts.slot}`)}`,
    "    shm_size: '2gb'",
    '    environment:',
    ...environment,
    '    volumes:',
    '      - ./videodata:/video',
    '',
  ].join('\n');
}

/** The container's environment (names of the image's own page). An empty value is an absent one. */
export function containerEnvironment(facts: ComposeFacts): Record<string, string> {
  const all: Record<string, string> = {
    BBB_URL: facts.bbbUrl,
    BBB_SECRET: facts.bbbSecret,
    BBB_MEETING_ID: facts.meetingId,
    BBB_START_MEETING: 'false',
    BBB_ATTENDEE_PASSWORD: facts.attendeePassword,
    BBB_MODERATOR_PASSWORD: facts.moderatorPassword,
    BBB_MEETING_TITLE: facts.meetingTitle,
    BBB_DOWNLOAD_MEETING: String(facts.record),
    BBB_STREAM_URL: facts.streamUrl ?? '',
    BBB_USER_NAME: facts.botName,
    BBB_CHAT_NAME: 'Chat',
    BBB_SHOW_CHAT: String(facts.showChat),
    BBB_ENABLE_CHAT: String(facts.chat),
    BBB_RESOLUTION: facts.size,
    // The image would post where it streams to, credentials and all.
    BBB_CHAT_MESSAGE: 'false',
    BBB_REDIS_HOST: facts.redisHost,
    BBB_REDIS_CHANNEL: facts.redisChannel,
    TZ: facts.timezone,
    FFMPEG_STREAM_THREADS: String(facts.threads),
    FFMPEG_STREAM_VIDEO_BITRATE: String(facts.bitrateKbps),
    FFMPEG_INPUT_THREAD_QUEUE_SIZE: '1024',
    BROWSER_DISABLE_DEV_SHM_USAGE: 'false',
    ...facts.more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** YAML's double quotes are JSON's; compose would replace `$NAME`, so every `$` is doubled. */
const quote = (value: string): string =>
  JSON.stringify(
    // Half a character is none: YAML has no word for it.
    value.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ').replace(/\p{Surrogate}/gu, '\ufffd'),
  )
    .replace(/[\u007f-\u{10ffff}]/gu, (c) => {
      const code = (c.codePointAt(0) ?? 0).toString(16);
      return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
    })
    .replaceAll('$', '$$$$');
