import { expect, it } from 'vitest';
import { withMeant } from '../../../src/cli/kit/meant-flags.js';

const names = ['use-manual-claim', 'use-import-video', 'max', 'min', 'dry', 'since', 'owner'];

it.each([
  ['Nonexistent flag: --maks', '--max'],
  ['Nonexistent flag: --use_manual_claim', '--use-manual-claim'],
  ['Nonexistent flags: --use-manual-claims, --sinse=2024-09-01', '--use-manual-claim, --since'],
  // What a wiki or a word processor makes of two hyphens.
  ['Unexpected argument: –dry', '--dry'],
  ['Unexpected argument: —use-manual-claim', '--use-manual-claim'],
])('%s: %s was meant', (said, meant) => {
  expect(withMeant(said, names)).toBe(`${said} (did you mean ${meant}?)`);
});

it.each([
  'Nonexistent flag: --colour',
  'Unexpected argument: amartin',
  'Flag --max expects a value',
  'Nonexistent flag: -x',
])('%s: nothing is near', (said) => expect(withMeant(said, names)).toBe(said));
