/** ISO 639-1 to 639-2: MP4 names languages by three letters. Common languages of teaching; others stay undetermined. */
const LETTERS: Readonly<Record<string, string>> = {
  ar: 'ara',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  es: 'spa',
  eu: 'eus',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  he: 'heb',
  hu: 'hun',
  id: 'ind',
  it: 'ita',
  ja: 'jpn',
  ko: 'kor',
  nl: 'nld',
  no: 'nor',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sv: 'swe',
  tr: 'tur',
  uk: 'ukr',
  vi: 'vie',
  zh: 'zho',
};

/** `fr`, `fr_FR`, `fr-CA` or `fra` -> `fra`. */
export function threeLetters(locale: string): string {
  const primary = locale.toLowerCase().split(/[-_@]/)[0] ?? '';
  const known = Object.hasOwn(LETTERS, primary) ? LETTERS[primary] : undefined;
  return known ?? (/^[a-z]{3}$/.test(primary) ? primary : 'und');
}
