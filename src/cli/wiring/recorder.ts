import os from 'node:os';
import path from 'node:path';
import type { ConvertOptions, ConvertPorts } from '../../recorder/convert-presentation.js';
import type { ConvertToMp4 } from '../../recorder/convert-to-mp4.js';
import type { Context } from '../context.js';

/** Settings of `[recorder]` as options of one conversion; flags are laid over them. */
export function conversionDefaults(context: Context): ConvertOptions {
  const { recorder } = context.configuration;
  const [width = 1280, height = 720] = recorder.size.split('x').map(Number);
  return {
    layout: recorder.layout,
    size: { width, height },
    background: 'light',
    chat: recorder.layout === 'player',
    anonymous: false,
    preset: 'balanced',
    format: 'mp4',
    crf: null,
    bitrateKbps: null,
    cores: recorder.threads ?? os.availableParallelism(),
    audioOffsetMs: 0,
    language: null,
  };
}

/** The use case's function with its adapters in place. */
export async function openConverter(
  context: Context,
  options: ConvertOptions = conversionDefaults(context),
): Promise<ConvertToMp4> {
  const [{ convertPresentation }, { openPublishedFolder }, { openWorkDirectory }] = await Promise.all([
    import('../../recorder/convert-presentation.js'),
    import('../../adapters/files/published-folder.js'),
    import('../../adapters/files/work-directory.js'),
  ]);
  const ports = await openPorts(context);
  const { work_dir: workDir } = context.configuration.recorder;
  return async (source, outputPath, signal, onProgress = () => undefined) => {
    if (!('folder' in source)) throw new Error('sources other than folders: not yet');
    const target = path.resolve(outputPath);
    const name = `.${path.basename(target)}.work`;
    const work = await openWorkDirectory(path.join(workDir ?? path.dirname(target), name));
    const converted = await convertPresentation(
      openPublishedFolder(source.folder),
      work,
      target,
      options,
      ports,
      signal,
      onProgress,
    );
    return { path: target, durationMs: converted.durationMs, sizeBytes: converted.sizeBytes };
  };
}

async function openPorts(context: Context): Promise<ConvertPorts> {
  const [{ openStudio }, { runFfmpeg }, { probeMedia, decodeKeyFrames }] = await Promise.all([
    import('../../adapters/chromium/open-studio.js'),
    import('../../adapters/ffmpeg/run-ffmpeg.js'),
    import('../../adapters/ffmpeg/probe-media.js'),
  ]);
  const { recorder } = context.configuration;
  return {
    openStudio: (scene, signal) =>
      openStudio(scene, { executable: recorder.chromium, sandbox: recorder.sandbox, signal }),
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
      decodeKeyFrames: (file, signal) => decodeKeyFrames(recorder.ffmpeg, file, signal),
    },
  };
}
