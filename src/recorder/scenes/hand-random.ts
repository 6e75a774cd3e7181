/**
 * Numbers from -0.5 to 0.5 that a text decides (xorshift with four words of state): by them tldraw shifts the corners of
 * what is drawn by hand, so that the same shape is always drawn the same way.
 */
export function handRandom(seed: string): () => number {
  let [x, y, z, w] = [0, 0, 0, 0];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w ^= ((w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return w / 0x1_0000_0000;
  };
  for (let i = 0; i < seed.length + 64; i++) {
    x ^= i < seed.length ? seed.charCodeAt(i) : 0;
    next();
  }
  return next;
}
