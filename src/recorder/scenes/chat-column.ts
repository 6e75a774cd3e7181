import type { ChatEntry } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';
import type { Layout, Rectangle } from './layout.js';

/** The chat column as the player shows it: later entries pale, scrolled to the newest one that is due. */
export function chatColumn(layout: Layout, chat: Rectangle, entries: readonly ChatEntry[]): string {
  const pad = 12 * layout.scale;
  return `<style>
#chat{left:${chat.x}px;top:${chat.y}px;width:${chat.width}px;height:${chat.height}px;background:${layout.background};color:${layout.dark ? '#e6e9ed' : '#333333'};font-size:${13 * layout.scale}px}
.inner{zoom:${layout.scale};padding:12px 12px 0;width:${chat.width / layout.scale - 24}px;font-size:13px}
.entry{position:relative;padding:0 0 12px 40px;min-height:32.4px;line-height:15px;overflow-wrap:anywhere;white-space:pre-wrap}
.entry.future>*{opacity:.5}
.avatar{position:absolute;left:0;top:0;width:32px;height:32px;line-height:33px;color:#fff;text-align:center}
.round{border-radius:16px}
.head{display:flex;align-items:center;height:15px;white-space:pre}
.name{font-weight:bold}
.time{font-size:10px;color:${layout.dark ? '#9aa3ad' : '#666666'};margin-left:8px}
.strong{font-weight:bold}
.text{margin-top:2.4px}
.card{background:${layout.dark ? '#2a313a' : '#d4d9df'};padding:8px;margin-top:2px}
.card p{margin:0 0 8px}
.link{color:${layout.dark ? '#8ab8ff' : '#0000ee'};text-decoration:underline}
</style><div id="chat" class="abs" data-pad="${pad}"><div class="inner">${entries.map(entryMarkup).join('')}</div></div>`;
}

function entryMarkup(entry: ChatEntry): string {
  switch (entry.kind) {
    case 'message':
      return block(
        avatar(entry.name.slice(0, 2), colourOf(entry.name), !entry.moderator),
        entry.name,
        entry.atMs,
        `<div class="text${entry.emphasised ? ' strong' : ''}">${entry.parts
          .map(({ text, link }) => (link ? `<span class="link">${escapeXml(text)}</span>` : escapeXml(text)))
          .join('')}</div>`,
      );
    case 'video':
      return block(
        avatar('▷', BLUE, false),
        'External video',
        entry.atMs,
        `<div class="card"><span class="link">${escapeXml(entry.url)}</span></div>`,
      );
    case 'poll':
      return block(avatar('≡', BLUE, false), 'Poll result', entry.atMs, pollCard(entry));
  }
}

function pollCard({ question, answers }: Extract<ChatEntry, { kind: 'poll' }>): string {
  const votes = answers.reduce((sum, answer) => sum + answer.votes, 0);
  const bars = answers.map(({ votes: count }, i) => {
    const share = votes === 0 ? 0 : count / votes;
    return `${i + 1}: ${count} ${bar(share * 10)} ${(share * 100).toFixed(1)}%`;
  });
  const options = answers.map(({ text }, i) => `${i + 1}: ${escapeXml(text)}`);
  return `<div class="card">${question === '' ? '' : `<p><b>Question</b>\n${escapeXml(question)}</p>`}<p><b>${bars.join('\n')}</b></p><p><b>Options</b>\n${options.join('\n')}</p></div>`;
}

/** A bar in whole and half blocks. */
const bar = (length: number): string => `${'█'.repeat(Math.floor(length))}${length % 1 >= 0.5 ? '▌' : ''}`;

const block = (picture: string, name: string, atMs: number, body: string): string =>
  `<div class="entry">${picture}<div class="head"><span class="name">${escapeXml(name)}</span><span class="time">${clock(atMs)}</span></div>${body}</div>`;

const BLUE = '#0f70d7';
const COLOURS =
  '7b1fa2 6a1b9a 4a148c 5e35b1 512da8 4527a0 311b92 3949ab 303f9f 283593 1a237e 1976d2 1565c0 0d47a1 0277bd 01579b'.split(
    ' ',
  );

const avatar = (text: string, colour: string, round: boolean): string =>
  `<div class="avatar${round ? ' round' : ''}" style="background:${colour}">${escapeXml(text)}</div>`;

/** The player's choice: Bernstein's string hash (times 33, exclusive or) over its list of colours. */
function colourOf(name: string): string {
  let hash = 5381;
  for (let i = name.length - 1; i >= 0; i--) hash = (Math.imul(hash, 33) ^ name.charCodeAt(i)) >>> 0;
  return `#${COLOURS[hash % COLOURS.length] ?? ''}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};

/** The same entries with "1", "2", … for names, in the order in which people spoke first. */
export function withoutNames(entries: readonly ChatEntry[]): ChatEntry[] {
  const numbers = new Map<string, string>();
  return entries.map((entry) => {
    if (entry.kind !== 'message') return entry;
    const number = numbers.get(entry.name) ?? String(numbers.size + 1);
    numbers.set(entry.name, number);
    return { ...entry, name: number };
  });
}
