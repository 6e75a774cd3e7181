import type { CDPSession } from 'puppeteer';
import type { Painted, Painter, Scene, Studio } from '../recorder/ports.js';
import type { Size } from '../recorder/scenes/layout.js';
import type { PictureState } from '../recorder/timeline/picture-states.js';
import { cameraOf, evaluate, navigate, openPage, type Camera } from './camera.js';
import { launchChromium, type LaunchedChromium, type LaunchOptions } from './launch-chromium.js';
import { feedScene, type Feeder } from './scene-feeder.js';
import { texts } from './texts.js';

export type StudioOptions = Pick<
  LaunchOptions,
  'executable' | 'sandbox' | 'temporaryDirectory' | 'memoryLimitBytes' | 'answerTimeoutMs'
> & { readonly signal: AbortSignal };

/** Serves a scene and opens browsers that draw it: frames on demand where the browser can, screenshots elsewhere. */
export async function openStudio(scene: Scene, options: StudioOptions): Promise<Studio> {
  const feeder = await feedScene(scene);
  const painters: Painter[] = [];
  return {
    openPainter: async () => {
      const painter = await openPainter(scene, feeder, options);
      painters.push(painter);
      return painter;
    },
    close: async () => {
      await Promise.all(painters.map((painter) => painter.close()));
      await feeder.close();
    },
  };
}

async function openPainter(scene: Scene, feeder: Feeder, options: StudioOptions): Promise<Painter> {
  const chromium = await launchChromium({
    ...options,
    reach: { loopbackPorts: [feeder.port] },
    size: scene.size,
    beginFrame: true,
    // Both pages show the same: one process draws them.
    moreArguments: ['--renderer-process-limit=1'],
  });
  try {
    const whole = await openStage(chromium, feeder, scene.size);
    return painterOf(
      whole,
      () => openStage(chromium, feeder, partSize(scene.size)),
      () => chromium.close(),
      options.signal,
    );
  } catch (error) {
    await chromium.close();
    options.signal.throwIfAborted();
    throw texts.chromiumStart(
      { path: options.executable, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

/**
 * Nearly every state only adds to a stroke. To take, hand over and read the picture of the whole page costs several
 * times as much as drawing it: such a state is drawn in a page that is a tenth as large.
 */
const partSize = ({ width, height }: Size): Size => ({ width: partOf(width), height: partOf(height) });
const partOf = (side: number): number => 2 * Math.round(side * 0.15);

/** Decoded slides that a browser keeps, of some 6 MB each; left alone, it keeps half a gigabyte of them. */
const VISITS_KEPT = 6;

/** Browsers that do not know this keep more, and are right otherwise. */
const forgetPictures = async (session: CDPSession): Promise<void> => {
  await session.send('Memory.simulatePressureNotification', { level: 'critical' }).catch(() => undefined);
};

/** The scene in a page of its own. */
interface Stage {
  readonly camera: Camera;
  /** Shows something of a visit, which is loaded first. */
  show(state: PictureState, expression: string): Promise<unknown>;
}

async function openStage(chromium: LaunchedChromium, feeder: Feeder, size: Size): Promise<Stage> {
  const session = await openPage(chromium, size);
  const camera = cameraOf(chromium, session);
  await camera.during(navigate(session, feeder.pageUrl));
  let loaded = -1;
  let visits = 0;
  return {
    camera,
    show: async ({ slide }, expression) => {
      if (slide !== null && slide.visit !== loaded) {
        await camera.during(evaluate(session, `load(${slide.visit})`));
        loaded = slide.visit;
        if (++visits % VISITS_KEPT === 0) await forgetPictures(session);
      }
      return evaluate(session, expression);
    },
  };
}

function painterOf(
  whole: Stage,
  openSmall: () => Promise<Stage>,
  close: () => Promise<void>,
  signal: AbortSignal,
): Painter {
  let small: Promise<Stage> | undefined;
  const paintPart = async (state: PictureState, changed: readonly number[]): Promise<Painted | null> => {
    const stage = await (small ??= openSmall());
    const shown = `part(${stateText(state)},${JSON.stringify(changed)})`;
    const at = (await stage.show(state, shown)) as { x: number; y: number } | null;
    return at === null ? null : { png: await stage.camera.shoot(), at, share: state.share };
  };
  return {
    paint: async (state, changed) => {
      signal.throwIfAborted();
      try {
        const part = changed === null ? null : await paintPart(state, changed);
        if (part !== null) return part;
        await whole.show(state, `show(${stateText(state)})`);
        return { png: await whole.camera.shoot(), at: null, share: state.share };
      } catch (error) {
        signal.throwIfAborted();
        throw texts.chromiumStuck(
          { doing: 'drawing a slide', detail: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
      }
    },
    close,
  };
}

const stateText = ({ slide, hidden, due }: PictureState): string => JSON.stringify({ slide, hidden, due });
