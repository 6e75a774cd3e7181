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
  const meant = nearest(shown(id), [...known, ...config.topics.map(({ name }) => shown(name))]);
  const detail = `there is no command ${shown(id)}${meant === null ? '' : ` (did you mean ${meant}?)`}.`;
  showIn(languageOf(process.env));
  const { text } = shownFailure(configurationTexts.usageInvalid({ detail }));
  const remedy = `bbb2pod ${meant === null ? '' : `${meant} `}--help`;
  process.stderr.write(terminalText(`${words.error({ code: 'usage-invalid', text })}\n  -> ${remedy}\n`));
  this.exit(ExitStatus.usage);
};

export default commandNotFound;
