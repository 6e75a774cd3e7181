import type { Panzoom, Presentation, Visit } from './presentation.js';

/** The part of the whiteboard that is seen, in the units of its drawings. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The view of a slide under a pan and zoom. Up to 2.5 the event is the rectangle itself. With tldraw it is the
 * camera's offset, and a width and height in units of the slide's file, which the whiteboard shows scaled.
 */
export function viewOf(presentation: Presentation, visit: Visit, panzoom: Panzoom | null): View {
  const scale = pageScale(presentation, visit);
  if (panzoom === null) return { x: 0, y: 0, width: visit.width * scale, height: visit.height * scale };
  const { x, y, width, height } = panzoom;
  if (presentation.generation === 'classic') return { x, y, width, height };
  return {
    x: x === 0 ? 0 : -x,
    y: y === 0 ? 0 : -y,
    width: width * scale,
    height: height * scale,
  };
}

/**
 * tldraw page units per pixel of the slide's file: the slide is fitted into 1440x1080, into 2048x1536 before 2.6.1. Only since
 * then does tldraw.json name a version (bbb-playback pull request 238; src/components/tldraw/index.js).
 */
export function pageScale(presentation: Presentation, visit: Visit): number {
  if (presentation.generation === 'classic') return 1;
  const old = presentation.generation === 'tldraw1' && isBefore261(presentation.bbbVersion);
  const [width, height] = old ? [2048, 1536] : [1440, 1080];
  return Math.min(width / visit.width, height / visit.height);
}

function isBefore261(version: string | null): boolean {
  const [major = 0, minor = 0, patch = 0] = (version ?? '').split(/[.-]/).map((part) => Number(part) || 0);
  return major * 1e6 + minor * 1e3 + patch < 2_006_001;
}
