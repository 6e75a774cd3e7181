import type { CDPSession } from 'puppeteer';
import { OperatorError } from '../../codes/operator-error.js';
import type { Painter, Scene, Studio } from '../../recorder/ports.js';
import { cameraOf, evaluate, navigate, openPage, type Camera } from './camera.js';
import { launchChromium, type LaunchedChromium, type LaunchOptions } from './launch-chromium.js';
import { feedScene, type Feeder } from './scene-feeder.js';

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
  });
  try {
    const session = await openPage(chromium, scene.size);
    const camera = cameraOf(chromium, session);
    await camera.during(navigate(session, feeder.pageUrl));
    return painterOf(session, camera, chromium, options.signal);
  } catch (error) {
    await chromium.close();
    options.signal.throwIfAborted();
    throw new OperatorError(
      'chromium-start',
      { path: options.executable, detail: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

function painterOf(
  session: CDPSession,
  camera: Camera,
  chromium: LaunchedChromium,
  signal: AbortSignal,
): Painter {
  let loaded = -1;
  return {
    paint: async (state) => {
      signal.throwIfAborted();
      try {
        if (state.slide !== null && state.slide.visit !== loaded) {
          await camera.during(evaluate(session, `load(${state.slide.visit})`));
          loaded = state.slide.visit;
        }
        await evaluate(session, `show(${JSON.stringify({ slide: state.slide, due: state.due })})`);
        return { png: await camera.shoot(), share: state.share };
      } catch (error) {
        signal.throwIfAborted();
        throw new OperatorError(
          'chromium-stuck',
          { doing: 'drawing a slide', detail: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
      }
    },
    close: () => chromium.close(),
  };
}
