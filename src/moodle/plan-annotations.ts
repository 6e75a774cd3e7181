import type { AnnotateAction, NoticePolicy } from './plan-annotation.js';
import type { AnnotatedRecording } from './annotated-recording.js';
import { planAnnotation } from './plan-annotation.js';
import { ANNOTATE_CHUNK } from './apply-annotations.js';
import type { MoodleReader } from './ports.js';

/** Plans the notices of all activities, read 50 at a time just before they are written. By activity id. */
export async function* planAnnotations(
  byActivity: ReadonlyMap<number, readonly AnnotatedRecording[]>,
  reader: Pick<MoodleReader, 'readActivities'>,
  policy: NoticePolicy,
  signal: AbortSignal,
): AsyncGenerator<AnnotateAction> {
  const ids = [...byActivity.keys()].sort((a, b) => a - b);
  for (let i = 0; i < ids.length; i += ANNOTATE_CHUNK) {
    signal.throwIfAborted();
    const activities = await reader.readActivities(ids.slice(i, i + ANNOTATE_CHUNK));
    for (const activity of [...activities].sort((a, b) => a.id - b.id))
      yield planAnnotation(activity, byActivity.get(activity.id) ?? [], policy);
  }
}
