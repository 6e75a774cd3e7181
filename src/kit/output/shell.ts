/* Commands that we print for somebody to type. What we run ourselves goes through no shell. */

/** A word in single quotes, which a shell takes as it is. */
export const shellQuote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** A word as a shell takes it back: in quotes where it needs them. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuote(word));
