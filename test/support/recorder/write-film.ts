import { writeFileSync } from 'node:fs';
import type { WorkerOptions } from '../../../src/recorder/queue/work-on-queue.js';

/** A conversion that writes four bytes at once. */
export const write: WorkerOptions['convert'] = ({ job: { outputPath } }) => {
  writeFileSync(outputPath, 'made');
  return Promise.resolve({
    path: outputPath,
    durationMs: 1000,
    sizeBytes: 4,
    pictures: 0,
    missing: '',
    shortfalls: [],
    unknown: { laterVersion: null, shapes: [] },
  });
};
