import type { Page } from 'puppeteer';
import { CHAT, DENIED, ERROR_SCREEN, FRAME, FRAME_MARKS, LOBBY, OUT, PRE_FLIGHT } from './client-marks.js';

/** What BigBlueButton's page shows at this moment. */
export interface ClientSight {
  readonly shows: 'client' | 'out' | 'error' | 'lobby' | 'denied' | 'pre-flight' | 'nothing-known';
  readonly title: string;
  /** The first headings, shortened: what a person would read first. */
  readonly headings: readonly string[];
  /** Path of the address; never its query, which holds the session's token. */
  readonly path: string;
}

/** A page that is being replaced shows nothing. */
const BLANK: ClientSight = { shows: 'nothing-known', title: '', headings: [], path: '' };

/**
 * Reads the page. The pages that keep us out are looked for first: the frame of the client may still stand behind them.
 * guest-wait.html has no data-test up to 2.7 and is known by its path too; who is denied there is told in words only
 * (app.guest.guestDeny). From 3.0 on who may not join gets the page of a meeting that ended, with the reason in its words
 * (join-handler/presenceManager/component.tsx: joinErrorCode).
 */
export async function readClient(page: Page): Promise<ClientSight> {
  const seen = await page.evaluate(READ).catch(() => null);
  return seen === null ? BLANK : (seen as ClientSight);
}

/** The client's words for who may not come in at all (locales en and fr: app.guest.guestDeny, app.error.userBanned). */
const DENIED_WORDS = /guest denied|denied of joining|denied access|\bbanned\b|refus\u00e9|\bbannie?\b/i;

const READ = `(() => {
  const has = (marks) => document.querySelector(marks) !== null;
  const words = (element) => (element.innerText || element.textContent || '').replace(/\\s+/g, ' ').trim().slice(0, 120);
  const path = location.pathname;
  const shutOut = (text) => ${String(DENIED_WORDS)}.test(text);
  const lobby = has(${JSON.stringify(LOBBY)}) || /guest-?wait(\\.html)?$/i.test(path);
  const told = lobby ? words(document.querySelector('#content') || document.body || document.documentElement) : '';
  const shows = has(${JSON.stringify(DENIED)}) ? 'denied' : has(${JSON.stringify(OUT)}) ? (shutOut(words(document.querySelector(${JSON.stringify(OUT)}))) ? 'denied' : 'out')
    : has(${JSON.stringify(ERROR_SCREEN)}) ? (shutOut(words(document.body)) ? 'denied' : 'error')
    : lobby ? (shutOut(told) ? 'denied' : 'lobby')
    : has(${JSON.stringify(PRE_FLIGHT)}) ? 'pre-flight'
    : has(${JSON.stringify(FRAME)}) ? 'client'
    : 'nothing-known';
  const headings = [...document.querySelectorAll('h1, h2, [role="heading"]')].map(words).filter((text) => text !== '').slice(0, 3);
  return { shows, title: document.title.slice(0, 120), headings, path: path.slice(0, 120) };
})()`;

/** Which marks and rules of ours this client knows. */
export interface ClientInspection extends ClientSight {
  /** Marks of the frame that are there. */
  readonly frame: readonly string[];
  /** Of the given rules, those that match something. */
  readonly rules: readonly string[];
  /** Of these, those whose element is seen all the same: the style sheet did not arrive. */
  readonly seen: readonly string[];
  readonly chatOpen: boolean;
  /** What the chat can be opened with; null: nothing. */
  readonly chatButton: string | null;
}

/** Looks at the page mark by mark, rule by rule. @param rules CSS selectors of what should be hidden */
export async function inspectClient(page: Page, rules: readonly string[]): Promise<ClientInspection> {
  const found = (await page.evaluate(`(() => {
    const matching = (selectors) => selectors.filter((selector) => document.querySelector(selector) !== null);
    const rules = matching(${JSON.stringify(rules)});
    const isSeen = (selector) => [...document.querySelectorAll(selector)].some((element) => element.getClientRects().length > 0);
    return {
      frame: matching(${JSON.stringify(FRAME_MARKS)}),
      rules,
      seen: rules.filter(isSeen),
      chatOpen: document.querySelector(${JSON.stringify(CHAT.pane)}) !== null,
      chatButton: matching(${JSON.stringify(CHAT.open)})[0] ?? null,
    };
  })()`)) as Omit<ClientInspection, keyof ClientSight>;
  return { ...(await readClient(page)), ...found };
}

/** In one line, for logs and errors. */
export const describeSight = ({ shows, title, headings, path }: ClientSight): string =>
  [
    `the page (${path === '' ? 'no address' : path}) shows ${title === '' ? 'no title' : `"${title}"`}`,
    ...(headings.length === 0 ? [] : [headings.map((heading) => `"${heading}"`).join(', ')]),
    ...(shows === 'nothing-known' ? ['none of the marks of a client'] : []),
  ].join('; ');
