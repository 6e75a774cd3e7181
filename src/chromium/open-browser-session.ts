import type { BrowserSession, ChangedState, RenderedParts, Scene, SceneRenderer } from '../recorder/ports.js';
import type { Size } from '../recorder/scenes/layout.js';
import type { PictureState } from '../recorder/timeline/picture-states.js';
import {
  frameCaptureOf,
  evaluate,
  navigate,
  NoPicture,
  openPage,
  type FrameCapture,
} from './frame-capture.js';
import type { DevtoolsSession } from './devtools.js';
import type { LaunchOptions } from './prepare-chromium.js';
import { feedScene, type Feeder } from './scene-feeder.js';
import { startDrawingBrowser, type DrawingBrowser } from './start-drawing-browser.js';
import { texts } from './texts.js';

export type BrowserSessionOptions = Pick<
  LaunchOptions,
  'executable' | 'sandbox' | 'size' | 'temporaryDirectory' | 'memoryLimitBytes' | 'answerTimeoutMs'
> & { readonly signal: AbortSignal };

/**
 * Serves a scene and opens browsers that draw it: frames on demand where the browser can, screenshots elsewhere. A first
 * one starts at once; it stands ready when the scene does.
 */
export async function openBrowserSession(
  scene: Promise<Scene>,
  options: BrowserSessionOptions,
): Promise<BrowserSession> {
  const feeder = await feedScene(scene);
  // Each a browser of its own: of two pages that load in one process, each was seen to take a picture that was still on
  // its way to the other for whole.
  const start = (): Promise<DrawingBrowser> =>
    startDrawingBrowser({
      ...options,
      reach: { loopbackPorts: [feeder.port] },
      beginFrame: true,
      // Both pages show the same: one process draws them.
      moreArguments: ['--renderer-process-limit=1'],
    });
  const renderers: SceneRenderer[] = [];
  let ready: Promise<DrawingBrowser> | null = start();
  ready.catch(() => undefined);
  return {
    openRenderer: async () => {
      const started = ready ?? start();
      ready = null;
      const renderer = await openRenderer(await started, feeder, options);
      renderers.push(renderer);
      return renderer;
    },
    close: async () => {
      const unused = ready?.then(
        (chromium) => chromium.close(),
        () => undefined,
      );
      ready = null;
      await Promise.all([unused, ...renderers.map((renderer) => renderer.close())]);
      await feeder.close();
    },
  };
}

async function openRenderer(
  chromium: DrawingBrowser,
  feeder: Feeder,
  { size, executable, signal }: BrowserSessionOptions,
): Promise<SceneRenderer> {
  try {
    const whole = await openScenePage(chromium, feeder, size);
    return rendererOf(
      whole,
      partSize(size),
      (sheet) => openScenePage(chromium, feeder, sheet),
      () => chromium.close(),
      signal,
    );
  } catch (error) {
    await chromium.close();
    signal.throwIfAborted();
    throw texts.chromiumStart(
      { path: executable, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

/**
 * Nearly every state only adds to a stroke. To take, hand over and read the picture of the whole page costs several
 * times as much as drawing it: of such states only a part is drawn, a tenth as large, and several of them on one page.
 */
const PARTS = 8;
/** Colours are halved both ways afterwards, and look at their neighbours for it: of the other part there must be none. */
const AROUND = 8;
/** Each part holds a copy of all that its state shows: so many copies at once are memory. */
const MOST_COPIES = 2000;
const partSize = ({ width, height }: Size): Size => ({ width: partOf(width), height: partOf(height) });
const partOf = (side: number): number => 2 * Math.round(side * 0.15);

/** Decoded slides that a browser keeps, of some 6 MB each; left alone, it keeps half a gigabyte of them. */
const VISITS_KEPT = 6;

/** Browsers that do not know this keep more, and are right otherwise. */
const forgetPictures = async (session: DevtoolsSession): Promise<void> => {
  await session.send('Memory.simulatePressureNotification', { level: 'critical' }).catch(() => undefined);
};

/** The scene in a page of its own. */
export interface ScenePage {
  readonly capture: FrameCapture;
  /** Shows something of a visit, which is loaded first. */
  show(state: PictureState, expression: string): Promise<unknown>;
}

async function openScenePage(chromium: DrawingBrowser, feeder: Feeder, size: Size): Promise<ScenePage> {
  const session = await openPage(chromium, size);
  const capture = frameCaptureOf(chromium, session);
  await capture.during(navigate(session, feeder.pageUrl));
  let loaded = -1;
  let visits = 0;
  return {
    capture,
    show: async ({ slide }, expression) => {
      if (slide !== null && slide.visit !== loaded) {
        await capture.during(evaluate(session, `load(${slide.visit})`));
        loaded = slide.visit;
        if (++visits % VISITS_KEPT === 0) await forgetPictures(session);
      }
      return evaluate(session, expression);
    },
  };
}

/** Draws on a page, and several states at once on a second one, which opens when it is first asked for. */
export function rendererOf(
  whole: ScenePage,
  part: Size,
  openSheet: (size: Size) => Promise<ScenePage>,
  close: () => Promise<void>,
  signal: AbortSignal,
): SceneRenderer {
  /** Null once it gave no picture: each state is drawn whole then, slower, and the same film. */
  let sheet: Promise<ScenePage | null> | undefined;
  const high = part.height + 2 * AROUND;
  const drawParts = async (states: readonly ChangedState[]): Promise<RenderedParts | null> => {
    const [first] = states;
    if (first === undefined) return null;
    const page = await (sheet ??= openSheet({ width: part.width + 2 * AROUND, height: PARTS * high }));
    if (page === null) return null;
    const asked = states.map(
      ({ state, changed }) => `{state:${stateText(state)},changed:[${changed.join()}]}`,
    );
    const shown = `parts([${asked.join()}],${JSON.stringify({ ...part, around: AROUND })})`;
    const places = (await page.show(first.state, shown)) as RenderedParts['places'];
    if (places.length === 0) return null;
    try {
      return { png: await page.capture.take(), size: part, around: AROUND, places };
    } catch (error) {
      if (!(error instanceof NoPicture)) throw error;
      sheet = Promise.resolve(null);
      return null;
    }
  };
  const drawn = async <T>(work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw texts.chromiumStuck(
        { doing: 'drawing a slide', detail: error instanceof Error ? error.message : String(error) },
        { cause: error },
      );
    }
  };
  return {
    render: (state) =>
      drawn(async () => {
        await whole.show(state, `show(${stateText(state)})`);
        return { png: await whole.capture.take(), share: state.share };
      }),
    renderParts: (states) => drawn(() => drawParts(states.slice(0, placesFor(states)))),
    close,
  };
}

/** Each state shows about as many drawings as the first. */
const placesFor = ([first]: readonly ChangedState[]): number =>
  Math.max(1, Math.min(PARTS, Math.floor(MOST_COPIES / (first?.state.slide?.drawings.length ?? 1))));

const stateText = ({ slide, hidden, due }: PictureState): string => JSON.stringify({ slide, hidden, due });
