import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { judgeRehearsal, planRehearsal } from '../../encoding/rehearsal.js';
import { planCodec, type CodecFacts } from '../../encoding/video-codec.js';
import { runFfmpeg } from './run-ffmpeg.js';

/**
 * Makes a film of two seconds with this ffmpeg and looks at every frame of it.
 * @returns what it draws otherwise than it should; empty: all is right
 * @throws OperatorError ffmpeg-missing, ffmpeg-failed
 */
export async function rehearse(
  ffmpeg: string,
  codec: Pick<CodecFacts, 'format' | 'preset'>,
  signal: AbortSignal,
): Promise<string[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-rehearsal-'));
  try {
    const { files, plans, pictures } = planRehearsal(
      planCodec({ ...codec, crf: null, bitrateKbps: null, threads: 1, encoder: { name: 'software' } }),
    );
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content);
    for (const plan of plans) await runFfmpeg(plan, { ffmpeg, directory, signal, silenceMs: 20_000 });
    return judgeRehearsal(readFileSync(path.join(directory, pictures)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
