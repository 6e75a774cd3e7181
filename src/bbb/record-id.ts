/* A recordID of BBB: SHA-1 of the meeting's own id, a hyphen, and the session's start in milliseconds. */

/** As BBB writes it, without anything around. */
export const isRecordId = (text: string): boolean => /^[0-9a-f]{40}-\d{13}$/.test(text);

/** When its session began, Unix milliseconds; null for an id that does not say. */
export function startOfRecordId(recordId: string): number | null {
  const start = /-(\d{13})$/.exec(recordId)?.[1];
  return start === undefined ? null : Number(start);
}
