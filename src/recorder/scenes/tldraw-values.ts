import type { Stroke } from './svg-markup.js';

/* tldraw records come from outside: every value is read with its default, and numbers are bounded. */

export type Values = Readonly<Record<string, unknown>>;

export const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const valuesOf = (value: unknown): Values => (isValues(value) ? value : {});

export function numberOf(value: unknown, otherwise = 0): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) < 1e6 ? number : otherwise;
}

export const textValue = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise;

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

/** Strokes are by hand unless they say otherwise. */
export function dashOf(value: unknown): Stroke['dash'] {
  const dash = textValue(value, 'draw');
  return dash === 'dashed' || dash === 'dotted' || dash === 'solid' ? dash : 'draw';
}
