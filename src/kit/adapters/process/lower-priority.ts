import os from 'node:os';

const NICE = 10;

/** Lets whatever else the machine does go first: this process and all that it starts from now on. Never raises. */
export function lowerPriority(): void {
  try {
    if (os.getPriority() < NICE) os.setPriority(NICE);
  } catch {
    // A system that does not allow it converts as it is.
  }
}
