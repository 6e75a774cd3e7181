import type { Drawing } from './presentation.js';

/**
 * The player reads the drawings of a slide in the file's order and stops at the first that is not due yet: one that
 * stands behind a later one (results of polls, in some recordings) is seen with that one, not before.
 */
export function dueInOrder(drawings: readonly Drawing[]): Drawing[] {
  let latest = 0;
  return drawings.map((drawing) => {
    latest = Math.max(latest, drawing.atMs);
    return drawing.atMs === latest ? drawing : { ...drawing, atMs: latest };
  });
}
