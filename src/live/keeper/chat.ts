import type { ChatOrder, KeeperPorts } from './keeper-port.js';

/** BBB's limit of sendChatMessage. */
const MAX_LENGTH = 500;
/** More in one turn is a flood: the rest is dropped. */
const MAX_PER_TURN = 20;

/** One harmless line for BBB's chat: controls gone, angle brackets kept (BBB escapes), cut at 500 characters. */
export function chatLine(text: string): string {
  const flat = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  // Never half of a surrogate pair.
  return flat.slice(0, MAX_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

/**
 * Brings waiting messages into the meeting: by BBB's API, else by the page.
 * @returns how many could not be delivered, and whether the page must be loaded again to show or hide the chat
 */
export async function deliverChat(
  orders: readonly ChatOrder[],
  { sendChat, rig, log }: Pick<KeeperPorts, 'sendChat' | 'rig' | 'log'>,
): Promise<{ undelivered: number; needsPage: boolean }> {
  let needsPage = false;
  let undelivered = Math.max(0, orders.length - MAX_PER_TURN);
  for (const order of orders.slice(0, MAX_PER_TURN)) {
    try {
      if (order.kind === 'toggle') {
        const toggled = await rig.toggleChat();
        if (toggled === 'impossible') undelivered++;
        if (toggled === 'needs-page') needsPage = true;
      } else {
        const line = chatLine(order.text);
        if (line !== '' && !(await sendChat(line)) && !(await rig.say(line))) undelivered++;
      }
    } catch (error) {
      undelivered++;
      log('warn', `chat: ${error instanceof Error ? error.message : 'failed'}`);
    }
  }
  return { undelivered, needsPage };
}
