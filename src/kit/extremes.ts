/* Of as many values as there are: spread into the arguments of Math.max, some hundred thousand end the stack. */

/** The greatest of these and `start`; without any, `start`. */
export function greatest(values: Iterable<number>, start = -Infinity): number {
  let found = start;
  for (const value of values) found = Math.max(found, value);
  return found;
}

/** The least of these; without any, Infinity. */
export function least(values: Iterable<number>): number {
  let found = Infinity;
  for (const value of values) found = Math.min(found, value);
  return found;
}
