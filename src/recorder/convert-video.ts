import type { Conversion, Converted } from './make-file.js';
import { planVideo } from './encoding/plan-video.js';
import { framesOf } from './plan-job.js';
import { texts } from './texts.js';

/** A ready video: put into the right container, and encoded only when its streams are not right already. */
export async function convertVideo(
  file: string,
  { work, target, options, media, signal, onProgress }: Conversion,
): Promise<Converted> {
  const facts = await media.probe(file, signal, true);
  if (facts.video === null && facts.audio === null)
    throw texts.mediaBroken({ file, detail: 'neither picture nor sound' });
  const wholeMs = facts.durationMs ?? 0;
  const { firstFrame, endFrame } = framesOf(wholeMs, 1000, options);
  const durationMs = endFrame - firstFrame;
  const output = `result.${options.format}`;
  await media.run(planVideo(file, facts, options, output), work.path, signal, (ms) =>
    onProgress({ step: 'encode', fraction: durationMs === 0 ? null : ms / durationMs, durationMs }),
  );
  const made = await media.probe(work.file(output), signal, true);
  if (Math.abs((made.durationMs ?? 0) - durationMs) > 200)
    throw texts.resultWrong({ detail: 'its length is not that of the source' });
  if (facts.video !== null && made.video === null && !options.audioOnly)
    throw texts.resultWrong({ detail: 'no picture' });
  for (const of of ['picture', 'sound'] as const)
    if (of === 'picture' ? made.video !== null : made.audio !== null)
      await media.decode(work.file(output), of, signal);
  const sizeBytes = await work.deliver(output, target);
  return { durationMs: made.durationMs ?? durationMs, sizeBytes, pictures: 0, fps: made.video?.fps ?? 0 };
}
