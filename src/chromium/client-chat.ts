import type { Page } from 'puppeteer';
import { CHAT } from './client-marks.js';

/**
 * Says something in the public chat, which is opened for it and closed again where it was closed.
 * @returns false when the page shows no way into its chat
 */
export async function sayInChat(page: Page, text: string): Promise<boolean> {
  if (await typeMessage(page, text)) return true;
  if (!(await toggleChat(page))) return false;
  const input = await page.waitForSelector('#message-input', { timeout: OPEN_MS }).catch(() => null);
  const said = input !== null && (await typeMessage(page, text));
  if (said) await new Promise((resolve) => setTimeout(resolve, SENT_MS));
  await toggleChat(page);
  return said;
}

const OPEN_MS = 3000;
const SENT_MS = 500;

/** The text travels as data, never as script; React hears of it through its own setter. @returns whether it was sent */
export async function typeMessage(page: Page, text: string): Promise<boolean> {
  const typed = await page.evaluate(
    `(async (text) => {
      const input = document.querySelector('#message-input');
      if (!input) return false;
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      const send = document.querySelector(${JSON.stringify(CHAT.send)});
      if (!send) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
      send.click();
      return true;
    })(${JSON.stringify(text)})`,
  );
  return typed === true;
}

/** Opens the public chat, or closes it. @returns false when the page has nothing to do it with */
export const toggleChat = async (page: Page): Promise<boolean> =>
  (await page.evaluate(`(() => {
    const open = document.querySelector(${JSON.stringify(CHAT.pane)}) !== null;
    const marks = open ? [${JSON.stringify(CHAT.close)}, ...${JSON.stringify(CHAT.open)}] : ${JSON.stringify(CHAT.open)};
    const button = marks.map((mark) => document.querySelector(mark)).find((element) => element !== null);
    button?.click();
    return button !== undefined;
  })()`)) === true;

/** Whether the chat is open, or closed, within some seconds. */
export const showsChat = (page: Page, shown: boolean): Promise<boolean> =>
  page
    .waitForSelector(CHAT.pane, { timeout: OPEN_MS, ...(shown ? {} : { hidden: true }) })
    .then(() => true)
    .catch(() => false);

/** Closes a chat that opened by itself (3.0, layout `custom`). */
export async function closeChat(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector(${JSON.stringify(CHAT.close)})?.click()`);
}
