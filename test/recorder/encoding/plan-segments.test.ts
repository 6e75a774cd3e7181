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

  it('gives each core as many segments as the others, none longer than a minute', () => {
    const lengths = (minutes: number, cores: number): number[] =>
      planSegments([state(0, minutes * 900)], [], { fps: 15, frames: minutes * 900, cores }).map(
        ({ frames }) => frames / 15,
      );
    expect(lengths(5, 2)).toEqual([50, 50, 50, 50, 50, 50]);
    expect(lengths(7, 2)).toHaveLength(14);
    expect(lengths(60, 2)).toEqual(Array.from({ length: 60 }, () => 60));
    expect(Math.max(...lengths(61, 2))).toBeLessThanOrEqual(60);
  });
});

describe('planSegmentEncode', () => {
  it('converts a still before it is repeated, and seeks the webcam to the segment', () => {
    const [, segment] = planSegments([state(0, 1800)], [], { fps: 15, frames: 1800, cores: 1 });
    const plan = planSegmentEncode(segment!, {
      fps: 15,
      size: { width: 1280, height: 720 },
      stills: { file: 's1-stills.png', starts: [0, 1800] },
      webcam: { file: '/a b/webcams.webm', place: { x: 0, y: 0, width: 320, height: 240 } },
      share: null,
      parts: null,
      cursor: null,
      changes: [],
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
    expect(plan.inputs[0]).toEqual({
      options: ['-f', 'png_pipe', '-framerate', '15'],
      source: 's1-stills.png',
    });
    expect(graph).toContain("[0:v]setpts='if(lt(N,1),0,1800)',format=yuv420p,setsar=1[stills]");
    expect(plan.inputs[1]).toEqual({
      options: ['-threads', '1', '-ss', '60.000000', '-t', '60.066667'],
      source: '/a b/webcams.webm',
      foreign: true,
    });
    expect(plan.options).toContain('900');
  });
});

describe('planSegmentEncode where nothing moves', () => {
  const optionsOf = (frames: number, changes: readonly number[]): readonly string[] => {
    const [segment] = planSegments([state(0, frames)], [], { fps: 10, frames, cores: 1 });
    const plan = planSegmentEncode(segment!, {
      fps: 10,
      size: { width: 1280, height: 720 },
      stills: { file: 's0-stills.png', starts: [0, 900] },
      webcam: null,
      share: null,
      parts: null,
      cursor: null,
      changes,
      codec: planCodec({
        format: 'mp4',
        preset: 'balanced',
        crf: null,
        bitrateKbps: null,
        threads: 1,
        encoder: { name: 'software' },
      }),
      output: 's0.mp4',
    });
    return plan.options;
  };

  it('composes and encodes the frames that change, and no others', () => {
    const options = optionsOf(300, [0, 7, 8, 299]);
    expect(options[options.indexOf('-filter_complex') + 1]).toContain(
      "[still]select='if(lt(n,9),if(lt(n,1),1,if(lt(n,7),0,1)),if(lt(n,299),0,if(lt(n,300),1,0)))'[changed]",
    );
    expect(options[options.indexOf('-frames:v') + 1]).toBe('4');
  });
});

describe('planSegmentEncode of pictures that are laid', () => {
  const shared = [state(0, 300), state(300, 300, true), state(600, 300)];
  const [segment] = planSegments(shared, [], { fps: 15, frames: 900, cores: 1 });
  const place = { x: 10, y: 20, width: 320, height: 240 };
  const plan = planSegmentEncode(segment!, {
    fps: 15,
    size: { width: 1280, height: 720 },
    stills: { file: 's0-stills.png', starts: [0, 900] },
    webcam: { file: 'webcams.webm', place },
    share: { file: 'deskshare.webm', place },
    parts: {
      pictures: { file: 's0-parts.png', starts: [0, 900] },
      moves: [{ frame: 0, to: { x: 3, y: 4 } }],
    },
    cursor: {
      pictures: { file: 's0-pointers.pam', starts: [0, 900] },
      moves: [{ frame: 7, to: { x: 5, y: 6 } }],
    },
    changes: [],
    codec: planCodec({
      format: 'mp4',
      preset: 'balanced',
      crf: null,
      bitrateKbps: null,
      threads: 1,
      encoder: { name: 'software' },
    }),
    output: 's0.mp4',
  });
  const chains = (plan.options[plan.options.indexOf('-filter_complex') + 1] ?? '')
    .split(/;(?=\[)/)
    .map((chain) => ({ chain, out: /\[([^\]]+)\]$/.exec(chain)?.[1] ?? '' }));
  const ending = (out: string): string => chains.find((one) => one.out === out)?.chain ?? '';

  it('has time driven by a source of its rate: no still is repeated ahead of it', () => {
    expect(ending('clock')).toMatch(/^color=c=black:s=1280x720:r=15,/);
    expect(ending('stills')).not.toContain('fps');
    expect(ending('still')).toBe('[clock][stills]streamselect=inputs=2:map=1[still]');
  });

  it('places each frame by its own time: no command runs ahead of the frames that wait', () => {
    expect(chains.some(({ chain }) => /sendcmd|enable=|eval=init/.test(chain))).toBe(false);
    expect(ending('part-laid')).toBe("[still][part]overlay=x='3':y='4':repeatlast=0[part-laid]");
    expect(ending('pointer-laid')).toBe(
      "[webcam-laid][pointer]overlay=x='if(lt(t,0.450),-10000,5)':y='if(lt(t,0.450),0,6)':repeatlast=0[pointer-laid]",
    );
  });

  it('lets a webcam that ends early stand, and copies no picture for it', () => {
    expect(ending('webcam')).toMatch(/,tpad=stop=-1:stop_mode=clone\[webcam\]$/);
    expect(ending('webcam-laid')).toBe("[share-laid][webcam]overlay=x='10':y='20':repeatlast=0[webcam-laid]");
  });

  it('shows a shared screen from its first frame to its last', () => {
    expect(ending('share-laid')).toContain(
      "overlay=x='if(lt(t,19.983),-10000,if(lt(t,39.983),10,-10000))':y='if(lt(t,19.983),0,if(lt(t,39.983),20,0))'",
    );
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
