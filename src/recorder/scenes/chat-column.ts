import { greatest } from '../../kit/extremes.js';
import type { ChatEntry, ChatPart } from '../timeline/presentation.js';
import { escapeXml } from '../timeline/xml-tree.js';
import type { Layout, Rectangle } from './layout.js';

/**
 * The chat column as the player shows it (bbb-playback 5.1.3, src/components/chat): later entries pale, scrolled to the
 * newest one that is due; replies, reactions and edited messages as BBB 3.0 has them.
 */
export function chatColumn(layout: Layout, chat: Rectangle, entries: readonly ChatEntry[]): string {
  const pad = 12 * layout.scale;
  return `<style>
#chat{left:${chat.x}px;top:${chat.y}px;width:${chat.width}px;height:${chat.height}px;background:${layout.background};color:${layout.dark ? '#e6e9ed' : '#333333'};font-size:${13 * layout.scale}px}
.inner{zoom:${layout.scale};padding:12px 0 0 12px;width:${chat.width / layout.scale - 12}px;font-size:13px}
.entry{position:relative;padding:0 4px 12px 40px;min-height:32px;line-height:15px;overflow-wrap:anywhere;white-space:pre-wrap}
.entry.future>*,.entry.future .link{opacity:.5}
.avatar{position:absolute;left:0;top:0;width:32px;height:32px;line-height:32px;color:#fff;text-align:center}
.avatar svg{position:absolute;left:8px;top:8px}
.round{border-radius:16px}
.head{display:flex;height:15px;margin-bottom:2.4px;white-space:pre}
.name{font-weight:bold;overflow:hidden;text-overflow:ellipsis}
.time{display:flex;align-items:center;font-size:10px;opacity:.75;margin-left:8px;flex:none}
.strong{font-weight:bold}
.reply{border-left:3px solid ${layout.dark ? '#5a6570' : '#a7b3bd'};padding:1px 0 1px 6px;margin:0 8px 3px 0;font-weight:normal;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.reactions{margin-top:3px;font-weight:normal}
.reactions span{background:${layout.dark ? '#2a313a' : '#e5e9ee'};border-radius:8px;padding:1px 6px;margin-right:4px}
.pasted{display:block;max-width:100%;max-height:200px;margin:2px 0}
.card{background:${layout.dark ? '#2a313a' : '#d4d9df'};padding:8px;margin-right:8px}
.card p{margin:0 0 8px}
.link{color:${layout.dark ? '#8ab8ff' : '#0000ee'};text-decoration:underline}
</style><div id="chat" class="abs" data-pad="${pad}"><div class="inner">${entries.map(entryMarkup).join('')}</div></div>`;
}

function entryMarkup(entry: ChatEntry): string {
  switch (entry.kind) {
    case 'message':
      return block(
        avatar(initials(entry.name), colourOf(entry.name), !entry.moderator),
        entry.name,
        entry.atMs,
        messageMarkup(entry),
        entry.edited,
      );
    case 'video':
      return block(
        avatar(VIDEO_ICON, BLUE, false),
        'External video',
        entry.atMs,
        `<div class="card">${entry.url === '' ? '' : `<span class="link">${escapeXml(entry.url)}</span>`}</div>`,
      );
    case 'poll':
      return block(avatar(POLL_ICON, BLUE, false), 'Poll result', entry.atMs, pollCard(entry));
  }
}

function messageMarkup({
  emphasised,
  parts,
  reply,
  reactions,
}: Extract<ChatEntry, { kind: 'message' }>): string {
  const quoted =
    reply === null ? '' : `<div class="reply">${reply.map(({ text }) => escapeXml(text)).join('')}</div>`;
  const words = parts.map(partMarkup);
  const chips = reactions.map(({ emoji, count }) => `<span>${escapeXml(emoji)} ${count}</span>`);
  return `<div class="text${emphasised ? ' strong' : ''}">${quoted}${words.join('')}${chips.length === 0 ? '' : `<div class="reactions">${chips.join('')}</div>`}</div>`;
}

function partMarkup({ text, link, tone, picture }: ChatPart): string {
  if (picture !== undefined) return `<img class="pasted" alt="" src="file/${escapeXml(picture)}">`;
  const words = link ? `<span class="link">${escapeXml(text)}</span>` : escapeXml(text);
  return tone === undefined ? words : `<${tone}>${words}</${tone}>`;
}

/** Shares of those who answered; a poll that nobody could answer has no bars (utils/data/index.js and poll/result.js). */
function pollCard({ question, answers, responders }: Extract<ChatEntry, { kind: 'poll' }>): string {
  const title = question === '' ? '' : `<p><b>Question</b>\n${escapeXml(question)}</p>`;
  if (answers.length === 0) return `<div class="card">${title}</div>`;
  const most = greatest(answers.map(({ votes }) => votes));
  const bars = answers.map(({ number, votes }) => {
    const percent = responders === 0 ? 0 : (votes / responders) * 100;
    return `${padded(number, answers.length)}: ${padded(votes, most)} ${bar(Math.floor(percent))} ${responders === 0 ? 0 : percent.toFixed(1)}%`;
  });
  const options = answers.map(
    ({ number, text, isRight }) => `${number}: ${isRight ? '✅ ' : ''}${escapeXml(text)}`,
  );
  return `<div class="card">${title}<p><b>${bars.join('\n')}</b></p><p><b>Options</b>\n${options.join('\n')}</p></div>`;
}

/** As wide as the longest of its column: figure spaces behind it. */
const padded = (value: number, longest: number): string =>
  `${value}${'\u2007'.repeat(Math.max(0, String(longest).length - String(value).length))}`;

/** A bar in whole and half blocks: ten are 100 percent, and a dash is none. */
const bar = (percent: number): string =>
  percent === 0 ? '-' : `${'█'.repeat(Math.floor(percent / 10))}${percent % 10 > 2 ? '▌' : ''}`;

const block = (picture: string, name: string, atMs: number, body: string, edited = false): string =>
  `<div class="entry">${picture}<div class="head"><span class="name">${escapeXml(name)}</span><span class="time">${clock(atMs)}${edited ? ' (edited)' : ''}</span></div>${body}</div>`;

const BLUE = '#0f70d7';
const COLOURS =
  '7b1fa2 6a1b9a 4a148c 5e35b1 512da8 4527a0 311b92 3949ab 303f9f 283593 1a237e 1976d2 1565c0 0d47a1 0277bd 01579b'.split(
    ' ',
  );
const icon = (paths: string): string =>
  `<svg width="16" height="16" fill="none" stroke="#fff" stroke-width="1.2">${paths}</svg>`;
const POLL_ICON = icon('<path d="M1 2h1M4 2h11M1 6h1M4 6h8M1 10h1M4 10h10M1 14h1M4 14h5"/>');
const VIDEO_ICON = icon('<path d="M1 4h9v8H1zM10 8l5-3.5v7z"/>');

/** @param picture escaped text, or a drawing */
const avatar = (picture: string, colour: string, round: boolean): string =>
  `<div class="avatar${round ? ' round' : ''}" style="background:${colour}">${picture}</div>`;

function initials(name: string): string {
  const letters = name.slice(0, 2).toLowerCase().trim();
  return escapeXml(letters.charAt(0).toUpperCase() + letters.slice(1));
}

/** The player's choice: Bernstein's string hash (times 33, exclusive or) over its list of colours; blue without a name. */
function colourOf(name: string): string {
  if (name.trim() === '') return BLUE;
  let hash = 5381;
  for (let i = name.length - 1; i >= 0; i--) hash = (Math.imul(hash, 33) ^ name.charCodeAt(i)) >>> 0;
  return `#${COLOURS[hash % COLOURS.length] ?? ''}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
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
