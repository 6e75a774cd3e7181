import type { Page } from 'puppeteer';
import type { MeetingPage, PageEvent, Screen } from '../live/backends/media-port.js';
import { chatTab } from './chat-tab.js';
import { closeChat, toggleChat, sayInChat, showsChat } from './client-chat.js';
import { ERROR_SCREEN, OUT } from './client-marks.js';
import { layCover, type Cover } from './cover.js';
import { enterMeeting, type EnterOptions } from './enter-meeting.js';
import { fitView, hasView } from './fit-view.js';
import { hideParts } from './hide-parts.js';
import { joinAudio, isAudioPlaying } from './join-audio.js';
import type { AddressGuard } from '../kit/adapters/http/address-guard.js';
import { startGuardedProxy } from './guarded-proxy.js';
import { launchChromium, type LaunchedChromium } from './launch-chromium.js';
import { captureTab, type TabCapture } from './tab-capture.js';
import { inspectClient, type ClientInspection } from './read-client.js';
import { texts } from './texts.js';

export interface MeetingPageOptions extends EnterOptions {
  readonly executable: string;
  readonly sandbox: 'on' | 'off';
  readonly size: { readonly width: number; readonly height: number };
  readonly framerate: number;
  readonly bitrateKbps: number;
  readonly locale: string;
  readonly showChat: boolean;
  /** Style sheet that hides the client's furniture. */
  readonly style: string;
  /** For saying something where the filmed page has no way into its chat. */
  readonly chatUrl: () => Promise<string>;
  readonly capture: boolean;
  readonly screen: Screen | null;
  readonly audioWaitMs: number;
  /** Shown over the page while paused or out; null: the last good picture of the page itself. */
  readonly pausePicture: () => Uint8Array | null;
  /** The last good picture of an earlier page of this live; null: there is none. */
  readonly lastPicture: () => Uint8Array | null;
  /** The page as it looks now, every poll: what is shown when it is gone. */
  readonly keepPicture: (jpeg: Uint8Array) => void;
  readonly paused: boolean;
  /** Where the meeting's page, and what its participants show, may lead. */
  readonly guard: AddressGuard;
}

/** A meeting's page that can also be looked at. */
export interface OpenMeetingPage extends MeetingPage {
  /** JPEG of the page as it is filmed at this moment. */
  picture(): Promise<Uint8Array>;
  /** @param rules CSS selectors of what should be hidden */
  inspect(rules: readonly string[]): Promise<ClientInspection>;
}

/**
 * Opens a meeting in a browser of its own, joins its audio, and films the tab where asked.
 * @throws OperatorError live-join-refused (BBB's own message key), live-join-failed, chromium-…
 */
export async function openMeetingPage(options: MeetingPageOptions): Promise<OpenMeetingPage> {
  const proxy = await startGuardedProxy(options.guard, (message) => options.log(message));
  let launched: LaunchedChromium;
  try {
    launched = await launchChromium(launchOptions(options, proxy.port));
  } catch (error) {
    await proxy.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    await launched.close();
    await proxy.close();
  };
  try {
    return await enter({ ...launched, close }, options);
  } catch (error) {
    await close();
    options.signal.throwIfAborted();
    throw error;
  }
}

const launchOptions = (o: MeetingPageOptions, proxyPort: number): Parameters<typeof launchChromium>[0] => ({
  executable: o.executable,
  sandbox: o.sandbox,
  reach: { proxyPort },
  size: o.size,
  sound: true,
  headless: o.screen === null,
  ...(o.screen === null ? {} : { environment: { ...o.screen.environment, PULSE_SINK: o.screen.sink } }),
  moreArguments: [
    '--autoplay-policy=no-user-gesture-required',
    `--lang=${o.locale}`,
    ...(o.capture ? ['--auto-accept-this-tab-capture'] : []),
    ...(o.screen === null ? [] : ['--kiosk', '--window-position=0,0', '--test-type']),
  ],
  signal: o.signal,
});

async function enter(chromium: LaunchedChromium, options: MeetingPageOptions): Promise<OpenMeetingPage> {
  const page = await firstPage(chromium);
  const cover = await layCover(page, options.paused);
  await hideParts(page, options.style);
  // A capture brings a bar with it, and fits the view then.
  if (options.screen === null && !options.capture) await fitView(page, options.size);
  await enterMeeting(page, options);
  watchEnd(chromium, page, cover, options);
  if (!options.showChat) await closeChat(page);
  const picture = options.pausePicture() ?? options.lastPicture();
  if (picture !== null) await cover.use(picture);
  const capture = options.capture ? await startCapture(page, options) : null;
  return meetingPage(chromium, page, capture, cover, options);
}

/** Headful browsers show pages of their own (chrome://…) too: ours is the blank one. */
async function firstPage({ browser }: LaunchedChromium): Promise<Page> {
  const pages = await browser.pages();
  return pages.find((page) => page.url() === 'about:blank') ?? browser.newPage();
}

function watchEnd(
  chromium: LaunchedChromium,
  page: Page,
  cover: Cover,
  { onEvent }: MeetingPageOptions,
): void {
  let told = false;
  const once = (event: PageEvent): void => {
    if (!told) onEvent(event);
    told = true;
  };
  chromium.browser.once('disconnected', () => once({ kind: 'died', detail: 'the browser ended' }));
  page.once('error', () => once({ kind: 'died', detail: 'the page crashed' }));
  page.once('close', () => once({ kind: 'died', detail: 'the page was closed' }));
  const place = new URL(page.url());
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) return;
    const now = URL.canParse(frame.url()) ? new URL(frame.url()) : null;
    // The client changes its own query and hash; another place is the logout page.
    if (now?.origin !== place.origin || now.pathname !== place.pathname) once({ kind: 'navigated' });
  });
  for (const [marks, kind] of [
    [OUT, 'ended-modal'],
    [ERROR_SCREEN, 'error-screen'],
  ] as const)
    page
      .waitForSelector(marks, { timeout: 0 })
      .then(() => once({ kind }))
      .catch(() => undefined);
  // A client that crashed shows a page of its own, or nothing: what helps is to load it again.
  cover
    .lost()
    .then(() => once({ kind: 'error-screen' }))
    .catch(() => undefined);
}

async function startCapture(page: Page, o: MeetingPageOptions): Promise<TabCapture> {
  try {
    return await captureTab(page, {
      size: o.size,
      framerate: o.framerate,
      videoBitsPerSecond: Math.max(1_000_000, o.bitrateKbps * 1500),
      chunkMs: 200,
      log: o.log,
    });
  } catch (error) {
    throw texts.liveJoinFailed({
      detail: error instanceof Error ? error.message : 'no capture',
    });
  }
}

function meetingPage(
  chromium: LaunchedChromium,
  page: Page,
  capture: TabCapture | null,
  cover: Cover,
  o: MeetingPageOptions,
): OpenMeetingPage {
  const audio = pageAudio(page, o);
  const sayBeside = chatTab(chromium.browser, o.chatUrl);
  let pictureAt = 0;
  return {
    pid: chromium.processGroup,
    feed: async (target) => capture?.feed(target),
    audio: async () => {
      // Asked every few seconds: a bar that came or went since is made up for.
      if (o.capture && !(await hasView(page, o.size))) await fitView(page, o.size);
      if (Date.now() - pictureAt > PICTURE_MS) {
        await keepLastPicture(page, cover, o);
        pictureAt = Date.now();
      }
      return audio();
    },
    say: async (text) => (await sayInChat(page, text)) || sayBeside(text),
    toggleChat: () => toggleChat(page),
    showsChat: (shown) => showsChat(page, shown),
    pause: (on) => cover.pause(on),
    picture: () => photograph(page),
    inspect: (rules) => inspectClient(page, rules),
    stopCapture: async () => capture?.stop(),
    close: () => chromium.close(),
  };
}

/**
 * Joins the audio beside everything else: the picture waits for no sound. Silence is no element at all with LiveKit:
 * then the word of the API counts.
 */
function pageAudio(page: Page, o: MeetingPageOptions): MeetingPage['audio'] {
  const listening = async (): Promise<boolean> => (await o.attendance())?.listening === true;
  let joining = true;
  void joinAudio(page, { waitMs: o.audioWaitMs, listening, log: o.log, signal: o.signal })
    .then((joined) => o.log(joined ? 'audio joined' : 'audio not joined'))
    .catch(() => undefined)
    .finally(() => (joining = false));
  return async () => {
    if ((await isAudioPlaying(page)) || (await listening())) return 'joined';
    if (joining) return 'unknown';
    const waitMs = Math.min(2000, o.audioWaitMs);
    return (await joinAudio(page, { waitMs, listening, log: o.log, signal: o.signal }))
      ? 'joined'
      : 'not-joined';
  };
}

const photograph = (page: Page): Promise<Uint8Array> =>
  page.screenshot({ type: 'jpeg', quality: 80, captureBeyondViewport: false, optimizeForSpeed: true });

const PICTURE_MS = 9000;

/** What is shown once the page is gone; without a configured picture also over the page itself. */
async function keepLastPicture(page: Page, cover: Cover, o: MeetingPageOptions): Promise<void> {
  if (o.pausePicture() !== null || (await isCovered(page))) return;
  const jpeg = await photograph(page);
  // The page may have ended while it was photographed.
  if (await isCovered(page)) return;
  o.keepPicture(jpeg);
  await cover.use(jpeg);
}

const isCovered = async (page: Page): Promise<boolean> =>
  (await page.evaluate(
    `document.querySelector(${JSON.stringify(`#bbb2pod-cover,${OUT},${ERROR_SCREEN}`)}) !== null`,
  )) === true;
