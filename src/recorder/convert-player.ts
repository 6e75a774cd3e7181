import { makeFile, type Conversion, type Converted } from './make-file.js';
import type { RecordingPorts } from './recording-ports.js';
import { planPlayerJob } from './plan-player-job.js';
import type { PlayerPage, PlayerVideo } from './ports.js';
import { findMedia, surveyMedia } from './survey-media.js';
import type { Presentation } from './timeline/presentation.js';

/**
 * Films any player's page: it is seeked step by step, equal pictures are held, and its videos and sound come from
 * their own files where these can be downloaded.
 * @throws OperatorError player-page-failed, and those of the steps
 */
export async function convertPlayer(
  url: string,
  conversion: Conversion,
  ports: RecordingPorts,
): Promise<Converted> {
  const { work, options, media, signal } = conversion;
  const page = await ports.openPlayer(url, options.size, signal);
  try {
    const folder = ports.openFolder(work.file('source'));
    await fetchVideos(page, conversion);
    const presentation = presentationOf(page);
    const found = await findMedia(folder, media, ports.limits, signal);
    const source = await surveyMedia(found, presentation, media, work, signal);
    const { job, laid } = planPlayerJob(presentation, source, page.facts, options);
    return await makeFile(job, folder, conversion, () =>
      Promise.resolve(page.browserSession({ fps: job.fps, laid })),
    );
  } finally {
    await page.close();
  }
}

/** Into the places where a published folder has them. */
async function fetchVideos(page: PlayerPage, { work, onProgress }: Conversion): Promise<void> {
  const { facts } = page;
  let receivedBytes = 0;
  const one = async (video: PlayerVideo | null, place: string): Promise<void> => {
    if (video === null) return;
    await page.fetch(video.address, work.file(`source/${place}`), (bytes) => {
      receivedBytes += bytes;
      onProgress({ step: 'fetch', fraction: null, durationMs: facts.durationMs, receivedBytes });
    });
  };
  // ffmpeg looks into a file, not at its name.
  await Promise.all([one(facts.webcam, 'video/webcams.webm'), one(facts.share, 'deskshare/deskshare.webm')]);
}

/** All that a page says of its recording; when the screen is shared is seen picture by picture. */
const presentationOf = ({ facts: { title, durationMs, share } }: PlayerPage): Presentation => ({
  recordId: null,
  title,
  startAt: null,
  durationMs,
  bbbVersion: null,
  generation: 'classic',
  visits: [],
  lastOutMs: null,
  panzooms: [],
  cursor: [],
  shares: share === null ? [] : [{ fromMs: 0, toMs: durationMs }],
  hidden: [],
  chat: [],
  captions: [],
});
