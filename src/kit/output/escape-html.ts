const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const CONTROLS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const SPECIAL = new RegExp(`[&<>"']|${CONTROLS.source}`);

/** The one way any text enters HTML, as content or between double or single quotes of an attribute. */
export const escapeHtml = (text: string): string =>
  // Most of a report's cells hold nothing of it: to look is cheaper than to replace twice.
  SPECIAL.test(text)
    ? text.replace(CONTROLS, ' ').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    : text;

/** A link for an `href`: only http and https leave, everything else (`javascript:`) becomes no link at all. */
export function escapeLink(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? escapeHtml(url) : null;
}
