import { drawSegment, prefixOf, type DrawnSegment, type Still } from './draw-segment.js';
import { isStill, planSegmentEncode } from './encoding/plan-segment-encode.js';
import type { Segment } from './encoding/plan-segments.js';
import { planCodec } from './encoding/video-codec.js';
import type { Job } from './plan-job.js';
import type { Media, BrowserSession, WorkDirectory } from './ports.js';
import { RendererPool } from './renderer-pool.js';
import { fitInside, withoutSlides } from './scenes/layout.js';

export interface SegmentTools {
  readonly openBrowserSession: () => Promise<BrowserSession>;
  readonly work: WorkDirectory;
  readonly media: Media;
  readonly signal: AbortSignal;
}

/**
 * Makes every segment that an earlier run has not left finished. While a lane encodes a segment, the pictures of its next
 * one are drawn. So every core always has something to do (a browser alone waits half of its time), the disk holds few
 * pictures, and the first minute is there early.
 */
export async function encodeSegments(
  job: Job,
  tools: SegmentTools,
  onShare: (share: number) => void,
): Promise<void> {
  const { work } = tools;
  const done = new Map<number, number>();
  const tell = (index: number, frames: number): void => {
    done.set(index, frames);
    onShare([...done.values()].reduce((sum, count) => sum + count, 0) / job.frames);
  };
  const waiting: Segment[] = [];
  for (const segment of job.segments) {
    if ((await work.sizeOf(segmentName(job, segment))) === null) waiting.push(segment);
    else tell(segment.index, segment.frames);
  }
  if (waiting.length === 0) return;
  const browserSession = await tools.openBrowserSession();
  const most = Math.min(job.options.cores, waiting.length);
  const pool = new RendererPool(browserSession, { most, patienceMs: PATIENCE_MS });
  const drawings: Promise<DrawnSegment>[] = [];
  const drawNext = (): Promise<DrawnSegment> | null => {
    const segment = waiting.shift();
    if (segment === undefined) return null;
    const drawn = pool.use((renderer) => drawSegment(job, segment, renderer, work));
    drawn.catch(() => undefined);
    drawings.push(drawn);
    if (waiting.length === 0) void Promise.allSettled(drawings).then(() => pool.end());
    return drawn;
  };
  const lane = async (): Promise<void> => {
    for (let drawing = drawNext(); drawing !== null;) {
      const drawn = await drawing;
      drawing = drawNext();
      const { index, frames } = drawn.segment;
      await encodeSegment(job, drawn, tools, (count) => tell(index, count));
      tell(index, frames);
    }
  };
  const lanes = Array.from({ length: most }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    pool.end();
    await browserSession.close();
    // What was drawn ahead still writes.
    await Promise.allSettled([...lanes, ...drawings]);
  }
}

/** Longer than a browser takes to start and to draw a usual segment. */
const PATIENCE_MS = 2000;

export const segmentName = ({ options }: Job, { index }: Segment): string =>
  `segment-${String(index).padStart(4, '0')}.${options.format}`;

async function encodeSegment(
  job: Job,
  { segment, stills, pictures, parts, cursor, changes }: DrawnSegment,
  { work, media, signal }: SegmentTools,
  onFrames: (frames: number) => void,
): Promise<void> {
  const { fps, layout, source, options } = job;
  const prefix = prefixOf(segment);
  const { webcam } = segment.hidden ? withoutSlides(layout) : layout;
  const shown = job.options.engine === 'player' ? { ...segment, shares: sharedFrames(stills) } : segment;
  const part = `${prefix}.part.${options.format}`;
  const moving = {
    webcam: source.webcam === null || webcam === null ? null : { file: source.webcam.file, place: webcam },
    share:
      source.share === null || layout.box === null
        ? null
        : { file: source.share.file, place: fitInside(source.share, layout.box) },
  };
  // A filmed page may show more than its own drawings.
  const drawn = options.engine === 'files' && isStill(shown, moving);
  const plan = planSegmentEncode(shown, {
    ...moving,
    fps,
    size: layout.size,
    stills: pictures,
    parts,
    cursor,
    changes,
    codec: planCodec({ ...options, threads: 1, encoder: job.encoder, drawn }),
    output: part,
  });
  await media.run(plan, work.path, signal, (ms) =>
    onFrames(Math.min(segment.frames, Math.round((ms * fps) / 1000))),
  );
  await work.rename(part, segmentName(job, segment));
  const leftovers = [pictures, ...[parts, cursor].flatMap((laid) => (laid === null ? [] : [laid.pictures]))];
  await Promise.all(leftovers.map(({ file }) => work.remove(file)));
}

/** Frames with the shared screen, where only the page knows it. */
function sharedFrames(stills: readonly Still[]): { from: number; to: number }[] {
  let frame = 0;
  return stills.flatMap(({ frames, share }) => {
    const from = frame;
    frame += frames;
    return share ? [{ from, to: frame }] : [];
  });
}
