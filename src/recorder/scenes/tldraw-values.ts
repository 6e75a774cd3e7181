import { asRecord, isRecord } from '../../kit/record.js';
import type { Point, Stroke } from './svg-markup.js';

/* tldraw records come from outside: every value is read with its default, and numbers are bounded. */

export type Values = Readonly<Record<string, unknown>>;

/** What is looked up by names that come from outside: it has no names but its own (`constructor` is none). */
export const table = <T>(entries: Readonly<Record<string, T>>): Readonly<Partial<Record<string, T>>> =>
  Object.assign(Object.create(null) as Record<string, T>, entries);

export function numberOf(value: unknown, otherwise = 0): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) < 1e6 ? number : otherwise;
}

export const textValue = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise;

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

/**
 * The words of a shape of tldraw 2: plain text, or since tldraw 3.10 a document of paragraphs (`richText`), whose lines are taken as
 * they are.
 */
export function wordsOf(props: Values): string {
  const plain = textValue(props['text']);
  if (plain !== '' || !isRecord(props['richText'])) return plain;
  return listOf(props['richText']['content'])
    .map((paragraph) => inlineOf(paragraph, 0))
    .join('\n');
}

function inlineOf(node: unknown, depth: number): string {
  const { type, text, content } = asRecord(node);
  if (type === 'hardBreak') return '\n';
  if (depth > MOST_NESTED) return '';
  const parts = listOf(content).map((one) => inlineOf(one, depth + 1));
  return textValue(text) + parts.join(type === 'bulletList' || type === 'orderedList' ? '\n' : '');
}

/** Lists in lists. */
const MOST_NESTED = 8;

/** Points of a line of tldraw 2: a list in later alphas, start, end and handles by index before. */
export const linePoints = (props: Values): Point[] =>
  Object.values(asRecord(props['points'] ?? props['handles']))
    .map(asRecord)
    .sort((a, b) => (textValue(a['index']) < textValue(b['index']) ? -1 : 1))
    .map((handle) => [numberOf(handle['x']), numberOf(handle['y'])]);

/** Strokes are by hand unless they say otherwise. */
export function dashOf(value: unknown): Stroke['dash'] {
  const dash = textValue(value, 'draw');
  return dash === 'dashed' || dash === 'dotted' || dash === 'solid' ? dash : 'draw';
}
