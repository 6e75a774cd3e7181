import { nearest } from '../../kit/config/nearest.js';

/** Dashes that a word processor or a web page makes of two hyphens. */
const DASHES = /^[-\u2010-\u2015\u2212]+/;

/**
 * Adds to what oclif says of unknown flags, and of arguments that a copied dash made of flags, the names that are nearest.
 * @param names of the command's flags, without hyphens.
 */
export function withMeant(said: string, names: readonly string[]): string {
  const listed = /^(?:Nonexistent flag|Unexpected argument)s?: (.*)$/.exec(said)?.[1];
  if (listed === undefined) return said;
  const meant = listed.split(', ').flatMap((word) => {
    if (!DASHES.test(word)) return [];
    const name = (word.replace(DASHES, '').split('=')[0] ?? '').replaceAll('_', '-');
    const close = name.length < 2 ? null : nearest(name, names);
    return close === null ? [] : [`--${close}`];
  });
  return meant.length === 0 ? said : `${said} (did you mean ${[...new Set(meant)].join(', ')}?)`;
}
