import {
  cursorMoves,
  cursorSizes,
  inOrder,
  layParts,
  type PartRun,
  type PictureStream,
  type StillEntry,
} from './encoding/lay-pictures.js';
import { pictureChanges } from './encoding/picture-changes.js';
import type { Laid } from './encoding/plan-segment-encode.js';
import { GOP_SECONDS, type Segment } from './encoding/plan-segments.js';
import type { Job } from './plan-job.js';
import type { ChangedState, SceneRenderer, WorkDirectory } from './ports.js';
import { cursorDot } from './scenes/cursor-dot.js';
import { changedDrawings, type PictureState } from './timeline/picture-states.js';

/** A segment whose pictures lie in the work directory. */
export interface DrawnSegment {
  readonly segment: Segment;
  readonly stills: readonly Still[];
  readonly pictures: PictureStream;
  readonly parts: Laid | null;
  readonly cursor: Laid | null;
  /** Frames that differ from the one before. */
  readonly changes: readonly number[];
}

/** Of its files in the work directory. */
export const prefixOf = ({ index }: Segment): string => `s${index}`;

/** A picture that stands, and for how many frames; what differs from it by then is laid over it. */
export interface Still extends StillEntry, PartRun {
  readonly share: boolean;
}

/** Draws what a segment shows, and writes what ffmpeg is told of it. */
export async function drawSegment(
  job: Job,
  segment: Segment,
  renderer: SceneRenderer,
  work: WorkDirectory,
): Promise<DrawnSegment> {
  const prefix = prefixOf(segment);
  const stills = await new StillDrawer(segment, renderer, work).draw();
  const pictures = await writeStream(`${prefix}-stills.png`, stills, work);
  const laid = layParts(stills);
  const parts =
    laid === null
      ? null
      : { ...laid, pictures: await writeStream(`${prefix}-parts.png`, laid.entries, work) };
  const drawn = stills.flatMap(({ file, part }) => [file, ...(part === null ? [] : [part.file])]);
  await Promise.all([...new Set(drawn)].map((file) => work.remove(file)));
  const cursor = segment.cursor.length === 0 ? null : await drawCursor(job, segment, work, prefix);
  const changes = pictureChanges(stills, segment.cursor, {
    frames: segment.frames,
    longest: GOP_SECONDS * job.fps,
  });
  return { segment, stills, pictures, parts, cursor, changes };
}

async function writeStream(
  file: string,
  entries: readonly StillEntry[],
  work: WorkDirectory,
): Promise<PictureStream> {
  const { files, starts } = inOrder(entries);
  await work.concatenate(files, file);
  return { file, starts };
}

/** Draws the distinct pictures of a segment: whole ones, and sheets of parts that differ from the last whole one. */
class StillDrawer {
  readonly #prefix: string;
  /** By the key of the state. */
  readonly #drawn = new Map<string, Omit<Still, 'frames'>>();
  readonly #writes: Promise<void>[] = [];
  #files = 0;
  #whole: { readonly state: PictureState; readonly file: string; readonly png: Buffer } | null = null;

  constructor(
    readonly segment: Segment,
    readonly renderer: SceneRenderer,
    readonly work: WorkDirectory,
  ) {
    this.#prefix = prefixOf(segment);
  }

  async draw(): Promise<Still[]> {
    const stills: Still[] = [];
    for (const [i, { state, frames }] of this.segment.stills.entries()) {
      if (!this.#drawn.has(state.key)) await this.#drawParts(i);
      const still = this.#drawn.get(state.key) ?? (await this.#drawWhole(state));
      stills.push({ ...still, frames });
    }
    await Promise.all(this.#writes);
    return stills;
  }

  async #drawWhole(state: PictureState): Promise<Omit<Still, 'frames'>> {
    const { png, share } = await this.renderer.render(state);
    const file = this.#whole?.png.equals(png) === true ? this.#whole.file : this.#write(png);
    this.#whole = { state, file, png };
    const still = { file, part: null, share };
    this.#drawn.set(state.key, still);
    return still;
  }

  /** Of that state and of those behind it, as far as they differ from the last whole picture by drawings alone. */
  async #drawParts(from: number): Promise<void> {
    if (this.#whole === null) return;
    const states = this.#partsFrom(from, this.#whole.state);
    const sheet = states.length === 0 ? null : await this.renderer.renderParts(states);
    if (sheet === null) return;
    const { size, around } = sheet;
    const file = this.#write(sheet.png);
    sheet.places.forEach(({ x, y }, row) => {
      const cut = { ...size, x: around, y: row * (size.height + 2 * around) + around };
      const { key = '' } = states[row]?.state ?? {};
      this.#drawn.set(key, { file: this.#whole?.file ?? file, part: { file, x, y, cut }, share: false });
    });
  }

  #partsFrom(from: number, whole: PictureState): ChangedState[] {
    const found = new Map<string, ChangedState>();
    for (let i = from; i < this.segment.stills.length && found.size < MOST_PARTS; i++) {
      const state = this.segment.stills[i]?.state;
      if (state === undefined || this.#drawn.has(state.key)) continue;
      const changed = changedDrawings(whole, state);
      if (changed === null) break;
      found.set(state.key, { state, changed });
    }
    return [...found.values()];
  }

  #write(png: Buffer): string {
    const file = `${this.#prefix}-${this.#files++}.png`;
    const write = this.work.write(file, png);
    write.catch(() => undefined);
    this.#writes.push(write);
    return file;
  }
}

/** No sheet has room for more. */
const MOST_PARTS = 16;

async function drawCursor(job: Job, segment: Segment, work: WorkDirectory, prefix: string): Promise<Laid> {
  const sizes = cursorSizes(segment.cursor, segment.frames);
  const entries: StillEntry[] = [];
  for (const { radius, frames } of sizes) {
    const file = `dot-${radius}.pam`;
    if ((await work.sizeOf(file)) === null) {
      // Lanes share the dots: a half-written one must not be seen.
      const part = `${prefix}-${file}`;
      await work.write(part, cursorDot(radius, job.presentation.generation));
      await work.rename(part, file);
    }
    entries.push({ file, frames });
  }
  const pictures = await writeStream(`${prefix}-pointers.pam`, entries, work);
  return { pictures, moves: cursorMoves(segment.cursor) };
}
