import path from 'node:path';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { renderBytes, renderDuration } from '../../kit/output/units.js';
import type { ConvertProgress } from '../../recorder/make-file.js';
import type { ConvertSource, ConvertToMp4 } from '../../recorder/convert-recording.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { Context } from '../kit/context.js';

/** A log per conversion in `[log] directory`: source, each step with its moment, and how it ended. */
export function withLogs(context: Context, convert: ConvertToMp4): ConvertToMp4 {
  return async (source, outputPath, signal, details) => {
    const log = context.openLogOf(`conversion-${fileNameOf(source, outputPath)}`);
    if (log === null) return convert(source, outputPath, signal, details);
    const startedAt = performance.now();
    const took = (): string => renderDuration(performance.now() - startedAt);
    log('info', `${nameOf(source)} -> ${path.resolve(outputPath)}`);
    let last = '';
    try {
      const onProgress = (progress: ConvertProgress): void => {
        if (progress.step !== last) log('info', progress.step);
        if (progress.note !== undefined) log('warn', progress.note);
        last = progress.step;
        details?.onProgress?.(progress);
      };
      const file = await convert(source, outputPath, signal, { ...details, onProgress });
      if (file.kept === true) {
        log('warn', `not made again after ${took()}, for the server lacks still: ${file.missing}`);
        return file;
      }
      log('info', `done in ${took()}: ${renderDuration(file.durationMs)}, ${renderBytes(file.sizeBytes)}`);
      return file;
    } catch (error) {
      const code = error instanceof OperatorError ? `${error.code}: ` : '';
      log(
        'error',
        `failed after ${took()}: ${code}${error instanceof Error ? error.message : String(error)}`,
      );
      throw error;
    }
  };
}

/** The recordID where one is known: claims are all made as `presentation.mp4`. */
const fileNameOf = (source: ConvertSource, outputPath: string): string => {
  const recordId =
    'recordId' in source
      ? source.recordId
      : 'playbackUrl' in source
        ? recordIdOfUrl(source.playbackUrl)
        : null;
  return (recordId ?? path.parse(outputPath).name).replaceAll(/[^\w.-]/g, '_').slice(0, 100);
};

const nameOf = (source: ConvertSource): string => Object.values(source).join(' ');
