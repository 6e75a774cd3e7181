import type { Page } from 'puppeteer';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { MeetingPage, PageEvent, Screen } from '../live/backends/media-port.js';
import { fitView, hasView } from './fit-view.js';
import { joinAudio, isAudioPlaying } from './join-audio.js';
import { launchChromium, type LaunchedChromium } from './launch-chromium.js';
import { captureTab, type TabCapture } from './tab-capture.js';
import { texts } from './texts.js';

export interface MeetingPageOptions {
  readonly executable: string;
  readonly sandbox: 'on' | 'off';
  readonly size: { readonly width: number; readonly height: number };
  readonly framerate: number;
  readonly bitrateKbps: number;
  readonly locale: string;
  /** Signed, asked at the last moment. Goes to the browser over its debugging pipe, never in its arguments. */
  readonly joinUrl: () => Promise<string>;
  readonly capture: boolean;
  readonly screen: Screen | null;
  readonly audioWaitMs: number;
  readonly openTimeoutMs: number;
  readonly onEvent: (event: PageEvent) => void;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

const MARKERS = {
  ended: '[data-test="meetingEndedModal"]',
  waiting: '[data-test="guestMessage"], #guestLobby, [data-test="guestLobbyMessage"]',
  inside:
    'canvas, #message-input, [data-test="presentationTitle"], [data-test="whiteboard"], [data-test="chatButton"], [data-test="userListToggleButton"]',
};

/**
 * Opens a meeting in a browser of its own, joins its audio, and films the tab where asked.
 * @throws OperatorError live-join-refused (BBB's own message key), live-join-failed, chromium-…
 */
export async function openMeetingPage(options: MeetingPageOptions): Promise<MeetingPage> {
  const chromium = await launchChromium(launchOptions(options));
  try {
    return await enter(chromium, options);
  } catch (error) {
    await chromium.close();
    options.signal.throwIfAborted();
    throw error;
  }
}

const launchOptions = (o: MeetingPageOptions): Parameters<typeof launchChromium>[0] => ({
  executable: o.executable,
  sandbox: o.sandbox,
  reach: 'network',
  size: o.size,
  sound: true,
  headless: o.screen === null,
  ...(o.screen === null ? {} : { environment: { ...o.screen.environment, PULSE_SINK: o.screen.sink } }),
  moreArguments: [
    '--autoplay-policy=no-user-gesture-required',
    `--lang=${o.locale}`,
    ...(o.capture ? ['--auto-accept-this-tab-capture'] : ['--kiosk', '--window-position=0,0', '--test-type']),
  ],
  signal: o.signal,
});

async function enter(chromium: LaunchedChromium, options: MeetingPageOptions): Promise<MeetingPage> {
  const page = await firstPage(chromium);
  if (options.capture) await fitView(page, options.size);
  await goToMeeting(page, options);
  await waitInside(page, options);
  watchEnd(chromium, page, options);
  const audio = await joinAudio(page, {
    waitMs: options.audioWaitMs,
    log: options.log,
    signal: options.signal,
  });
  options.log(audio ? 'audio joined' : 'audio not joined');
  const capture = options.capture ? await startCapture(page, options) : null;
  return meetingPage(chromium, page, capture, options);
}

/** Headful browsers show pages of their own (chrome://…) too: ours is the blank one. */
async function firstPage({ browser }: LaunchedChromium): Promise<Page> {
  const pages = await browser.pages();
  return pages.find((page) => page.url() === 'about:blank') ?? browser.newPage();
}

async function goToMeeting(page: Page, { joinUrl, openTimeoutMs }: MeetingPageOptions): Promise<void> {
  const url = await joinUrl();
  try {
    const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: openTimeoutMs });
    if (response === null) return;
    if (/xml/.test(response.headers()['content-type'] ?? '')) {
      const key =
        /<messageKey>([^<]{1,100})<\/messageKey>/.exec(await response.text())?.[1] ?? 'no reason given';
      throw texts.liveJoinRefused({ key });
    }
    if (response.status() >= 400) throw texts.liveJoinFailed({ detail: `status ${response.status()}` });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    // Puppeteer puts the whole address, checksum included, into its messages.
    const reason =
      error instanceof Error ? (/net::\w+|Timeout|timeout/.exec(error.message)?.[0] ?? error.name) : 'failed';
    throw texts.liveJoinFailed({ detail: reason });
  }
}

/** Waits for the client; as long as a moderator keeps us waiting, so do we. */
async function waitInside(page: Page, { openTimeoutMs, onEvent, signal }: MeetingPageOptions): Promise<void> {
  let deadline = Date.now() + openTimeoutMs;
  let waiting = false;
  while (!signal.aborted) {
    const seen = await page
      .evaluate(
        `(() => ({ inside: !!document.querySelector(${JSON.stringify(MARKERS.inside)}), waiting: !!document.querySelector(${JSON.stringify(MARKERS.waiting)}), ended: !!document.querySelector(${JSON.stringify(MARKERS.ended)}) }))()`,
      )
      .catch(() => ({}));
    const {
      inside,
      waiting: lobby,
      ended,
    } = seen as { inside?: boolean; waiting?: boolean; ended?: boolean };
    if ((lobby ?? false) !== waiting)
      onEvent({ kind: 'waiting-for-moderator', waiting: (waiting = !waiting) });
    if (inside === true) return;
    if (ended === true) throw texts.liveJoinFailed({ detail: 'the session is over' });
    if (lobby === true) deadline = Date.now() + openTimeoutMs;
    if (Date.now() > deadline) throw texts.liveJoinFailed({ detail: 'the client does not appear' });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  signal.throwIfAborted();
}

function watchEnd(chromium: LaunchedChromium, page: Page, { onEvent }: MeetingPageOptions): void {
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
  page
    .waitForSelector(MARKERS.ended, { timeout: 0 })
    .then(() => once({ kind: 'ended-modal' }))
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
  o: MeetingPageOptions,
): MeetingPage {
  return {
    pid: chromium.processGroup,
    feed: async (target) => capture?.feed(target),
    audio: async () => {
      // Asked every few seconds: a bar that came or went since is made up for.
      if (o.capture && !(await hasView(page, o.size))) await fitView(page, o.size);
      if (await isAudioPlaying(page)) return 'joined';
      return (await joinAudio(page, { waitMs: Math.min(2000, o.audioWaitMs), log: o.log, signal: o.signal }))
        ? 'joined'
        : 'not-joined';
    },
    say: (text) => typeIntoChat(page, text),
    toggleChat: async () => {
      await page.evaluate(`document.querySelector('[data-test="chatButton"], #chat-toggle-button')?.click()`);
    },
    stopCapture: async () => capture?.stop(),
    close: () => chromium.close(),
  };
}

/** The text travels as data, never as script; React hears of it through its own setter. */
async function typeIntoChat(page: Page, text: string): Promise<boolean> {
  const typed = await page.evaluate(
    `((text) => {
      const input = document.querySelector('#message-input');
      if (!input) return false;
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      const send = document.querySelector('[data-test="sendMessageButton"], button[aria-label="Send message"]');
      if (send) setTimeout(() => send.click(), 50);
      return !!send;
    })(${JSON.stringify(text)})`,
  );
  return typed === true;
}
