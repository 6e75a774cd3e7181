import { isRecord } from '../../kit/record.js';
import type { Caption, ChatEntry, ChatPart, ChatTone } from './presentation.js';
import { localPath } from './parse-shapes.js';
import { uploadOf } from './upload-of.js';
import { elements, parseXml, secondsToMs, type XmlNode } from './xml-tree.js';

/**
 * slides_new.xml: chat messages in order. `id`, `replyToMessageId`, `lastEditedTimestamp` and `reactions` since BBB 3.0
 * (record-and-playback/presentation/scripts/publish/presentation.rb).
 */
export function parseChat(text: string | null): ChatEntry[] {
  if (text === null) return [];
  const lines = elements(parseXml(text), 'chattimeline');
  const messages = new Map(
    lines.flatMap(({ attributes }) =>
      attributes['id'] === undefined ? [] : [[attributes['id'], attributes['message'] ?? ''] as const],
    ),
  );
  return lines.flatMap((line): ChatEntry[] => {
    const { attributes } = line;
    const atMs = secondsToMs(attributes['in']);
    if (atMs === null) return [];
    const answered = messages.get(attributes['replyToMessageId'] ?? '');
    return [
      {
        kind: 'message',
        atMs,
        name: attributes['name'] ?? '',
        moderator: attributes['senderRole'] === 'MODERATOR',
        emphasised: attributes['chatEmphasizedText'] === 'true',
        parts: messageParts(attributes['message'] ?? ''),
        reply: answered === undefined ? null : messageParts(answered),
        reactions: reactionsOf(line),
        edited: /[1-9]/.test(attributes['lastEditedTimestamp'] ?? ''),
      },
    ];
  });
}

const reactionsOf = (line: XmlNode): { emoji: string; count: number }[] =>
  elements(line, 'reactions')
    .flatMap((group) => elements(group, 'reaction'))
    .flatMap(({ attributes: { emoji = '', count } }) => {
      const times = Number(count);
      return emoji === '' || !Number.isFinite(times) || times < 1
        ? []
        : [{ emoji, count: Math.floor(times) }];
    });

/**
 * Splits a message's HTML into plain texts, links, also where an address stands as plain text, and pictures of the recording;
 * paragraphs and list items are lines, other markup is dropped.
 */
export function messageParts(html: string, depth = 0): ChatPart[] {
  const parts: ChatPart[] = [];
  let last = 0;
  const push = (text: string, isLink: boolean): void => {
    if (text !== '') parts.push({ text, link: isLink });
  };
  const add = (text: string, isLink: boolean): void => {
    const plain = decodeEntities(
      text
        .replace(/<\/li>\s*/gi, '')
        .replace(BLOCK_END, '\n')
        .replace(LIST_ITEM, '\n• ')
        .replace(/<[^<>]*>/g, ''),
    );
    let from = 0;
    if (isLink) {
      push(plain, true);
      return;
    }
    for (const { 0: address, index } of plain.matchAll(PLAIN_ADDRESS)) {
      push(plain.slice(from, index), false);
      push(address, true);
      from = index + address.length;
    }
    push(plain.slice(from), false);
  };
  const closing = closingTags(html);
  const tag = new RegExp(TAG);
  for (let found = tag.exec(html); found !== null; found = tag.exec(html)) {
    const after = tag.lastIndex;
    const name = (found[1] ?? '').toLowerCase();
    const picture = name === 'img' ? SOURCE.exec(found[2] ?? '') : null;
    if (name === 'img' && picture === null) continue;
    const end = name === 'img' ? { index: after, next: after } : closing(name, after);
    if (end === null) continue;
    add(html.slice(last, found.index), false);
    last = end.next;
    const inner = html.slice(after, end.index);
    const upload = uploadOf(picture?.[1] ?? '');
    const tone = TONES[name];
    if (upload !== null) parts.push({ text: '', link: false, picture: upload });
    else if (name === 'a') add(inner, true);
    else if (tone !== undefined && depth < MOST_NESTED)
      for (const part of messageParts(inner, depth + 1)) parts.push({ tone, ...part });
    else if (name !== 'img') add(inner, false);
    // What was taken as a whole is not looked into again.
    tag.lastIndex = last;
  }
  add(html.slice(last), false);
  return parts.flatMap((part, i) => {
    if (part.picture !== undefined) return [part];
    const [head, tail] = [i === 0 ? /^\n+/ : '', i === parts.length - 1 ? /(?<!\n)\n+$/ : ''];
    const text = part.text.replace(head, '').replace(tail, '');
    return text === '' ? [] : [{ ...part, text }];
  });
}

/** Links, pictures, and words that are not written plainly. */
const TAG = /<(a|img|strong|b|em|i|del|s|code)(?=[\s>/])([^<>]*)>/gi;
const SOURCE = /\bsrc\s*=\s*["']([^"']*)["']/i;

/**
 * Where the first closing tag of a name stands behind a place; null when there is none. Asked from the front to the back:
 * a message of nothing but opening tags is looked through once, not once for each of them.
 */
function closingTags(html: string) {
  const places = new Map<string, { readonly index: number; readonly next: number }[]>();
  for (const { 0: whole, 1: name = '', index } of html.matchAll(/<\/(a|strong|b|em|i|del|s|code)>/gi)) {
    const own = places.get(name.toLowerCase()) ?? [];
    own.push({ index, next: index + whole.length });
    places.set(name.toLowerCase(), own);
  }
  const passed = new Map<string, number>();
  return (name: string, from: number) => {
    const own = places.get(name) ?? [];
    let at = passed.get(name) ?? 0;
    while ((own[at]?.index ?? Infinity) < from) at++;
    passed.set(name, at);
    return own[at] ?? null;
  };
}

const TONES: Readonly<Record<string, ChatTone | undefined>> = {
  strong: 'strong',
  b: 'strong',
  em: 'em',
  i: 'em',
  del: 'del',
  s: 'del',
  code: 'code',
};
const MOST_NESTED = 4;

/** Each ends a line: since 3.0 a message is a paragraph or several. */
const BLOCK_END = /<br\s*\/?>|<\/(?:p|ul|ol|div|pre|blockquote|h[1-6])>\s*/gi;
const LIST_ITEM = /(?:\n?<[uo]l\b[^<>]*>\s*|(?<!\s)\s*)<li\b[^<>]*>/gi;

/** An address as far as the stop of its sentence. */
const PLAIN_ADDRESS = /(?:https?:\/\/|\bwww\.)[^\s<>"]*[^\s<>".,;:!?)\]}'»]/gi;

const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    lt: '<',
    gt: '>',
    amp: '&',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    rsquo: '’',
    lsquo: '‘',
    ldquo: '“',
    rdquo: '”',
    laquo: '«',
    raquo: '»',
    hellip: '…',
    ndash: '–',
    mdash: '—',
    euro: '€',
    oelig: 'œ',
  }),
);
/** `eacute` is e with an acute accent, and so on. */
const ACCENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acute: '\u0301',
    grave: '\u0300',
    circ: '\u0302',
    uml: '\u0308',
    cedil: '\u0327',
    tilde: '\u0303',
  }),
);

function namedCharacter(name: string): string | undefined {
  const [, letter = '', accent = ''] = /^([a-z])([a-z]+)$/i.exec(name) ?? [];
  const mark = ACCENTS.get(accent);
  return NAMED.get(name.toLowerCase()) ?? (mark === undefined ? undefined : (letter + mark).normalize('NFC'));
}

const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return namedCharacter(name) ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** polls.json: results as the chat column shows them. */
export function parsePolls(text: string | null): ChatEntry[] {
  return list(text).flatMap((poll): ChatEntry[] => {
    const atMs = secondsValue(poll['timestamp']);
    if (atMs === null) return [];
    const answers = Array.isArray(poll['answers']) ? (poll['answers'] as unknown[]).filter(isRecord) : [];
    return [
      {
        kind: 'poll',
        atMs,
        question: stringOf(poll['question']),
        answers: mergedAnswers(answers).map(({ id, ...answer }, i) => ({ number: (id ?? i) + 1, ...answer })),
        responders: Number(poll['responders']) || 0,
      },
    ];
  });
}

export interface PollAnswer {
  /** Null when the file names none. */
  readonly id: number | null;
  readonly text: string;
  readonly votes: number;
  /** The right answer of a quiz (bbb-playback pull request 306). */
  readonly isRight: boolean;
}

/**
 * Answers that people typed in other letters' case are one: votes are added up, and the spelling with more votes stands
 * (caseInsensitiveReducer of bbb-playback 5.1.3 and of @bigbluebutton/tldraw 2.0.0-alpha.35).
 */
export function mergedAnswers(answers: readonly Readonly<Record<string, unknown>>[]): PollAnswer[] {
  const merged = new Map<string, PollAnswer>();
  for (const answer of answers) {
    const votes = Math.max(0, Number(answer['numVotes']) || 0);
    const one: PollAnswer = {
      id: typeof answer['id'] === 'number' && Number.isSafeInteger(answer['id']) ? answer['id'] : null,
      text: stringOf(answer['key']),
      votes,
      isRight: answer['isCorrectAnswer'] === true,
    };
    const key = one.text.toLowerCase();
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined ? one : { ...(before.votes >= votes ? before : one), votes: before.votes + votes },
    );
  }
  return [...merged.values()];
}

/** external_videos.json: only the mention exists, never the video. */
export function parseExternalVideos(text: string | null): ChatEntry[] {
  return list(text).flatMap((video): ChatEntry[] => {
    const atMs = secondsValue(video['timestamp']);
    return atMs === null ? [] : [{ kind: 'video', atMs, url: stringOf(video['external_video_url']) }];
  });
}

/** captions.json: languages whose WebVTT file lies beside it. */
export function parseCaptions(text: string | null): Caption[] {
  return list(text).flatMap((caption): Caption[] => {
    const locale = stringOf(caption['locale']);
    const file = localPath(`caption_${locale}.vtt`);
    if (!/^[\w@-]{1,20}$/.test(locale) || file === null) return [];
    return [{ locale, name: stringOf(caption['localeName']) || locale, file }];
  });
}

function list(text: string | null): Record<string, unknown>[] {
  const value = text === null ? undefined : parseJson(text);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A broken JSON file is as good as none: the player shows the rest. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const secondsValue = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'string' ? secondsToMs(String(value)) : null;
