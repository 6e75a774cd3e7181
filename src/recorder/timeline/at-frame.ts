/** The first frame whose time is not before the instant: a state is shown from there on. */
export const frameOf = (ms: number, fps: number): number => Math.max(0, Math.ceil((ms * fps) / 1000 - 1e-6));

/** Walks a list sorted by time: `at(ms)` is its last item that is due, asked in rising order. */
export function follow<T extends { readonly atMs: number }>(items: readonly T[]): (ms: number) => T | null {
  let next = 0;
  return (ms) => {
    while (next < items.length && (items[next]?.atMs ?? Infinity) <= ms) next++;
    return items[next - 1] ?? null;
  };
}
