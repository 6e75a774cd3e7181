import { readFileSync } from 'node:fs';

/** What x264 says in a file of how it was told to encode; once per segment, all alike here. */
export function encoderSettings(file: string): Record<string, string> & { readonly segments: string } {
  const found = [...readFileSync(file, 'latin1').matchAll(/x264 - core[^\0]*?options: ([^\0]*)/g)];
  const pairs = (found[0]?.[1] ?? '').split(' ').map((pair) => pair.split('='));
  return {
    ...Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
    segments: String(found.length),
  };
}
