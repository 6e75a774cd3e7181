import { rm } from 'node:fs/promises';

/** Removes a file or a directory with what it holds; nothing there is fine. */
export const removeTree = (place: string): Promise<void> => rm(place, { recursive: true, force: true });
