import { z } from 'zod';
import { flag, positiveInteger, seconds, secret, secretList } from './values.js';

/** What films a meeting: the browser's own tab, a virtual screen, or the container of bbb-pod-live. */
const backendNames = ['tab', 'x11', 'container'] as const;
export type LiveBackend = (typeof backendNames)[number];

/** Live streams of BBB sessions into Pod. docs/live.md maps the constants of bbb-pod-live.php to these keys. */
export const liveSection = z.strictObject({
  /** Which [bbb] server the meetings are on. */
  bbb: z.string().default('default'),
  backend: z.enum(backendNames).default('tab'),
  /** Lives this server carries at once. */
  lives: positiveInteger().default(2),
  server: positiveInteger().default(1),
  servers: positiveInteger().default(1),
  /** How Pod reaches this machine (its Redis, for the chat). */
  hostname: z.string().optional(),
  /** RTMP server and application; of a list, the first is the one of Pod and `hls_url`, the others get the same. */
  rtmp_url: secretList().optional(),
  /** Whole addresses (rtmp, rtmps, srt) that every live goes to besides; `{name}` stands for the stream's name. */
  also: secretList().optional(),
  /** The same for the lives of one meeting, by its meetingID. */
  also_of: z.record(z.string(), secretList()).default({}),
  /**
   * Authority (PEM) that the certificates of further rtmps:// targets must be signed by; without it none is checked. Of the
   * first target none is: ffmpeg's queue hands no such option on.
   */
  rtmp_ca_file: z.string().optional(),
  hls_url: z.url({ protocol: /^https?$/ }).optional(),
  /** Where nginx writes its playlists, when this machine sees it: lets the end of a live be written there. */
  hls_path: z.string().optional(),
  /** nginx-rtmp's statistics page, for the number of viewers. */
  stat_url: z.url({ protocol: /^https?$/ }).optional(),
  building_id: positiveInteger().default(1),
  size: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/, 'must be written as 1280x720 is')
    .default('1280x720'),
  bitrate_kbps: positiveInteger().default(3000),
  framerate: positiveInteger().max(60).default(25),
  /** Threads of the encoder; 0 lets it choose. */
  threads: z.coerce.number().int().nonnegative().default(0),
  preset: z.enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium']).default('veryfast'),
  attendee_password: secret().optional(),
  moderator_password: secret().optional(),
  bot_name: z.string().min(1).max(100).default('Live'),
  /** Page language of the bot's client, also what its buttons are called. */
  bot_locale: z
    .string()
    .regex(/^[a-zA-Z-]{2,10}$/, 'must be a language such as fr')
    .default('en'),
  /** Overrides Pod's choice for every live: true shows the public chat in the picture. */
  show_chat: z.enum(['pod', 'always', 'never']).default('pod'),
  /** What the picture is about: the client's own choice, slides, cameras, slides and shares without cameras. */
  layout: z.enum(['default', 'presentation', 'cameras', 'share']).default('default'),
  /** Picture (PNG or JPEG) shown by `live pause` and while the bot is outside; default: the last good picture. */
  pause_image: z.string().optional(),
  /** Whether the bot waits in the lobby of a meeting whose guest policy asks a moderator, and for how many seconds. */
  guest: z.enum(['wait', 'fail']).default('wait'),
  max_wait: seconds().default(3600),
  /** How often the bot knocks again after a moderator removed or denied it. */
  rejoin: z.coerce.number().int().nonnegative().default(5),
  /** Pod's DEFAULT_BBB_PATH; "" means no copy. */
  recordings_path: z.string().default(''),
  /** Recorder's claim directory for the recordings of webinars; "" keeps them in work_dir. */
  webinar_recordings_path: z.string().default(''),
  /** Record webinars (Pod has no such choice for them). */
  webinar_record: flag().default(false),
  /** Recordings in progress, logs, compose files. Default: `live` in state_dir. */
  work_dir: z.string().optional(),
  /** Redis for chat and claims. */
  redis: secret().optional(),
  /** Shared directory in which servers claim lives; without it and without redis: id modulo servers. */
  claims_path: z.string().optional(),
  claim_timeout: seconds().default(180),
  image: z.string().default('aauzid/bigbluebutton-livestreaming'),
  /** More environment for the container, by its own names. */
  container_environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
  gateway_listen: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'is written address:port')
    .default('127.0.0.1:8990'),
  gateway_token: secret().optional(),
  /** Requests a minute and address. */
  gateway_rate: positiveInteger().default(60),
  max_duration: seconds().default(43_200),
  /** Minutes without anybody but bots before a live ends; 0 never. */
  empty_minutes: seconds().default(10),
  /** Seconds between two rounds of --watch. */
  watch_interval: seconds().default(5),
  /** Seconds between two questions of a keeper to BBB. */
  poll_interval: seconds().default(10),
  /** Seconds a pass waits for the lives it started before it leaves the rest to the next one. */
  start_wait: seconds().default(40),
  /** Seconds for the audio to be heard before the live goes on degraded. */
  audio_wait: seconds().default(30),
  /** Seconds without progress before the encoder is replaced. */
  stall: seconds().default(4),
  /** First pause before a repair, doubled each time up to backoff_max. */
  backoff: seconds().default(1),
  backoff_max: seconds().default(60),
  /** Seconds without a word after which a keeper counts as dead and is replaced. */
  keeper_silence: seconds().default(30),
  /** From the polite signal to SIGKILL. */
  kill_delay: seconds().default(5),
  /** Size at which a live's log is rotated, and how many are kept. */
  log_size: positiveInteger().default(5_000_000),
  log_keep: positiveInteger().default(5),
});
