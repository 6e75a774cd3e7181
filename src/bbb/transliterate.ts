/** Letters that no Unicode decomposition brings to ASCII. */
const LETTERS = new Map(
  Object.entries({
    æ: 'ae',
    Æ: 'AE',
    œ: 'oe',
    Œ: 'OE',
    ø: 'o',
    Ø: 'O',
    ß: 'ss',
    ẞ: 'SS',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ł: 'l',
    Ł: 'L',
    ı: 'i',
    ħ: 'h',
    Ħ: 'H',
    ŋ: 'ng',
    Ŋ: 'Ng',
    ĸ: 'k',
    ŧ: 't',
    Ŧ: 'T',
    '–': '-',
    '—': '-',
    '−': '-',
    '‐': '-',
    '·': '-',
    '’': ' ',
    '‘': ' ',
    "'": ' ',
    '“': ' ',
    '”': ' ',
    '«': ' ',
    '»': ' ',
    '&': ' ',
    '+': ' plus ',
    '€': ' euro ',
    '@': ' at ',
    '°': ' ',
    '/': ' ',
    '\\': ' ',
    ':': ' ',
    '.': ' ',
    ',': ' ',
  }),
);
const GREEK = 'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo';
const CYRILLIC =
  'аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya єye іi їyi ґg ђdj јj љlj њnj ћc џdz';
for (const pair of `${GREEK} ${CYRILLIC}`.split(' ')) {
  const [letter = '', ...latin] = Array.from(pair);
  LETTERS.set(letter, latin.join(''));
  LETTERS.set(letter.toUpperCase(), latin.join(''));
}

/**
 * ASCII for file names: accents dropped, ligatures spelled out, Greek and Cyrillic letter by letter, punctuation as
 * blanks. Scripts that letters cannot stand for (Arabic, Hebrew, Chinese…) vanish: the caller falls back.
 */
function toAscii(text: string): string {
  let ascii = '';
  for (const character of text.normalize('NFKC')) {
    const known = LETTERS.get(character);
    if (known !== undefined) ascii += known;
    else
      for (const part of character.normalize('NFKD'))
        ascii += part <= '\u007e' ? part : (LETTERS.get(part) ?? '');
  }
  return ascii;
}

/** Words of a text in lower case, joined with `-`: what a shell, a URL and a column all take. */
export const toSlug = (text: string): string =>
  toAscii(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
