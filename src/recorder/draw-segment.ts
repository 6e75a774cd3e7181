import {
  concatList,
  cursorMoves,
  cursorSizes,
  layParts,
  type Move,
  type PartRun,
  type StillEntry,
} from './encoding/lay-pictures.js';
import { pictureChanges } from './encoding/picture-changes.js';
import type { Laid } from './encoding/plan-segment-encode.js';
import { GOP_SECONDS, type Segment } from './encoding/plan-segments.js';
import type { Job } from './plan-job.js';
import type { SceneRenderer, WorkDirectory } from './ports.js';
import { cursorDot } from './scenes/cursor-dot.js';
import { changedDrawings, type PictureState } from './timeline/picture-states.js';

/** A segment whose pictures lie in the work directory. */
export interface DrawnSegment {
  readonly segment: Segment;
  readonly stills: readonly Still[];
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
  const stills = await drawStills(segment, renderer, work, prefix);
  await work.write(`${prefix}.ffconcat`, concatList(stills));
  const laid = layParts(stills);
  const parts = laid === null ? null : await writeLaid('parts', laid, work, prefix);
  const cursor = segment.cursor.length === 0 ? null : await drawCursor(job, segment, work, prefix);
  const changes = pictureChanges(stills, segment.cursor, {
    frames: segment.frames,
    longest: GOP_SECONDS * job.fps,
  });
  return { segment, stills, parts, cursor, changes };
}

async function drawStills(
  segment: Segment,
  renderer: SceneRenderer,
  work: WorkDirectory,
  prefix: string,
): Promise<Still[]> {
  const drawn = new Map<string, Still>();
  const writes: Promise<void>[] = [];
  const stills: Still[] = [];
  /** The last whole picture, and the last of all. */
  let whole: { readonly state: PictureState; readonly file: string } | null = null;
  let last: { readonly png: Buffer; readonly file: string; readonly at: string } | null = null;
  for (const { state, frames } of segment.stills) {
    let still = drawn.get(state.key);
    if (still === undefined) {
      const { png, at, share } = await renderer.render(
        state,
        whole === null ? null : changedDrawings(whole.state, state),
      );
      const place = JSON.stringify(at);
      const isSame = last?.at === place && last.png.equals(png);
      const file: string = isSame ? (last?.file ?? '') : `${prefix}-${drawn.size}.png`;
      last = { png, file, at: place };
      if (!isSame) {
        const write = work.write(file, png);
        write.catch(() => undefined);
        writes.push(write);
      }
      if (at === null) whole = { state, file };
      still = { file: whole?.file ?? file, part: at === null ? null : { file, ...at }, frames, share };
      drawn.set(state.key, still);
    }
    stills.push({ ...still, frames });
  }
  await Promise.all(writes);
  return stills;
}

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
  return writeLaid('pointers', { entries, moves: cursorMoves(segment.cursor) }, work, prefix);
}

async function writeLaid(
  name: 'parts' | 'pointers',
  { entries, moves }: { readonly entries: readonly StillEntry[]; readonly moves: readonly Move[] },
  work: WorkDirectory,
  prefix: string,
): Promise<Laid> {
  const list = `${prefix}.${name}`;
  await work.write(list, concatList(entries));
  return { list, moves };
}
