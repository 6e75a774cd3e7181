import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import type { RecordingPorts } from '../../src/recorder/recording-ports.js';
import type { SceneRenderer } from '../../src/recorder/ports.js';
import { publishFixture, realPorts, testOptions } from '../support/presentations.js';
import { byVeryfast, ssimOfFiles, ssimPerFrame, withoutLoss } from '../support/recorder/quality.js';

/* Four seconds with a slide change and a moving webcam; the hour is `npm run prove recorder`. */

let directory = '';
let folder = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-quality-'));
  folder = publishFixture('classic', directory, ['webcams', 'deskshare']);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function convert(name: string, preset: 'fast' | 'balanced', ports = realPorts(directory)) {
  const output = path.join(directory, `${name}.mp4`);
  const options = { ...testOptions, preset, fromMs: 10_000, toMs: 14_000 };
  await convertRecording({ folder }, output, { options, ports, signal: new AbortController().signal });
  return output;
}

it('keeps what a lossless composition shows, slides and webcam, at least as well as x264 veryfast', async () => {
  const lossless = await convert('lossless', 'fast', withoutLoss(realPorts(directory)));
  const veryfast = await convert('veryfast', 'balanced', byVeryfast(realPorts(directory)));
  const webcam = { x: 0, y: 0, width: 320, height: 240 };
  const slide = { x: 320, y: 60, width: 960, height: 640 };
  for (const preset of ['fast', 'balanced'] as const) {
    const ours = await convert(preset, preset);
    expect(ssimOfFiles(ours, lossless), preset).toBeGreaterThanOrEqual(0.985);
    for (const box of [webcam, slide])
      expect(ssimOfFiles(ours, lossless, box), preset).toBeGreaterThanOrEqual(
        ssimOfFiles(veryfast, lossless, box) - 0.0005,
      );
  }
});

/** The same browser, told how to draw parts. */
const drawingParts = (
  ports: RecordingPorts,
  drawParts: (
    renderer: SceneRenderer,
    ...states: Parameters<SceneRenderer['renderParts']>
  ) => ReturnType<SceneRenderer['renderParts']>,
): RecordingPorts => ({
  ...ports,
  openBrowserSession: async (...all) => {
    const browserSession = await ports.openBrowserSession(...all);
    return {
      ...browserSession,
      openRenderer: async () => {
        const renderer = await browserSession.openRenderer();
        return { ...renderer, renderParts: (...states) => drawParts(renderer, ...states) };
      },
    };
  },
});

it.each(['classic', 'tldraw2'] as const)(
  'shows by parts of pictures of %s what whole ones show',
  async (kind) => {
    const own = publishFixture(kind, path.join(directory, 'parts'), []);
    const ports = withoutLoss(realPorts(directory));
    let [parts, sheets] = [0, 0];
    const make = async (name: string, chosen: RecordingPorts) => {
      const output = path.join(directory, `${kind}-${name}.mp4`);
      // Strokes that grow, one after another; neither sound nor webcams were published.
      const part = { layout: 'slides', fromMs: 13_000, toMs: 20_000, allowMissing: true } as const;
      const options = { ...testOptions, ...part };
      await convertRecording({ folder: own }, output, {
        options,
        ports: chosen,
        signal: new AbortController().signal,
      });
      return output;
    };
    const byParts = await make(
      'parts',
      drawingParts(ports, async (renderer, states) => {
        const sheet = await renderer.renderParts(states);
        if (sheet !== null) sheets++;
        parts += sheet?.places.length ?? 0;
        return sheet;
      }),
    );
    const byWhole = await make(
      'whole',
      drawingParts(ports, () => Promise.resolve(null)),
    );
    expect(parts).toBeGreaterThan(10);
    expect(sheets).toBeLessThan(parts / 2);
    const { mean, least } = ssimPerFrame(byParts, byWhole);
    expect(mean).toBeGreaterThanOrEqual(0.9999);
    expect(least).toBeGreaterThanOrEqual(0.9995);
  },
);
