import { expect, it } from 'vitest';
import { readNode } from '../../src/bbb-server/read-node.js';

it('leaves out a recording with more elements than any has: each costs memory', () => {
  const recording = (count: number): string => `<recording>${'<a/>'.repeat(count)}</recording>`;
  expect(readNode(recording(9000))).toHaveProperty('node');
  expect(readNode(recording(10_000))).toEqual({ detail: 'it holds too many elements' });
});
