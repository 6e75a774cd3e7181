import { accessSync, constants } from 'node:fs';

/** Whether we may run that file; false also for one that is not there. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
