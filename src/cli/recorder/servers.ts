import type { PlaybackAccess } from '../../bbb-server/open-playback.js';
import type { FileLimits } from '../../bbb/published-file.js';
import { bytesOf } from '../../kit/config/sections/values.js';
import { choosePlayback } from '../../bbb/choose-playback.js';
import type { RecordingSource } from '../../bbb/recording-source.js';
import type { BbbSection } from '../../kit/config/sections/bbb.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import type { Context } from '../kit/context.js';
import { bbbHttpSettings } from '../sites/bbb-http.js';
import { openServers, spoolDirectory } from '../sites/bbb-servers.js';
import type { AccessFlags } from './access.js';

/** The configured servers and the web, opened when first needed and closed with the command. */
export interface RecorderServers {
  access(): Promise<Omit<PlaybackAccess, 'signal'>>;
  findPlayback(recordId: string, signal: AbortSignal): Promise<string | null>;
  /** All recordings of the configured servers. @throws OperatorError config-key-missing */
  source(): Promise<RecordingSource>;
}

export function openRecordings(context: Context, flags: AccessFlags): RecorderServers {
  let access: Promise<Omit<PlaybackAccess, 'signal'>> | undefined;
  let source: Promise<RecordingSource> | undefined;
  const names = (): string[] =>
    Object.keys(context.configuration.bbb).filter(
      (name) => flags.server === undefined || name === flags.server,
    );
  const listed = (): Promise<RecordingSource> => (source ??= openSource(context, flags));
  return {
    access: () => (access ??= openAccess(context, flags)),
    source: listed,
    findPlayback: async (recordId, signal) => {
      const servers = await listed();
      for (const name of names()) {
        const recording = await servers.findRecording(name, recordId, signal);
        const playback =
          recording === null
            ? null
            : choosePlayback(recording, { playback23: context.configuration.bbb[name]?.playback_23 ?? true });
        if (playback !== null && 'url' in playback) return playback.url;
      }
      return null;
    },
  };
}

/** Before the files that did not come are asked a second time. */
const RETRY_AFTER_MS = 2000;

/** Largest files of a recording that are taken: `[recorder] max_picture, max_pixels, max_text, max_media`. */
export function fileLimits({ configuration }: Context): FileLimits {
  const { max_picture: picture, max_pixels, max_text: text, max_media: media } = configuration.recorder;
  return {
    ...{ picture: bytesOf(picture), pixels: bytesOf(max_pixels) },
    ...{ text: bytesOf(text), media: bytesOf(media) },
  };
}

async function openAccess(context: Context, flags: AccessFlags): Promise<Omit<PlaybackAccess, 'signal'>> {
  const [{ openHttp }, { readCookieFile, readHeaderFile }] = await Promise.all([
    import('../../kit/adapters/http/open-http.js'),
    import('../../kit/adapters/http/read-session-files.js'),
  ]);
  // A link alone does not say whose it is: then every configured authority is trusted.
  const sections = Object.entries(context.configuration.bbb)
    .filter(([name]) => flags.server === undefined || name === flags.server)
    .map(([, section]) => section);
  const caFile = sections.flatMap(({ ca_file: file }) => (file === undefined ? [] : [file]));
  const given = (flags.given ?? []).filter((url) => URL.canParse(url));
  const settings = bbbHttpSettings(context, sections[0], given);
  const http = openHttp({ ...settings, caFile, insecure: flags.insecure === true });
  context.closeWith(() => http.close());
  const origins = ownersOfSession(given, sections, flags);
  const guard = settings.guard;
  const { least_rate: leastRate, file_deadline: deadline } = context.configuration.recorder;
  return {
    http,
    limits: {
      ...fileLimits(context),
      leastBytesPerSecond: bytesOf(leastRate),
      deadlineMs: deadline * 1000,
      retryAfterMs: RETRY_AFTER_MS,
    },
    identifiesTo: ({ origin }) => origins.includes(origin),
    ...(guard === undefined ? {} : { allowsElsewhere: guard.allows }),
    ...(flags.cookieFile === undefined ? {} : { cookies: await readCookieFile(flags.cookieFile, origins) }),
    ...(flags.headerFile === undefined ? {} : { headers: await readHeaderFile(flags.headerFile) }),
  };
}

/**
 * Whom `--header-file` and `--cookie-file` were given for: the URLs beside them, else the one configured server.
 * @throws OperatorError usage-invalid when it is not clear which.
 */
function ownersOfSession(
  given: readonly string[],
  sections: readonly BbbSection[],
  { cookieFile, headerFile }: AccessFlags,
): string[] {
  const urls = given.length > 0 ? given : sections.flatMap(({ url }) => url ?? []);
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  if (given.length === 0 && origins.length > 1 && (cookieFile ?? headerFile) !== undefined)
    throw configurationTexts.usageInvalid({
      detail: '--header-file and --cookie-file are for one server: add --server NAME.',
    });
  return origins;
}

async function openSource(context: Context, flags: AccessFlags): Promise<RecordingSource> {
  const { openRecordingSource } = await import('../../bbb-server/recording-source.js');
  return openRecordingSource({
    spoolDirectory: await spoolDirectory(context),
    servers: await openServers(context, {
      names: flags.server === undefined ? [] : [flags.server],
      insecure: flags.insecure === true,
    }),
  });
}
