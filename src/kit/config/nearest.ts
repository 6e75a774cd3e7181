/** The candidate closest to a mistyped word, or null when none is close (more than a third of the letters differ). */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const most = Math.max(2, Math.floor(word.length / 3));
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, most);
    if (best === null || distance < best.distance) best = { candidate, distance };
  }
  if (best === null || best.distance > most) return null;
  return best.candidate;
}

/**
 * Levenshtein's distance; a typing error is 1 or 2.
 * @param most beyond it nothing is counted out, however long the words are: the answer is `most + 1`
 */
export function editDistance(a: string, b: string, most = a.length + b.length): number {
  const far = most + 1;
  if (Math.abs(a.length - b.length) > most) return far;
  let previous = Int32Array.from({ length: b.length + 1 }, (_, j) => Math.min(j, far));
  let current = new Int32Array(b.length + 1).fill(far);
  for (let i = 1; i <= a.length; i++) {
    // Outside this band around the diagonal every distance is beyond `most`.
    const from = Math.max(1, i - most);
    const to = Math.min(b.length, i + most);
    let least = (current[from - 1] = from === 1 ? Math.min(i, far) : far);
    for (let j = from; j <= to; j++) {
      const substitution = (previous[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const deletion = (j < i + most ? (previous[j] ?? far) : far) + 1;
      const distance = Math.min(substitution, deletion, (current[j - 1] ?? far) + 1, far);
      current[j] = distance;
      least = Math.min(least, distance);
    }
    if (least > most) return far;
    [previous, current] = [current, previous];
  }
  return previous[b.length] ?? far;
}
