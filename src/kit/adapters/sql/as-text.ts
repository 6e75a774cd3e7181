/** A column's value as text: numbers and bigints in digits, nothing and anything else as an empty text. */
export const asText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : '';
