import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactedJson, redactRecord, redactTree } from '../../../src/kit/config/redact.js';
import { rememberSecret } from '../../../src/kit/config/secret.js';

rememberSecret('pass"wort\\1234');
rememberSecret('plainsecret99');

/** Pieces that make secrets when they meet, and such as quote them. */
const piece = fc.constantFrom(
  ...['https://', 'u:p@', 'h.example/', '?token=', '&key=x', '@', '://', '=', '"', '\\', "'", '\n', ' ', 'é'],
  ...['pass"wort\\1234', 'plainsecret99', 'plainsecret', 'checksum=1', '\u0000', '\u2028', 'http'],
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const tree = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(text, fc.array(text), fc.integer()));

it('hides in the whole text what it hides in each string of it', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(redactedJson(value)).toBe(JSON.stringify(redactTree(value)));
      expect(redactRecord(value)).toEqual(redactTree(value));
    }),
    { numRuns: 2000 },
  );
});

it('takes a value apart only when there is something to hide', () => {
  const clean = { title: 'Cours 1, a@b.fr', url: 'https://h.example/playback?meetingId=1' };
  expect(redactRecord(clean)).toBe(clean);
  expect(redactRecord({ url: 'https://u:p@h.example/' })).toEqual({ url: 'https://***@h.example/' });
});
