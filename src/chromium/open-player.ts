import { OperatorError } from '../kit/errors/operator-error.js';
import type { SceneRenderer, PlayerFacts, PlayerPage } from '../recorder/ports.js';
import type { Size } from '../recorder/scenes/layout.js';
import { shownUrl } from '../kit/adapters/http/http-failure.js';
import { frameCaptureOf, evaluate, navigate, openPage, type FrameCapture } from './frame-capture.js';
import type { DevtoolsSession } from './devtools.js';
import type { LaunchOptions } from './prepare-chromium.js';
import { feedPlayer, localFont, type PlayerFeeder, type PlayerServer } from './player-feeder.js';
import { DRIVER, LISTENING, styleOf } from './player-script.js';
import { startDrawingBrowser, type DrawingBrowser } from './start-drawing-browser.js';
import { texts } from './texts.js';

export type PlayerOptions = Pick<
  LaunchOptions,
  'executable' | 'sandbox' | 'temporaryDirectory' | 'memoryLimitBytes' | 'answerTimeoutMs'
> & {
  /** How long the page may take to show its videos' lengths: `recorder.page_timeout`. */
  readonly readyTimeoutMs: number;
  /** Brings a file of the playback host to disk. */
  readonly fetchFile: (url: URL, file: string, onBytes: (bytes: number) => void) => Promise<boolean>;
};

interface Survey extends PlayerFacts {
  /** The page listens to the event that moves it without its videos. */
  readonly hears: boolean;
}

interface OpenedPage {
  readonly session: DevtoolsSession;
  readonly capture: FrameCapture;
  readonly chromium: DrawingBrowser;
  readonly survey: Survey;
}

/** How far before an instant a jump begins: what the page mounts on the way hears of the instant itself. */
const RUN_UP_MS = [200, 100];

/**
 * Opens a player's page in a browser that reaches nothing but its playback host, through a server of ours.
 * @throws OperatorError player-page-failed, chromium-…
 */
export async function openPlayer(
  server: PlayerServer,
  size: Size,
  options: PlayerOptions,
): Promise<PlayerPage> {
  const feeder = await feedPlayer(server);
  const opened = new Set<OpenedPage>();
  const close = async (): Promise<void> => {
    await Promise.all([...opened].map(({ chromium }) => chromium.close()));
    await feeder.close();
  };
  const open = async (laid: boolean): Promise<OpenedPage> => {
    const page = await openPlayerPage(server, feeder, size, laid, options);
    opened.add(page);
    return page;
  };
  try {
    const first = await open(false);
    const facts = onServer(first.survey, feeder.origin, server.page.origin);
    opened.delete(first);
    await first.chromium.close();
    return {
      facts,
      fetch: (address, file, onBytes) =>
        URL.canParse(address) && new URL(address).origin === server.page.origin
          ? options.fetchFile(new URL(address), file, onBytes)
          : Promise.resolve(false),
      browserSession: ({ fps, laid }) => ({
        openRenderer: async () => rendererOf(await open(laid), feeder, { fps, laid, signal: server.signal }),
        close: () => Promise.resolve(),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPlayerPage(
  { page, signal }: PlayerServer,
  feeder: PlayerFeeder,
  size: Size,
  laid: boolean,
  options: PlayerOptions,
): Promise<OpenedPage> {
  const chromium = await startDrawingBrowser({
    ...options,
    signal,
    size,
    reach: { loopbackPorts: [feeder.port] },
    beginFrame: true,
  });
  try {
    const session = await openPage(chromium, size);
    const capture = frameCaptureOf(chromium, session);
    await session.send('Network.enable');
    await session.send('Network.setCookie', { ...feeder.cookie, url: feeder.origin, httpOnly: true });
    await keepInside(session, page.origin, feeder.origin);
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: LISTENING });
    const address = `${feeder.origin}${page.pathname}${page.search}`;
    await capture.during(navigate(session, address));
    await evaluate(session, DRIVER);
    const survey = await capture.during(surveyed(session, page, options.readyTimeoutMs));
    const css = JSON.stringify(styleOf(laid));
    await evaluate(
      session,
      `document.head.append(Object.assign(document.createElement('style'),{textContent:${css}}))`,
    );
    // Once more: without its controls the page gives their room to slides and videos.
    await capture.during(new Promise((resolve) => setTimeout(resolve, 100)));
    const settled = (await evaluate(session, '__bbb2pod.survey()')) as Survey | null;
    return { session, capture, chromium, survey: settled ?? survey };
  } catch (error) {
    await chromium.close();
    signal.throwIfAborted();
    if (error instanceof OperatorError) throw error;
    throw failed(page, error instanceof Error ? error.message : String(error), error);
  }
}

const failed = (page: URL, detail: string, cause?: unknown): OperatorError =>
  texts.playerPageFailed({ url: shownUrl(page), detail: detail.slice(0, 300) }, { cause });

async function surveyed(session: DevtoolsSession, page: URL, timeoutMs: number): Promise<Survey> {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const seen = (await evaluate(session, '__bbb2pod.survey()')) as Survey | { error: string } | null;
    if (seen !== null && 'error' in seen) throw failed(page, `it shows the error ${seen.error}`);
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw failed(page, `no slides and video after ${timeoutMs / 1000} s`);
}

/**
 * What the page asks by whole addresses: those of its own host go through us, fonts of the whiteboard are answered
 * from our packages, everything else is refused. The browser has no way out besides.
 */
async function keepInside(session: DevtoolsSession, host: string, local: string): Promise<void> {
  session.on('Fetch.requestPaused', ({ requestId, request: { url } }) => {
    void (async () => {
      const font = await localFont(url);
      const type = (name: string, value: string) => ({ name, value });
      const open = type('access-control-allow-origin', '*');
      if (url.startsWith(`${host}/`)) {
        const responseHeaders = [type('location', local + url.slice(host.length)), open];
        await session.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders });
      } else if (font !== null) {
        const responseHeaders = [type('content-type', 'font/woff2'), open];
        await session.send('Fetch.fulfillRequest', {
          requestId,
          responseCode: 200,
          responseHeaders,
          body: font,
        });
      } else await session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    })().catch(() => undefined); // The page has gone.
  });
  await session.send('Fetch.enable', {
    patterns: [{ urlPattern: 'https://*' }, { urlPattern: `${host}/*` }],
  });
}

/** Addresses as the playback host has them. */
function onServer({ title, durationMs, webcam, share }: Survey, local: string, host: string): PlayerFacts {
  const there = <T extends { address: string }>(video: T): T => ({
    ...video,
    address: video.address.startsWith(local) ? host + video.address.slice(local.length) : video.address,
  });
  return {
    title,
    durationMs,
    webcam: webcam === null ? null : there(webcam),
    share: share === null ? null : there(share),
  };
}

function rendererOf(
  { session, capture, chromium, survey }: OpenedPage,
  feeder: PlayerFeeder,
  { fps, laid, signal }: { fps: number; laid: boolean; signal: AbortSignal },
): SceneRenderer {
  let lastMs = Number.NEGATIVE_INFINITY;
  const seeks = !laid || !survey.hears;
  const go = async (ms: number): Promise<{ share: boolean }> => {
    // In the middle of the videos' frame, or just behind the instant.
    const seconds = Math.max(0, ms + (seeks ? 500 / fps : 1)) / 1000;
    const shown = (await evaluate(session, `__bbb2pod.step(${seconds},${seeks})`)) as { share: boolean };
    const until = Date.now() + 5000;
    while (feeder.pending() > 0 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return shown;
  };
  return {
    render: async ({ firstFrame }) => {
      signal.throwIfAborted();
      const ms = (firstFrame * 1000) / fps;
      try {
        if (ms < lastMs || ms - lastMs > 250)
          for (const before of RUN_UP_MS) await capture.during(go(ms - before));
        lastMs = ms;
        const { share } = await capture.during(go(ms));
        return { png: await capture.take(), share };
      } catch (error) {
        signal.throwIfAborted();
        const detail = error instanceof Error ? error.message : String(error);
        throw texts.chromiumStuck({ doing: "seeking the player's page", detail }, { cause: error });
      }
    },
    // Nobody knows what changed.
    renderParts: () => Promise.resolve(null),
    close: () => chromium.close(),
  };
}
