import type { PublishedFolder } from './ports.js';
import { texts } from './texts.js';
import { formatOf } from './timeline/parse-metadata.js';

/**
 * What the publisher of the format `video` writes, one per format of its preset
 * (record-and-playback/video/scripts/publish/video.rb of BBB 2.6 to 4.0); the first is the one that its page plays.
 */
const VIDEOS = [0, 1, 2].flatMap((i) => ['mp4', 'm4v', 'webm'].map((extension) => `video-${i}.${extension}`));

/**
 * The film of a published folder of the format `video`; null for a presentation, or what may be one.
 * @throws OperatorError folder-format-other: podcast, screenshare, notes, …
 */
export async function readyVideo(folder: PublishedFolder): Promise<string | null> {
  const [shapes, metadata] = await Promise.all([folder.look('shapes.svg'), folder.readText('metadata.xml')]);
  const format = formatOf(metadata);
  if (shapes.state !== 'absent' || format === 'presentation') return null;
  const video = await folder.findFile(VIDEOS);
  if (video !== null || format === null || format === 'video') return video;
  throw texts.folderFormatOther({ folder: folder.path, format });
}
