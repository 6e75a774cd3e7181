import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  closeSync,
  fsyncSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { KeeperJob } from '../keeper/keeper-port.js';
import { texts } from '../texts.js';

export interface RecordingSettings {
  readonly ffmpeg: string;
  /** Where parts are written, one folder a live. */
  readonly workDirectory: string;
  /** Pod's DEFAULT_BBB_PATH; '' keeps the file. */
  readonly bbbDirectory: string;
  /** Recorder's claim directory, for webinars; '' keeps the file. */
  readonly webinarDirectory: string;
  readonly fileMode: number;
}

/** The recording of a live: parts while it runs (one per encoder), one file in the end. */
export class Recordings {
  readonly #settings: RecordingSettings;

  constructor(settings: RecordingSettings) {
    this.#settings = settings;
  }

  directory(id: string): string {
    return path.join(this.#settings.workDirectory, 'recordings', id);
  }

  /** Path of the next part; parts of earlier encoders stay. */
  nextPart(id: string): string {
    const directory = this.directory(id);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const number = this.#parts(id).length + 1;
    return path.join(directory, `part-${String(number).padStart(4, '0')}.mkv`);
  }

  hasRecording(id: string): boolean {
    return this.#parts(id).some((part) => statSync(part).size > 0);
  }

  /**
   * Joins the parts without encoding again and moves the file to where Pod takes it: written as `.part` on the
   * target's own file system, flushed, renamed. Pod's job never sees half a file.
   * @throws OperatorError live-recording-kept
   */
  async move(job: KeeperJob): Promise<{ path: string; watched: boolean } | null> {
    const delivered = this.#finishMove(job.id);
    if (delivered !== null) return { path: delivered, watched: job.origin === 'bbb' };
    if (!this.hasRecording(job.id)) {
      this.#discard(job.id);
      return null;
    }
    const whole = await this.#join(job);
    const target = this.#target(job, path.extname(whole));
    // The recording of an earlier live of the same meeting, which Pod's job has not taken yet.
    if (target !== null && existsSync(target))
      throw texts.liveRecordingKept({
        id: job.id,
        path: whole,
        detail: `${target} is still there`,
      });
    if (target === null) return { path: this.#keep(job, whole), watched: false };
    try {
      moveByPart(whole, target, this.#settings.fileMode, this.#note(job.id));
    } catch (error) {
      throw texts.liveRecordingKept({
        id: job.id,
        path: whole,
        detail: error instanceof Error ? error.message : 'not moved',
      });
    }
    this.#discard(job.id);
    return { path: target, watched: job.origin === 'bbb' };
  }

  /** Joins what there is and keeps it in `work_dir/kept`. */
  async keep(job: KeeperJob): Promise<{ path: string; watched: boolean } | null> {
    const delivered = this.#finishMove(job.id);
    if (delivered !== null) return { path: delivered, watched: false };
    return this.hasRecording(job.id)
      ? { path: this.#keep(job, await this.#join(job)), watched: false }
      : null;
  }

  /** Joins a recording made by hand into the file the operator named. */
  async moveTo(job: KeeperJob, file: string): Promise<string | null> {
    if (!this.hasRecording(job.id)) return null;
    const whole = await this.#join(job);
    moveByPart(whole, file, this.#settings.fileMode, this.#note(job.id));
    this.#discard(job.id);
    return file;
  }

  /** Names the place of a whole file that is about to be renamed there. */
  #note(id: string): string {
    return path.join(this.directory(id), 'target.txt');
  }

  /**
   * A pass that was killed around the last rename must not bring the recording twice: Pod's job may have taken the file.
   * @returns where it is, or was
   */
  #finishMove(id: string): string | null {
    const note = this.#note(id);
    const target = existsSync(note) ? readFileSync(note, 'utf8') : '';
    if (target === '') return null;
    if (existsSync(`${target}.part`)) {
      if (existsSync(target)) return null;
      renameSync(`${target}.part`, target);
    }
    this.#discard(id);
    return target;
  }

  /** The note goes last: while a part is left, it says that the whole is delivered. */
  #discard(id: string): void {
    const directory = this.directory(id);
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory))
      if (path.join(directory, name) !== this.#note(id)) rmSync(path.join(directory, name), { force: true });
    rmSync(directory, { recursive: true, force: true });
  }

  #parts(id: string): string[] {
    const directory = this.directory(id);
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => /^part-\d{4}\.mkv$/.test(name))
      .sort()
      .map((name) => path.join(directory, name));
  }

  /** A part whose encoder was killed has neither length nor index: the copy gives it both. */
  async #join(job: KeeperJob): Promise<string> {
    const directory = this.directory(job.id);
    const list = path.join(directory, 'parts.txt');
    const whole = path.join(directory, job.origin === 'webinar' ? 'whole.mp4' : 'whole.mkv');
    const usable = this.#parts(job.id).filter((part) => statSync(part).size > 0);
    writeFileSync(list, usable.map((part) => `file '${part.replaceAll("'", "'\\''")}'\n`).join(''));
    const container = whole.endsWith('.mp4') ? ['-movflags', '+faststart', '-f', 'mp4'] : ['-f', 'matroska'];
    // Loaded only here: an idle pass every minute should not pay for it.
    const { runToEnd } = await import('../../kit/adapters/process/run-to-end.js');
    try {
      await runToEnd({
        file: this.#settings.ffmpeg,
        args: [
          ...['-nostdin', '-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list],
          ...['-map', '0', '-c', 'copy', ...container, whole],
        ],
        timeLimitMs: 30 * 60_000,
        nice: 10,
      });
    } catch (error) {
      rmSync(whole, { force: true });
      throw texts.liveRecordingKept({
        id: job.id,
        path: directory,
        detail: error instanceof Error ? error.message : 'not joined',
      });
    }
    return whole;
  }

  #target(job: KeeperJob, extension: string): string | null {
    const { bbbDirectory, webinarDirectory } = this.#settings;
    const directory = job.origin === 'bbb' ? bbbDirectory : job.origin === 'webinar' ? webinarDirectory : '';
    // The id comes from BBB: only its own form becomes a file name.
    const name = /^[\w-]{1,120}$/.test(job.internalMeetingId) ? job.internalMeetingId : job.id;
    return directory === '' ? null : path.join(directory, `${name}${extension}`);
  }

  #keep(job: KeeperJob, whole: string): string {
    const kept = path.join(this.#settings.workDirectory, 'kept');
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    const target = path.join(kept, `${job.id}-${job.createdAt}${path.extname(whole)}`);
    moveByPart(whole, target, 0o640, this.#note(job.id));
    this.#discard(job.id);
    return target;
  }
}

function moveByPart(from: string, target: string, mode: number, note: string): void {
  const part = `${target}.part`;
  try {
    renameSync(from, part);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, part);
    const descriptor = openSync(part, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
  chmodSync(part, mode);
  writeFileSync(note, target);
  renameSync(part, target);
  rmSync(from, { force: true });
}
