/* Lengths of words in Arial, and in Liberation Sans, which has the same, where no browser measures. */

/** Widths in thousandths of a letter's height. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl'|]/, 222],
  [/[tfI .,:;!/\\[\]]/, 278],
  [/[r()\-]/, 333],
  [/[sckvxyzJ]/, 500],
  [/[FTZ]/, 611],
  [/[ABEKPSVXY&]/, 667],
  [/[CDHNRUw]/, 722],
  [/[GOQ]/, 778],
  [/[mM%]/, 833],
  [/[W@]/, 944],
];

const widthOf = (word: string): number =>
  Array.from(word.normalize('NFD')).reduce(
    (sum, letter) => sum + (/\p{M}/u.test(letter) ? 0 : (WIDTHS.find(([of]) => of.test(letter))?.[1] ?? 556)),
    0,
  );

/** How many lines a text takes that breaks between words, and within those that are too long. */
export function arialLines(text: string, size: number, room: number): number {
  const most = Math.max(size, room) * (1000 / size);
  let lines = 1;
  let used = 0;
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const width = widthOf(word);
    const after = used === 0 ? width : used + 278 + width;
    if (after <= most) used = after;
    else {
      const own = Math.max(1, Math.ceil(width / most));
      lines += own - (used === 0 ? 1 : 0);
      used = width - (own - 1) * most;
    }
  }
  return lines;
}
