import type { Browser, Page } from 'puppeteer';
import { typeMessage } from './client-chat.js';

/** BBB up to 2.7 needs several seconds to draw; a lobby is no way in. */
const OPEN_MS = 15_000;
const SENT_MS = 3000;
/** Messages come in bursts: the page stays for the next one. */
const IDLE_MS = 60_000;

/**
 * Says things in the public chat from a page of its own behind the filmed one, which is not disturbed: up to BBB 3.0 a
 * chat that was not opened at join cannot be opened without the navigation bar, which nobody is to see.
 * @param joinUrl a join with the chat open, under a user id of its own, without audio
 * @returns says a text; false when that page showed no chat in time
 */
export function chatTab(
  browser: Browser,
  joinUrl: () => Promise<string>,
): (text: string) => Promise<boolean> {
  let page: Page | null = null;
  let idle: NodeJS.Timeout | undefined;
  const close = async (): Promise<void> => {
    clearTimeout(idle);
    const open = page;
    page = null;
    await open?.close().catch(() => undefined);
  };
  const open = async (): Promise<Page> => {
    if (page !== null && !page.isClosed()) return page;
    page = await browser.newPage({ background: true });
    await page.goto(await joinUrl(), { waitUntil: 'domcontentloaded', timeout: OPEN_MS });
    await page.waitForSelector('#message-input', { timeout: OPEN_MS });
    return page;
  };
  return async (text) => {
    clearTimeout(idle);
    try {
      const chat = await open();
      const said = (await typeMessage(chat, text)) && (await isEmpty(chat));
      idle = setTimeout(() => void close(), IDLE_MS).unref();
      return said;
    } catch {
      // Puppeteer puts the whole address, checksum included, into its messages.
      await close();
      return false;
    }
  };
}

/** The client empties its input once it has sent the message. */
const isEmpty = (page: Page): Promise<boolean> =>
  page
    .waitForFunction(`document.querySelector('#message-input')?.value === ''`, {
      timeout: SENT_MS,
      polling: 100,
    })
    .then(() => true)
    .catch(() => false);
