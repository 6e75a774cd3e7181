import type { ChatEntry } from './presentation.js';

/**
 * Path, inside the recording, of a picture pasted on the whiteboard: the address names the folder that the server serves,
 * `/presentation/<recordID>/uploads/<uuid>.png` at first, `file-uploads/` in later versions of BBB 4.0 (src/utils/tldraw.js of
 * bbb-playback, 2026). Null for any other address.
 */
export function uploadOf(address: string): string | null {
  return /(?:^|\/)((?:file-)?uploads\/[\w-]+\.(?:png|jpe?g|gif|svg|webp))$/i.exec(address)?.[1] ?? null;
}

/** Every pasted picture that tldraw.json names. */
export function uploadsOf(tldraw: string): string[] {
  const found = [...tldraw.matchAll(/"bbbImageSrc"\s*:\s*"([^"\\]*)"/g)];
  return [...new Set(found.flatMap(([, address = '']) => uploadOf(address) ?? []))];
}

/** Every picture that was pasted into the chat. */
export const chatUploadsOf = (chat: readonly ChatEntry[]): string[] => [
  ...new Set(
    chat.flatMap((entry) =>
      entry.kind === 'message' ? entry.parts.flatMap(({ picture }) => picture ?? []) : [],
    ),
  ),
];
