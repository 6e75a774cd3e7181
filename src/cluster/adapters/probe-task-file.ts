import { stat } from 'node:fs/promises';
import type { FileFacts } from '../queue/queue-report.js';
import { asMediaFile, FOREIGN_MEDIA_OPTIONS } from '../../kit/foreign-media.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';

/**
 * Age and duration of a media file; null for what cannot be told here (no such file, no media, too slow).
 * The path is somebody else's text: it is opened as a local file whatever it looks like.
 */
export async function probeTaskFile(ffprobe: string, file: string, signal: AbortSignal): Promise<FileFacts> {
  let writtenAtSeconds: number;
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return { durationSeconds: null, writtenAtSeconds: null };
    writtenAtSeconds = facts.mtimeMs / 1000;
  } catch {
    return { durationSeconds: null, writtenAtSeconds: null };
  }
  try {
    const { stdout } = await runToEnd({
      file: ffprobe,
      args: [
        '-v',
        'error',
        ...FOREIGN_MEDIA_OPTIONS,
        '-show_entries',
        'format=duration',
        '-of',
        'default=nk=1:nw=1',
        asMediaFile(file),
      ],
      timeLimitMs: 10_000,
      mustSucceed: false,
      signal,
    });
    const duration = Number(stdout.toString('utf8').trim());
    return { durationSeconds: Number.isFinite(duration) && duration > 0 ? duration : null, writtenAtSeconds };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'OperatorError')
      return { durationSeconds: null, writtenAtSeconds };
    throw error;
  }
}
