import { open, type FileHandle } from 'node:fs/promises';
import { readMp4Tables } from '../../encoding/mp4-tables.js';
import type { FilmFacts } from '../../ports.js';
import { texts } from '../../texts.js';
import { probeMedia } from './probe-media.js';

/**
 * What a film holds that we just made: an MP4 by its own tables, which takes no start of ffprobe and no reading of the
 * whole file; a WebM has none, its packets are counted.
 * @throws OperatorError result-wrong, media-broken, ffmpeg-missing
 */
export async function readFilm(ffprobe: string, file: string, signal: AbortSignal): Promise<FilmFacts> {
  if (file.endsWith('.webm')) {
    const { durationMs, video, audio } = await probeMedia(ffprobe, file, { signal, countPackets: true });
    return {
      durationMs,
      frames: video === null ? null : (video.frames ?? 0),
      packets: audio === null ? null : (audio.packets ?? 0),
    };
  }
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return readMp4Tables(await moovOf(handle, size), size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw texts.resultWrong({ detail: error.message }, { cause: error });
  } finally {
    await handle.close();
  }
}

/** Content of the box `moov`. @throws RangeError without any */
async function moovOf(handle: FileHandle, fileBytes: number): Promise<Buffer> {
  const read = async (at: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, at);
    return bytes.subarray(0, bytesRead);
  };
  for (let at = 0; at < fileBytes;) {
    const head = await read(at, 16);
    const short = head.readUInt32BE(0);
    const [size, begin] = short === 1 ? [Number(head.readBigUInt64BE(8)), 16] : [short, 8];
    if (size < begin || at + size > fileBytes) throw new RangeError('a box is cut');
    if (head.toString('latin1', 4, 8) === 'moov') return read(at + begin, size - begin);
    at += size;
  }
  throw new RangeError('it has no tables');
}
