import { describe, expect, it } from 'vitest';
import { metadataText, planAudio } from '../../../src/recorder/encoding/plan-file.js';
import { planSegmentEncode } from '../../../src/recorder/encoding/plan-segment-encode.js';
import { planSegments } from '../../../src/recorder/encoding/plan-segments.js';
import { planCodec } from '../../../src/recorder/encoding/video-codec.js';
import type { PictureState } from '../../../src/recorder/timeline/picture-states.js';

const state = (firstFrame: number, frames: number, share = false): PictureState => ({
  key: `${firstFrame}`,
  firstFrame,
  frames,
  slide: null,
  share,
  hidden: false,
  due: 0,
});

describe('planSegments', () => {
  it('cuts at multiples of the group of pictures and gives every frame to one segment', () => {
    const states = [state(0, 500), state(500, 700, true), state(1200, 1000)];
    const segments = planSegments(states, [], { fps: 15, frames: 2200, cores: 1 });
    expect(segments.map(({ firstFrame, frames }) => [firstFrame, frames])).toEqual([
      [0, 900],
      [900, 900],
      [1800, 400],
    ]);
    for (const segment of segments)
      expect(segment.stills.reduce((sum, { frames }) => sum + frames, 0)).toBe(segment.frames);
    expect(segments.map(({ shares }) => shares)).toEqual([
      [{ from: 500, to: 900 }],
      [{ from: 0, to: 300 }],
      [],
    ]);
  });

  it('gives each core a part of a short recording', () => {
    expect(planSegments([state(0, 900)], [], { fps: 15, frames: 900, cores: 2 })).toHaveLength(2);
  });
});

describe('planSegmentEncode', () => {
  it('converts a still before it is repeated, and seeks the webcam to the segment', () => {
    const [, segment] = planSegments([state(0, 1800)], [], { fps: 15, frames: 1800, cores: 1 });
    const plan = planSegmentEncode(segment!, {
      fps: 15,
      stillsList: 's1.ffconcat',
      webcam: { file: '/a b/webcams.webm', place: { x: 0, y: 0, width: 320, height: 240 } },
      share: null,
      parts: null,
      cursor: null,
      codec: planCodec({
        format: 'mp4',
        preset: 'balanced',
        crf: null,
        bitrateKbps: null,
        threads: 1,
        encoder: { name: 'software' },
      }),
      output: 's1.mp4',
    });
    const graph = plan.options[plan.options.indexOf('-filter_complex') + 1] ?? '';
    expect(graph).toMatch(/^\[0:v\]format=yuv420p,settb=1\/90000,setpts=PTS\*25\/15-0,fps=15/);
    expect(plan.inputs[1]).toEqual({
      options: ['-threads', '1', '-ss', '60.000000', '-t', '60.066667'],
      source: '/a b/webcams.webm',
      foreign: true,
    });
    expect(plan.options).toContain('900');
  });
});

describe('planAudio and metadataText', () => {
  it('gives silence when there is no sound', () => {
    const plan = planAudio(null, { seconds: 2, format: 'mp4', offsetMs: 0, output: 'a.m4a' });
    expect(plan.inputs[0]?.source).toContain('anullsrc');
  });

  it('escapes what a title may hold', () => {
    expect(metadataText({ title: 'a=b;c#d\\e\nf' }, [{ title: 'x', fromMs: 0, toMs: 1000 }])).toBe(
      ';FFMETADATA1\ntitle=a\\=b\\;c\\#d\\\\e f\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=x\n',
    );
  });
});
