import { cpSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defaultFileLimits } from '../../src/bbb/published-file.js';
import { openPublishedFolder } from '../../src/recorder/adapters/published-folder.js';
import { openWorkDirectory } from '../../src/recorder/adapters/work-directory.js';
import { openBrowserSession } from '../../src/chromium/open-browser-session.js';
import { decodeMedia, probeMedia } from '../../src/recorder/adapters/ffmpeg/probe-media.js';
import { readFilm } from '../../src/recorder/adapters/ffmpeg/read-film.js';
import { runFfmpeg } from '../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import { type RecordingPorts } from '../../src/recorder/recording-ports.js';
import { plainConversion, type ConvertOptions } from '../../src/recorder/convert-options.js';

export const fixtures = path.resolve(import.meta.dirname, '../../fixtures/presentations');
export type Kind = 'classic' | 'tldraw1' | 'tldraw2';

/** A published folder as a server has it: the fixture with its media, which all kinds share. */
export function publishFixture(
  kind: Kind,
  into: string,
  media: readonly ('webcams' | 'deskshare')[],
): string {
  const folder = path.join(into, kind);
  cpSync(path.join(fixtures, kind), folder, { recursive: true });
  // BBB publishes the file without events where nobody shared a screen (record-and-playback, publish/presentation.rb).
  if (!media.includes('deskshare'))
    writeFileSync(path.join(folder, 'deskshare.xml'), '<recording id="deskshare_events"/>\n');
  for (const name of media) {
    const directory = path.join(folder, name === 'webcams' ? 'video' : name);
    mkdirSync(directory, { recursive: true });
    try {
      linkSync(path.join(fixtures, 'media', `${name}.webm`), path.join(directory, `${name}.webm`));
    } catch {
      cpSync(path.join(fixtures, 'media', `${name}.webm`), path.join(directory, `${name}.webm`));
    }
  }
  return folder;
}

export const testOptions: ConvertOptions = {
  ...plainConversion,
  layout: 'player',
  size: { width: 1280, height: 720 },
  chat: true,
  encoder: 'auto',
  cores: 2,
};

/** Real browser, real ffmpeg; no server. */
export function realPorts(workRoot: string, more: Partial<RecordingPorts> = {}): RecordingPorts {
  return {
    openBrowserSession: (size, scene, signal) =>
      openBrowserSession(scene, { executable: '/usr/bin/chromium', sandbox: 'on', size, signal }),
    limits: defaultFileLimits,
    roomBytes: () => Promise.resolve(1e12),
    fetchDeadlineMs: 3_600_000,
    media: {
      run: (plan, directory, signal, onTime) =>
        runFfmpeg(plan, { ffmpeg: '/usr/bin/ffmpeg', directory, signal, silenceMs: 60_000, onTime }),
      probe: (file, signal, countPackets) => probeMedia('/usr/bin/ffprobe', file, { signal, countPackets }),
      readFilm: (file, signal) => readFilm('/usr/bin/ffprobe', file, signal),
      findDevice: () => null,
      encoderTestMs: 20_000,
      decode: (file, of, signal) => decodeMedia('/usr/bin/ffmpeg', file, of, signal),
    },
    openFolder: (directory) => openPublishedFolder(directory),
    openWork: (output) => openWorkDirectory(path.join(workRoot, `${path.basename(output)}.work`), 500),
    unpack: () => Promise.reject(new Error('no archive here')),
    openPlayback: () => Promise.reject(new Error('no server here')),
    openPlayer: () => Promise.reject(new Error('no player here')),
    findPlayback: async () => null,
    ...more,
  };
}

export const convertFolder = (
  folder: string,
  output: string,
  options: Partial<ConvertOptions> = {},
  signal: AbortSignal = new AbortController().signal,
) =>
  convertRecording({ folder }, output, {
    options: { ...testOptions, ...options },
    ports: realPorts(path.dirname(output)),
    signal,
  });
