import path from 'node:path';
import { liveApi, type LiveApi } from '../../bbb-server/live-api.js';
import type { FetchText } from '../../kit/adapters/http/fetch-text.js';
import { openHttp } from '../../kit/adapters/http/open-http.js';
import { Recordings } from '../../live/adapters/recordings.js';
import { LiveDirectory } from '../../live/adapters/live-store.js';
import type { PictureSettings } from '../../live/encoding.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';
import { addressGuardOf } from '../sites/address-guard.js';

/** The HTTP adapter for short questions: ten seconds, one more try for what only reads. */
export function openFetch(context: Context, caFile: string | undefined): FetchText {
  const { pod, live } = context.configuration;
  const http = openHttp({
    ...{ caFile, timeoutMs: 10_000, connectTimeoutMs: 5000, retries: 1, retryDelayMs: 300 },
    guard: addressGuardOf(context, [pod.url, live.hls_url]),
  });
  context.closeWith(() => http.close());
  return async ({ method, url, headers, body, signal }) =>
    http.readText({
      url,
      method: method as 'GET',
      accepts: () => true,
      maxRedirects: method === 'GET' ? 3 : 0,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      signal,
    });
}

/** The [bbb] server of the lives. */
export function openLiveApi(context: Context): LiveApi {
  const { live, bbb } = context.configuration;
  const server = bbb[live.bbb];
  return liveApi({
    url: required(context, `bbb.${live.bbb}`, 'url', server?.url),
    secret: required(context, `bbb.${live.bbb}`, 'secret', server?.secret),
    checksum: server?.checksum ?? 'sha1',
    fetchText: openFetch(context, server?.ca_file),
  });
}

export const openStore = (context: Context): LiveDirectory => new LiveDirectory(context.stateDirectory);

export function openRecordings(context: Context): Recordings {
  const { live, recorder, pod } = context.configuration;
  return new Recordings({
    ffmpeg: recorder.ffmpeg,
    workDirectory: workDirectory(context),
    bbbDirectory: live.recordings_path,
    webinarDirectory: live.webinar_recordings_path,
    fileMode: pod.file_mode === undefined ? 0o644 : Number.parseInt(pod.file_mode, 8),
  });
}

export const workDirectory = (context: Context): string =>
  path.resolve(context.configuration.live.work_dir ?? path.join(context.stateDirectory, 'live'));

export function pictureSettings(context: Context): PictureSettings {
  const { size, framerate, bitrate_kbps, threads, preset } = context.configuration.live;
  const [width = 1280, height = 720] = size.split('x').map(Number);
  return { size: { width, height }, framerate, bitrateKbps: bitrate_kbps, threads, preset };
}
