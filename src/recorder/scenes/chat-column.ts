import type { ChatEntry } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';
import type { Layout, Rectangle } from './layout.js';

/** The chat column as the player shows it: later entries pale, scrolled to the newest one that is due. */
export function chatColumn(layout: Layout, chat: Rectangle, entries: readonly ChatEntry[]): string {
  const pad = 12 * layout.scale;
  return `<style>
#chat{left:${chat.x}px;top:${chat.y}px;width:${chat.width}px;height:${chat.height}px;background:${layout.background};color:${layout.dark ? '#e6e9ed' : '#333333'};font-size:${13 * layout.scale}px}
.inner{zoom:${layout.scale};padding:12px 12px 0;width:${chat.width / layout.scale - 24}px;font-size:13px}
.entry{position:relative;padding:0 0 12px 40px;min-height:32px;line-height:15px;overflow-wrap:anywhere;white-space:pre-wrap}
.entry.future>*{opacity:.5}
.avatar{position:absolute;left:0;top:0;width:32px;height:32px;line-height:33px;color:#fff;text-align:center}
.round{border-radius:16px}
.name{font-weight:bold}
.time{font-size:10px;color:${layout.dark ? '#9aa3ad' : '#666666'};margin-left:8px}
.strong{font-weight:bold}
.text{margin-top:2px}
.card{background:${layout.dark ? '#2a313a' : '#d4d9df'};padding:8px;margin-top:1px}
.link{color:${layout.dark ? '#8ab8ff' : '#0000cd'};text-decoration:underline}
</style><div id="chat" class="abs" data-pad="${pad}"><div class="inner">${entries.map(entryMarkup).join('')}</div></div>`;
}

function entryMarkup(entry: ChatEntry): string {
  switch (entry.kind) {
    case 'message':
      return block(
        avatar(entry.name.slice(0, 2), entry.moderator ? MODERATOR : colourOf(entry.name), !entry.moderator),
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
    return `${i + 1}: ${count} ${'█'.repeat(Math.round(share * 10))} ${(share * 100).toFixed(1)}%`;
  });
  return `<div class="card">${question === '' ? '' : `<b>Question</b>\n${escapeXml(question)}\n\n`}<b>${bars.join('\n')}</b>\n\n<b>Options</b>\n${answers
    .map(({ text }, i) => `${i + 1}: ${escapeXml(text)}`)
    .join('\n')}</div>`;
}

const block = (picture: string, name: string, atMs: number, body: string): string =>
  `<div class="entry">${picture}<div><span class="name">${escapeXml(name)}</span><span class="time">${clock(atMs)}</span></div>${body}</div>`;

const MODERATOR = '#1976d2';
const BLUE = '#0f70d7';
const COLOURS = ['#7b1fa2', '#4527a0', '#c2185b', '#00796b', '#5d4037', '#455a64', '#e65100', '#2e7d32'];

const avatar = (text: string, colour: string, round: boolean): string =>
  `<div class="avatar${round ? ' round' : ''}" style="background:${colour}">${escapeXml(text)}</div>`;

function colourOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[sum % COLOURS.length] ?? BLUE;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};
