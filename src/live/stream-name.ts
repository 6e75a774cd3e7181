const MARKS = /[\u0300-\u036f]/g;

/**
 * Name of a live's stream on the RTMP server: `bbb-12-cours-de-chimie`. The live's own id makes two meetings of
 * one title differ; only letters, digits and dashes, so that no server, shell or playlist minds it.
 */
export function streamName(liveId: string, meetingName: string): string {
  const slug = meetingName
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? liveId : `${liveId}-${slug}`;
}

/** Name of the broadcaster in Pod, unique there: the title, then the live's id. 200 characters at most. */
export function broadcasterName(liveId: string, meetingName: string): string {
  const suffix = ` (${liveId})`;
  const title = meetingName
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[^\u0000-\uffff]/gu, '\ufffd') // columns of three bytes cannot store these
    .trim();
  return `[BBB] ${title.slice(0, 200 - 6 - suffix.length)}${suffix}`;
}
