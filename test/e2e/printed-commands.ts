import type { CliResult } from './run-cli.js';

/** Words as a shell would make them of a printed line. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Commands that an output prints, without `bbb2pod`: to the end of their line, or to the next alternative. */
export const printedCommands = ({ stdout, stderr }: CliResult): string[] =>
  `${stdout}\n${stderr}`
    .split('\n')
    .flatMap((line) => line.split(/ ; |\)\s*$/))
    .flatMap(
      (part) => /\bbbb2pod ((?:migrate|moodle|recorder|live|doctor|cluster) ?.*)$/.exec(part)?.[1] ?? [],
    )
    // A page of advice names kinds of things, not things.
    .filter((command) => !/…|\bFILE\b|\bRUN\b/.test(command));

/** Types what was printed. @returns what came of each */
export async function typeAll(
  result: CliResult,
  cli: (words: readonly string[]) => Promise<CliResult>,
): Promise<{ command: string; result: CliResult }[]> {
  const found: { command: string; result: CliResult }[] = [];
  for (const command of new Set(printedCommands(result)))
    found.push({ command, result: await cli(wordsOf(command)) });
  return found;
}
