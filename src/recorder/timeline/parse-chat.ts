import type { Caption, ChatEntry, ChatPart } from './presentation.js';
import { localPath } from './parse-shapes.js';
import { elements, parseXml, secondsToMs } from './xml-tree.js';

/** slides_new.xml: chat messages in order. */
export function parseChat(text: string | null): ChatEntry[] {
  if (text === null) return [];
  return elements(parseXml(text), 'chattimeline').flatMap(({ attributes }): ChatEntry[] => {
    const atMs = secondsToMs(attributes['in']);
    if (atMs === null) return [];
    return [
      {
        kind: 'message',
        atMs,
        name: attributes['name'] ?? '',
        moderator: attributes['senderRole'] === 'MODERATOR',
        emphasised: attributes['chatEmphasizedText'] === 'true',
        parts: messageParts(attributes['message'] ?? ''),
      },
    ];
  });
}

/** Splits a message's HTML into plain texts and links; all other markup is dropped. */
export function messageParts(html: string): ChatPart[] {
  const parts: ChatPart[] = [];
  const link = /<a\b[^>]*>([\s\S]*?)<\/a>/gi;
  let last = 0;
  const add = (text: string, isLink: boolean): void => {
    const plain = decodeEntities(text.replace(/<br\s*\/?>/gi, '\n').replace(/<[^>]*>/g, ''));
    if (plain !== '') parts.push({ text: plain, link: isLink });
  };
  for (const match of html.matchAll(link)) {
    add(html.slice(last, match.index), false);
    add(match[1] ?? '', true);
    last = match.index + match[0].length;
  }
  add(html.slice(last), false);
  return parts;
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
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
        answers: answers.map((answer) => ({
          text: stringOf(answer['key']),
          votes: Number(answer['numVotes']) || 0,
        })),
        responders: Number(poll['responders']) || 0,
      },
    ];
  });
}

/** external_videos.json: only the mention exists, never the video. */
export function parseExternalVideos(text: string | null): ChatEntry[] {
  return list(text).flatMap((video): ChatEntry[] => {
    const atMs = secondsValue(video['timestamp']);
    const url = stringOf(video['external_video_url']);
    return atMs === null || url === '' ? [] : [{ kind: 'video', atMs, url }];
  });
}

/** captions.json: languages whose WebVTT file lies beside it. */
export function parseCaptions(text: string | null): Caption[] {
  return list(text).flatMap((caption): Caption[] => {
    const locale = stringOf(caption['locale']);
    const file = localPath(`caption_${locale}.vtt`);
    if (!/^[\w-]{1,20}$/.test(locale) || file === null) return [];
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

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const secondsValue = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'string' ? secondsToMs(String(value)) : null;
