import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { openBrowserSession } from '../../../src/chromium/open-browser-session.js';
import { cursorDot } from '../../../src/recorder/scenes/cursor-dot.js';
import { planLayout, type Layout, type Rectangle } from '../../../src/recorder/scenes/layout.js';
import { pagePolicy, scenePage } from '../../../src/recorder/scenes/scene-page.js';
import { visitScene } from '../../../src/recorder/scenes/visit-scene.js';
import { cursorTrack } from '../../../src/recorder/timeline/cursor-track.js';
import { pictureStates } from '../../../src/recorder/timeline/picture-states.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../../src/recorder/timeline/read-presentation.js';
import { readFrames, type Picture } from '../pictures.js';

const SIZE = { width: 1280, height: 720 };
const FPS = 30;

export interface DrawnFolder {
  /** Holds the texts of a published presentation. */
  readonly texts: string;
  /** Holds its pictures. */
  readonly pictures: string;
}

/**
 * What a recording shows at that second, as its still picture with the pointer laid on it: no film is made. The slides have the
 * given box, as in the player with its bars.
 */
export async function drawState(
  { texts, pictures }: DrawnFolder,
  seconds: number,
  box: Rectangle,
): Promise<Picture> {
  const read = (name: string): string | null => {
    const file = path.join(texts, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const presentation = readPresentation(
    Object.fromEntries(presentationFiles.map((name) => [name, read(name)])) as unknown as PresentationTexts,
  );
  const frames = Math.ceil((seconds + 1) * FPS);
  const frame = Math.round(seconds * FPS);
  const layout = withBox(presentation.chat.length > 0, box);
  const state = pictureStates(presentation, { fps: FPS, frames, slides: true, chat: true }).findLast(
    ({ firstFrame }) => firstFrame <= frame,
  );
  const pointer = cursorTrack(presentation, { fps: FPS, frames, box, scale: layout.scale }).findLast(
    (point) => point.frame <= frame,
  );
  if (state === undefined) throw new Error(`${texts} shows nothing at ${seconds} s`);
  const used = new Set(state.slide?.drawings);
  const session = await openBrowserSession(
    Promise.resolve({
      size: SIZE,
      folder: pictures,
      policy: pagePolicy,
      mostPictureBytes: 1e8,
      mostPixels: 1e8,
      card: () => null,
      page: (nonce) => scenePage({ presentation, layout, chat: presentation.chat, anonymous: false }, nonce),
      visit: (index) => visitScene(presentation, index, used),
    }),
    { executable: '/usr/bin/chromium', sandbox: 'on', size: SIZE, signal: new AbortController().signal },
  );
  try {
    const renderer = await session.openRenderer();
    const file = path.join(texts, `drawn-${process.pid}-${seconds}.png`);
    writeFileSync(file, (await renderer.render(state)).png);
    const [picture] = readFrames(file, [0]);
    if (picture === undefined) throw new Error('no picture');
    return pointer?.dot == null
      ? picture
      : withDot(picture, pointer.dot, cursorDot(pointer.dot.radius, presentation.generation));
  } finally {
    await session.close();
  }
}

/** The `player` layout with a webcam; its chat column ends where the player's bar begins. */
function withBox(chat: boolean, box: Rectangle): Layout {
  const webcam = { width: 640, height: 480 };
  const layout = planLayout({ name: 'player', size: SIZE, background: 'light', chat, webcam });
  return {
    ...layout,
    box,
    chat: layout.chat === null ? null : { ...layout.chat, height: 690 - layout.chat.y },
  };
}

/** Lays a PAM picture over another one, its middle at that point. */
function withDot(picture: Picture, dot: { x: number; y: number }, pam: Buffer): Picture {
  const side = Number(/WIDTH (\d+)/.exec(pam.toString('latin1', 0, 100))?.[1]);
  const pixels = pam.subarray(pam.length - side * side * 4);
  const rgb = Buffer.from(picture.rgb);
  for (let i = 0; i < side * side; i++) {
    const cover = (pixels[i * 4 + 3] ?? 0) / 255;
    const [x, y] = [dot.x - side / 2 + (i % side), dot.y - side / 2 + Math.floor(i / side)];
    if (cover === 0 || x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
    for (let channel = 0; channel < 3; channel++) {
      const at = (y * picture.width + x) * 3 + channel;
      rgb[at] = Math.round((rgb[at] ?? 0) * (1 - cover) + (pixels[i * 4 + channel] ?? 0) * cover);
    }
  }
  return { ...picture, rgb };
}
