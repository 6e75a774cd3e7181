import { createHash } from 'node:crypto';
import { exists } from '../../kit/adapters/files/path-status.js';
import os from 'node:os';
import path from 'node:path';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { ConvertPorts } from '../../recorder/convert-presentation.js';
import type { ConvertToMp4 } from '../../recorder/convert-recording.js';
import type { RecordingPorts } from '../../recorder/recording-ports.js';
import { plainConversion, type ConvertOptions } from '../../recorder/convert-options.js';
import type { Context } from '../kit/context.js';
import { withLogs } from './conversion-log.js';
import { fileLimits, openRecordings } from './servers.js';
import type { AccessFlags } from './access.js';

/** Settings of `[recorder]` as options of one conversion; flags are laid over them. */
export function conversionDefaults(context: Context): ConvertOptions {
  const { recorder } = context.configuration;
  return {
    ...plainConversion,
    layout: recorder.layout,
    size: parseSize(recorder.size),
    encoder: recorder.encoder,
    cores: recorder.threads ?? os.availableParallelism(),
  };
}

/** `1280x720`, on even pixels, as video wants it. */
export function parseSize(text: string): { width: number; height: number } {
  const [width = 1280, height = 720] = text.split('x').map((value) => Math.round(Number(value) / 2) * 2);
  return { width, height };
}

/** The recorder's function with its adapters in place; migrations use it, too. */
export async function openConverter(
  context: Context,
  options: ConvertOptions = conversionDefaults(context),
  access: AccessFlags = {},
): Promise<ConvertToMp4> {
  const { convertRecording } = await import('../../recorder/convert-recording.js');
  const ports = await openPorts(context, options, access);
  const chosen = { ...options, chat: options.chat || options.layout === 'player' };
  return withLogs(context, (source, outputPath, signal, details) =>
    convertRecording(source, path.resolve(outputPath), { ...details, options: chosen, ports, signal }),
  );
}

async function openPorts(
  context: Context,
  options: ConvertOptions,
  access: AccessFlags,
): Promise<RecordingPorts> {
  const [{ openPublishedFolder }, { bytesAtWork, openWorkDirectory }, { unpackArchive }, { freeBytes }] =
    await Promise.all([
      import('../../recorder/adapters/published-folder.js'),
      import('../../recorder/adapters/work-directory.js'),
      import('../../kit/adapters/files/unpack-archive.js'),
      import('../../kit/adapters/files/free-space.js'),
    ]);
  const recordings = openRecordings(context, access);
  return {
    ...(await openMedia(context)),
    openFolder: (directory) => openPublishedFolder(directory, fileLimits(context).text),
    roomBytes: async (outputPath) =>
      (await freeBytes(path.dirname(workPlace(context, options, outputPath)))) + bytesAtWork(),
    fetchDeadlineMs: context.configuration.recorder.fetch_deadline * 1000,
    openWork: (outputPath) =>
      openWorkDirectory(workPlace(context, options, outputPath), signEveryMs(context)),
    unpack: unpackArchive,
    openPlayback: async (url, folder, signal) => {
      const { openPlayback } = await import('../../bbb-server/open-playback.js');
      return openPlayback(url, folder, { ...(await recordings.access()), signal });
    },
    openPlayer: async (url, size, signal) => {
      const [{ openPlayer }, { askPage, fetchFile, ownServer }, { CookieJar }] = await Promise.all([
        import('../../chromium/open-player.js'),
        import('../../bbb-server/open-playback.js'),
        import('../../kit/adapters/http/cookie-jar.js'),
      ]);
      const access = await recordings.access();
      const { headers = {}, cookies = new CookieJar() } = access;
      const reached = { ...access, headers, cookies, signal };
      const page = await askPage(url, cookies, reached);
      const { chromium, sandbox, page_timeout: readySeconds } = context.configuration.recorder;
      return openPlayer({ ...reached, page }, size, {
        executable: chromium,
        sandbox,
        readyTimeoutMs: readySeconds * 1000,
        fetchFile: (file, target, onBytes) =>
          fetchFile(file, target, cookies, reached, onBytes, { allows: ownServer(page, {}) }),
      });
    },
    findPlayback: (recordId, signal) => recordings.findPlayback(recordId, signal),
  };
}

/**
 * Removes the work beside a file that stands there already: of a run that was killed between delivering and tidying up.
 * @returns false while somebody works on it
 */
export async function removeLeftWork(
  context: Context,
  options: ConvertOptions,
  outputPath: string,
): Promise<boolean> {
  const directory = workPlace(context, options, path.resolve(outputPath));
  if (!exists(directory)) return true;
  const { openWorkDirectory } = await import('../../recorder/adapters/work-directory.js');
  try {
    await (await openWorkDirectory(directory, signEveryMs(context))).discard();
    return true;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'conversion-running') return false;
    throw error;
  }
}

/** A worker that takes a job over from another machine must see within its heartbeat that the owner signs no more. */
const signEveryMs = ({ configuration }: Context): number =>
  (configuration.recorder.queue_heartbeat * 1000) / 15;

function workPlace({ configuration }: Context, options: ConvertOptions, outputPath: string): string {
  const { work_dir: workDirectory } = configuration.recorder;
  const name = `.${path.basename(outputPath)}.${optionsHash(options, outputPath)}.work`;
  return path.join(workDirectory ?? path.dirname(outputPath), name);
}

/** Other options are other work: they never share segments. */
const optionsHash = (options: ConvertOptions, outputPath: string): string =>
  createHash('sha256')
    .update(JSON.stringify([{ ...options, cores: 0 }, outputPath]))
    .digest('hex')
    .slice(0, 8);

async function openMedia(context: Context): Promise<ConvertPorts> {
  const [{ openBrowserSession }, { runFfmpeg }, { probeMedia, decodeMedia }, film, device, own] =
    await Promise.all([
      import('../../chromium/open-browser-session.js'),
      import('../../recorder/adapters/ffmpeg/run-ffmpeg.js'),
      import('../../recorder/adapters/ffmpeg/probe-media.js'),
      import('../../recorder/adapters/ffmpeg/read-film.js'),
      import('../../recorder/adapters/ffmpeg/find-encoding-device.js'),
      import('../../kit/adapters/files/own-directory.js'),
    ]);
  // A run that goes on where a killed one stopped may need no browser any more.
  own.sweepOwnDirectories(os.tmpdir(), own.BROWSER_DIRECTORY);
  const { recorder } = context.configuration;
  return {
    openBrowserSession: (size, scene, signal) =>
      openBrowserSession(scene, { executable: recorder.chromium, sandbox: recorder.sandbox, size, signal }),
    limits: fileLimits(context),
    media: {
      run: (plan, directory, signal, onTime) =>
        runFfmpeg(plan, {
          ffmpeg: recorder.ffmpeg,
          directory,
          signal,
          silenceMs: recorder.timeout * 1000,
          onTime,
        }),
      probe: (file, signal, countPackets) => probeMedia(recorder.ffprobe, file, { signal, countPackets }),
      readFilm: (file, signal) => film.readFilm(recorder.ffprobe, file, signal),
      findDevice: (name) => device.findEncodingDevice(name, '/dev'),
      encoderTestMs: recorder.encoder_test * 1000,
      decode: (file, of, signal) => decodeMedia(recorder.ffmpeg, file, of, signal),
    },
  };
}
