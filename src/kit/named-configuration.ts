import { shellWord } from './output/shell.js';

let named: string | undefined;

/** `--config` as it was typed; chosen once, at the door. */
export function nameConfiguration(file: string | undefined): void {
  named = file;
}

/** Commands that read the configuration; `init` writes one. */
const COMMAND = /\bbbb2pod (?:(?:cluster|live|migrate|moodle|recorder) [a-z]+|doctor)(?![\w-])/g;

/**
 * A text whose commands name the configuration again where it was named: what is printed works as it stands. Commands
 * that name one already stay as they are.
 */
export function configured(text: string): string {
  const file = named;
  if (file === undefined) return text;
  return text.replace(COMMAND, (command, at: number) => {
    const rest = text.slice(at + command.length).split(/ ; |\n|bbb2pod /)[0] ?? '';
    return / --config[ =]/.test(rest) ? command : `${command} --config ${shellWord(file)}`;
  });
}
