import { ownCopy } from './own-copy.js';

const KEPT = 1000;

/**
 * A pure function of a text with its answers kept: a batch asks for the same few (a host, a name) hundreds of thousands
 * of times. The oldest answers go all at once.
 */
export function remembered<T>(answerOf: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= KEPT) known.clear();
    const own = ownCopy(text);
    const answer = answerOf(own);
    known.set(own, answer);
    return answer;
  };
}
