import { planSegments } from './encoding/plan-segments.js';
import type { ConvertOptions } from './convert-options.js';
import { digestOf, estimate, framesOf, namesOf, type Job } from './plan-job.js';
import type { PlayerFacts } from './ports.js';
import { fitInside, type Layout, type Rectangle } from './scenes/layout.js';
import type { SourceMedia } from './survey-media.js';
import { frameOf } from './timeline/at-frame.js';
import type { PictureState } from './timeline/picture-states.js';
import type { Presentation } from './timeline/presentation.js';

/** Whiteboards change on a grid of 0.1 s: nothing is missed between two steps. */
const STEP_MS = 100;

/**
 * Plans the filming of a page. `laid`: its videos are laid over the pictures from their own files; otherwise they are
 * seen in the pictures themselves, as often as the page is stepped.
 */
export function planPlayerJob(
  presentation: Presentation,
  found: SourceMedia,
  { durationMs, webcam, share }: PlayerFacts,
  options: ConvertOptions,
): { job: Job; laid: boolean } {
  // Sound alone needs no laying; a video that could not be downloaded stays in the page, and the other with it.
  const laid =
    (webcam?.place == null || found.audio !== null || found.webcam !== null) &&
    (share === null || found.share !== null);
  const source: SourceMedia = laid ? found : { ...found, webcam: null, share: null };
  const { fps } = source;
  const { firstFrame, endFrame } = framesOf(durationMs, fps, options);
  const layout = layoutOf(options, source, webcam?.place ?? null, share?.place ?? null);
  const states = options.audioOnly ? [] : steps(firstFrame, endFrame, fps);
  const job: Job = {
    fps,
    firstFrame,
    frames: endFrame - firstFrame,
    layout,
    states,
    segments: planSegments(states, [], { fps, firstFrame, frames: endFrame, cores: options.cores }),
    source,
    presentation,
    chapters: [],
    options,
    encoder: { name: 'software' },
    ...namesOf(options),
    digest: digestOf({ options, firstFrame, endFrame, layout, source }),
    estimatedBytes: estimate(((endFrame - firstFrame) * 1000) / fps, options),
  };
  return { job: options.audioOnly ? { ...job, segments: [] } : job, laid };
}

function steps(firstFrame: number, endFrame: number, fps: number): PictureState[] {
  const starts = new Set([firstFrame]);
  for (let ms = 0; frameOf(ms, fps) < endFrame; ms += STEP_MS)
    if (frameOf(ms, fps) >= firstFrame) starts.add(frameOf(ms, fps));
  const frames = [...starts];
  return frames.map((frame, i) => ({
    key: `frame-${frame}`,
    firstFrame: frame,
    frames: (frames[i + 1] ?? endFrame) - frame,
    slide: null,
    share: false,
    hidden: false,
    due: 0,
  }));
}

function layoutOf(
  { size }: ConvertOptions,
  { webcam, share }: SourceMedia,
  webcamPlace: Rectangle | null,
  sharePlace: Rectangle | null,
): Layout {
  return {
    name: 'player',
    size,
    scale: 1,
    background: '#ffffff',
    boxColour: '#ffffff',
    box: share === null ? null : sharePlace,
    webcam: webcam === null || webcamPlace === null ? null : fitInside(webcam, onPixels(webcamPlace)),
    chat: null,
    dark: false,
  };
}

const onPixels = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: Math.round(x),
  y: Math.round(y),
  width: Math.round(width),
  height: Math.round(height),
});
