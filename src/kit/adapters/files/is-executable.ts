import { accessSync, constants, statSync } from 'node:fs';

/** Whether we may run that file; false also for one that is not there, and for what is no file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
