/** Pod's `server` column: `2/1` is slot 1 of server 2. Exact: `11/2` is not server 1's. */
export function parseServerField(value: unknown): { server: number; slot: number } | null {
  const found = typeof value === 'string' ? /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value.trim()) : null;
  return found === null ? null : { server: Number(found[1]), slot: Number(found[2]) };
}

/** At most 20 characters, what Pod's column holds. */
export const renderServerField = (server: number, slot: number): string => `${server}/${slot}`;
