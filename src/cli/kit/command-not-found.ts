import type { Hook } from '@oclif/core';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { shownFailure } from '../../kit/errors/operator-error.js';
import { languageOf, showIn } from '../../kit/language.js';
import { nearest } from '../../kit/config/nearest.js';
import { terminalText } from '../../kit/output/text.js';
import { ExitStatus } from './exit-status.js';
import { words } from './words.js';

/** A mistyped command is a usage error like any other, with the nearest one that exists. */
const commandNotFound: Hook<'command_not_found'> = async function ({ id, config }) {
  const shown = (name: string): string => name.replaceAll(':', ' ');
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => shown(command.id));
  const [first, ...others] = meantBy(shown(id), known, [...config.topics.map(({ name }) => shown(name))]);
  const meant = others.length === 0 ? (first ?? null) : null;
  const named = [first, ...others].join(', ');
  const detail =
    first === undefined
      ? `there is no command ${shown(id)}.`
      : `there is no command ${shown(id)} (did you mean ${named}?).`;
  showIn(languageOf(process.env));
  const { text } = shownFailure(configurationTexts.usageInvalid({ detail }));
  const remedy = meant?.startsWith('--')
    ? `bbb2pod ${meant}`
    : `bbb2pod ${meant === null ? '' : `${meant} `}--help`;
  process.stderr.write(terminalText(`${words.error({ code: 'usage-invalid', text })}\n  -> ${remedy}\n`));
  this.exit(ExitStatus.usage);
};

/** The nearest by its letters; else those that end with the word, typed without what stands before it: `status`. */
function meantBy(typed: string, known: readonly string[], topics: readonly string[]): string[] {
  const close = nearest(typed, [...known, ...topics, '--help', '--version']);
  if (close !== null) return [close];
  const lastOf = (command: string): string => command.split(' ').at(-1) ?? '';
  const word = nearest(typed, known.map(lastOf));
  return word === null ? [] : known.filter((command) => lastOf(command) === word);
}

export default commandNotFound;
