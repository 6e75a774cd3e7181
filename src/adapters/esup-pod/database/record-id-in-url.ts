/** A recordID as BBB makes it: SHA-1 of the meetingID, then the session's start in milliseconds. */
const RECORD_ID = /(?<![0-9a-z])[0-9a-z]{40}-\d{13}(?!\d)/gi;

/**
 * The recordID that a stored URL leads to, in any of the forms that Pod, the old script or BBB wrote it; the last
 * one when it stands twice (`…/2.3/ID?meetingId=ID`). Null for a URL that shows none.
 */
export const recordIdInUrl = (url: string): string | null =>
  url.match(RECORD_ID)?.at(-1)?.toLowerCase() ?? null;
