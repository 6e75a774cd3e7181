import { shellWord } from '../../kit/output/shell.js';
import type { Context } from './context.js';

/**
 * A command to type next, as a shell takes it: this configuration is named again where `--config` named it, so that
 * what is printed works as it stands, from any directory of the machine.
 */
export const nextCommand = (
  { configFlag }: Pick<Context, 'configFlag'>,
  ...words: readonly string[]
): string =>
  ['bbb2pod', ...words, ...(configFlag === undefined ? [] : ['--config', configFlag])]
    .map(shellWord)
    .join(' ');

/** `--yes` for a command that asks before it acts, where nobody can be asked. */
export const unasked = (): string[] => (process.stdin.isTTY && process.stderr.isTTY ? [] : ['--yes']);

const DRY = new Set(['--dry', '--dry-run', '-n']);

/** What was typed, with every flag, but for real. */
export const typedForReal = (typed: readonly string[] = process.argv.slice(2)): string =>
  ['bbb2pod', ...typed.filter((word) => !DRY.has(word))].map(shellWord).join(' ');

/** What was typed for real, with the plan that `--save-plan FILE` kept instead of a new one. */
export const typedForPlan = (typed: readonly string[] = process.argv.slice(2)): string =>
  typedForReal(typed.map((word) => word.replace(/^--save-plan(?==|$)/, '--plan')));

/** What was typed, for real and with one more flag. */
export const typedWith = (flag: string, typed: readonly string[] = process.argv.slice(2)): string =>
  `${typedForReal(typed.filter((word) => word !== flag))} ${flag}`;
