import { describe, expect, it } from 'vitest';
import { clipCaptions } from '../../../src/recorder/encoding/clip-captions.js';

describe('clipCaptions', () => {
  it('drops what comes after the end and shortens what crosses it', () => {
    const text =
      'WEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\none\r\n\r\n00:00:03.000 --> 00:00:09.000 align:start\r\ntwo\r\n\r\n00:06.000 --> 00:07.000\r\nthree\r\n';
    expect(clipCaptions(text, 5500)).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\none\n\n00:00:03.000 --> 00:00:05.500 align:start\ntwo\n',
    );
  });
});
