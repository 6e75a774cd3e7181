/* Values that came from outside (JSON, XML), before anything is known of their shape. */

/** Whether a value has names: an object that is no array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value by its names; without any when it has none. */
export const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
