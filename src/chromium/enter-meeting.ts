import { pause } from '../kit/pause.js';
import type { HTTPRequest, Page } from 'puppeteer';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { OwnAttendance, PageEvent } from '../live/backends/media-port.js';
import { PRE_FLIGHT_BUTTONS } from './client-marks.js';
import { describeSight, readClient, type ClientSight } from './read-client.js';
import { texts } from './texts.js';

export interface EnterOptions {
  /** Signed, asked at the last moment. Goes to the browser over its debugging pipe, never in its arguments. */
  readonly joinUrl: () => Promise<string>;
  /** What BigBlueButton's API says of our user; null while it does not answer. */
  readonly attendance: () => Promise<OwnAttendance | null>;
  /** Keeps a picture of the page that did not let us in. @returns its path. */
  readonly keepScreenshot: (png: Uint8Array) => string;
  readonly openTimeoutMs: number;
  readonly lobby: {
    readonly waits: boolean;
    readonly maxWaitMs: number;
    /** guest-wait.html of 2.4 to 2.7 asks a hundred times every five seconds, then never again. */
    readonly reloadMs: number;
  };
  readonly onEvent: (event: PageEvent) => void;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 200;
const ASK_MS = 2000;
/** So long a page may take to draw a frame that we know, once the API says that we are in. */
const DRAW_MS = 6000;

/**
 * Opens the meeting's address and waits until we are inside. Two witnesses: the frame of the client, and our own user id
 * among the attendees of getMeetingInfo, for clients whose frame is not known yet.
 * @throws OperatorError live-join-refused (BBB's own message key), live-join-failed, live-lobby-closed
 */
export async function enterMeeting(page: Page, options: EnterOptions): Promise<void> {
  await openAddress(page, options);
  const { onEvent, lobby, signal } = options;
  const state = { waiting: false, waitsSince: 0, reloadAt: 0, deadline: Date.now() + options.openTimeoutMs };
  const witness = apiWitness(options);
  while (!signal.aborted) {
    const sight = await readClient(page);
    const now = Date.now();
    const waiting = sight.shows === 'lobby';
    if (waiting !== state.waiting && (waiting || sight.shows !== 'nothing-known')) {
      state.waiting = waiting;
      [state.waitsSince, state.reloadAt] = [now, now + lobby.reloadMs];
      onEvent({ kind: 'waiting-for-moderator', waiting });
    }
    if (sight.shows === 'client') return;
    refuse(page, sight);
    if (waiting) {
      state.deadline = now + options.openTimeoutMs;
      if (!lobby.waits) throw texts.liveLobbyClosed({ detail: 'live.guest = "fail"' });
      if (now - state.waitsSince > lobby.maxWaitMs)
        throw texts.liveLobbyClosed({
          detail: `nobody let it in for ${Math.round(lobby.maxWaitMs / 1000)} s`,
        });
      if (now > state.reloadAt) {
        state.reloadAt = now + lobby.reloadMs;
        await page.reload({ waitUntil: 'domcontentloaded' }).catch(() => undefined);
      }
    } else if (sight.shows === 'pre-flight') {
      await page.evaluate(`document.querySelector(${JSON.stringify(PRE_FLIGHT_BUTTONS)})?.click()`);
    } else if (await witness(now)) {
      options.log(`inside by the word of the API: ${describeSight(sight)}`);
      return;
    }
    if (now > state.deadline) {
      const kept = await keepPicture(page, options);
      throw texts.liveJoinFailed({ detail: `${describeSight(sight)}${kept}` });
    }
    await pause(LOOK_MS);
  }
  signal.throwIfAborted();
}

async function openAddress(page: Page, { joinUrl, openTimeoutMs }: EnterOptions): Promise<void> {
  const url = await joinUrl();
  // A refusal leads to the logout page, which may be anywhere, with the reasons in its query.
  const refusal = { key: null as string | null };
  const listen = (request: HTTPRequest): void => {
    if (request.isNavigationRequest()) refusal.key ??= errorsOf(request.url());
  };
  page.on('request', listen);
  try {
    const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: openTimeoutMs });
    if (refusal.key !== null) throw texts.liveJoinRefused({ key: refusal.key });
    if (response === null) return;
    if (/xml/.test(response.headers()['content-type'] ?? '')) {
      const text = await response.text();
      const key =
        /<messageKey>([^<]{1,100})<\/messageKey>/.exec(text) ??
        /<error[^>]* key=["']([^"']{1,100})/.exec(text);
      throw texts.liveJoinRefused({ key: key?.[1] ?? 'no reason given' });
    }
    if (response.status() >= 400) throw texts.liveJoinFailed({ detail: `status ${response.status()}` });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (refusal.key !== null) throw texts.liveJoinRefused({ key: refusal.key });
    // Puppeteer puts the whole address, checksum included, into its messages.
    const reason =
      error instanceof Error ? (/net::\w+|Timeout|timeout/.exec(error.message)?.[0] ?? error.name) : 'failed';
    throw texts.liveJoinFailed({ detail: reason });
  } finally {
    page.off('request', listen);
  }
}

/**
 * The reasons in `?errors=[{"key":…,"message":…}]` of the logout page (bbb-web, ApiController.respondWithRedirect):
 * maxParticipantsReached, guestDeniedAccess, userBanned… Null: the address tells of none.
 */
export function errorsOf(url: string): string | null {
  const value = URL.canParse(url) ? new URL(url).searchParams.get('errors') : null;
  if (value === null) return null;
  const keys = [...value.matchAll(/"(?:key|messageKey)"\s*:\s*"([^"]{1,100})"/g)].map(([, key]) => key);
  return keys.length === 0 ? 'no reason given' : keys.join(', ');
}

/** Pages that keep us out for good. */
function refuse(page: Page, sight: ClientSight): void {
  const key = errorsOf(page.url());
  if (key !== null) throw texts.liveJoinRefused({ key });
  if (sight.shows === 'denied') throw texts.liveJoinRefused({ key: `denied: ${sight.headings.join(', ')}` });
  if (sight.shows === 'out' || sight.shows === 'error')
    throw texts.liveJoinFailed({ detail: describeSight(sight) });
}

/** Whether the API counts us as inside for longer than any known client needs to draw its frame. */
function apiWitness({ attendance }: EnterOptions): (now: number) => Promise<boolean> {
  let askAt = 0;
  let since: number | null = null;
  return async (now) => {
    if (now >= askAt) {
      askAt = now + ASK_MS;
      const own = await attendance();
      since = own?.inside === true ? (since ?? now) : null;
    }
    return since !== null && now - since >= DRAW_MS;
  };
}

async function keepPicture(page: Page, { keepScreenshot, log }: EnterOptions): Promise<string> {
  try {
    return `; picture: ${keepScreenshot(await page.screenshot({ type: 'png' }))}`;
  } catch (error) {
    log(`no picture of the page: ${error instanceof Error ? error.message : 'failed'}`);
    return '';
  }
}
