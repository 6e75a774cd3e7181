import path from 'node:path';
import type { PlaybackAccess } from '../../adapters/bigbluebutton/open-playback.js';
import { OperatorError } from '../../codes/operator-error.js';
import { choosePlayback } from '../../recordings/choose-playback.js';
import type { RecordingSource } from '../../recordings/recording-source.js';
import type { Context } from '../context.js';
import { bbbHttpSettings } from './bbb-http.js';
import type { AccessFlags } from './recorder.js';

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
  const openSource = (): Promise<RecordingSource> => (source ??= listing(context, names(), flags));
  return {
    access: () => (access ??= openAccess(context, flags)),
    source: openSource,
    findPlayback: async (recordId, signal) => {
      const servers = await openSource();
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

async function openAccess(context: Context, flags: AccessFlags): Promise<Omit<PlaybackAccess, 'signal'>> {
  const [{ openHttp }, { readCookieFile, readHeaderFile }] = await Promise.all([
    import('../../adapters/http/open-http.js'),
    import('../../adapters/http/read-session-files.js'),
  ]);
  const sections = Object.values(context.configuration.bbb);
  const section = sections.find(({ ca_file }) => ca_file !== undefined) ?? sections[0];
  const http = openHttp({ ...bbbHttpSettings(section), insecure: flags.insecure === true });
  context.closeWith(() => http.close());
  return {
    http,
    ...(flags.cookieFile === undefined ? {} : { cookies: await readCookieFile(flags.cookieFile) }),
    ...(flags.headerFile === undefined ? {} : { headers: await readHeaderFile(flags.headerFile) }),
  };
}

async function listing(
  context: Context,
  names: readonly string[],
  flags: AccessFlags,
): Promise<RecordingSource> {
  const [{ openHttp }, { openRecordingSource }] = await Promise.all([
    import('../../adapters/http/open-http.js'),
    import('../../adapters/bigbluebutton/recording-source.js'),
  ]);
  const servers = names.map((name) => {
    const section = context.configuration.bbb[name];
    if (section?.url === undefined || section.secret === undefined) throw missingServer(name);
    const http = openHttp({
      ...bbbHttpSettings(section),
      insecure: flags.insecure === true,
    });
    context.closeWith(() => http.close());
    return {
      name,
      url: section.url,
      secret: section.secret,
      checksum: section.checksum,
      http,
      pageSize: section.page_size,
    };
  });
  if (servers.length === 0) throw missingServer(flags.server ?? 'default');
  return openRecordingSource({ spoolDirectory: path.join(context.stateDirectory, 'spool'), servers });
}

const missingServer = (name: string): OperatorError =>
  new OperatorError('config-key-missing', {
    key: name === 'default' ? 'bbb.url and bbb.secret_file' : `bbb.${name}.url`,
    file: 'bbb2pod.toml',
    environment: 'BBB2POD_BBB_URL',
  });
