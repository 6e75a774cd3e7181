import { describe, expect, it } from 'vitest';
import { clipCaptions } from '../../../src/recorder/encoding/clip-captions.js';

describe('clipCaptions', () => {
  it('drops what comes after the end and shortens what crosses it', () => {
    const text =
      'WEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\none\r\n\r\n00:00:03.000 --> 00:00:09.000 align:start\r\ntwo\r\n\r\n00:06.000 --> 00:07.000\r\nthree\r\n';
    expect(clipCaptions(text, 0, 5500)).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\none\n\n00:00:03.000 --> 00:00:05.500 align:start\ntwo\n',
    );
  });

  it('counts the times of a part from its start', () => {
    const text =
      'WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:00:02.500 --> 00:00:09.000 line:0\ntwo\n\n00:12.000 --> 00:13.000\nthree\n';
    expect(clipCaptions(text, 3000, 7500)).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:06.000 line:0\ntwo\n');
  });
});
