import { readCommands } from '../../e2e/run-cli.js';

type Command = ReturnType<typeof readCommands>[number] & {
  readonly args: Readonly<Record<string, { readonly multiple?: boolean }>>;
};
const commands = new Map(readCommands().map((command) => [command.id, command as Command]));
const topics = new Set([...commands.keys()].map((id) => id.split(':')[0] ?? ''));
const flagNames = new Set([...commands.values()].flatMap(({ flags }) => namesOf(Object.values(flags))));

/** Every command line in a piece of shell, TOML or text that begins with `bbb2pod `, or with a topic and its command. */
export function commandLinesIn(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ').replaceAll('`', '\n');
  return joined
    .split('\n')
    .map((line) => line.replace(/\s+#\s.*$/, ''))
    .flatMap((line) =>
      [...line.matchAll(/(?:^|[\s(«"'=])bbb2pod ([a-z][a-z-]*(?: .*)?)$/g)].map(([, words = '']) => words),
    )
    .map((words) => words.slice(words.lastIndexOf('bbb2pod ') + 1).replace(/^bb2pod /, ''))
    .map((words) => words.split(/ (?:\d?>|\||&&|&|;)(?: |$)|;|\)$/)[0]?.trim() ?? '');
}

/** True for inline code such as `migrate undo RUN`, which leaves the program's name out. */
export const isBareCommand = (code: string): boolean =>
  /^[a-z]+ [a-z]+(?: |$)/.test(code) && topics.has(code.split(' ')[0] ?? '') && code.split(' ').length > 1;

/**
 * What is wrong with a command line (without `bbb2pod`), or null.
 * @param inProse where a sentence may go on behind it
 */
export function faultOf(line: string, { inProse = false } = {}): string | null {
  const words = wordsOf(inProse ? (line.split(/, | ;|; /)[0] ?? '') : line);
  const [first = '', second = ''] = words;
  const two = commands.get(`${first}:${second}`);
  const command = two ?? commands.get(first);
  if (command === undefined) {
    // `bbb2pod cluster` names the topic; `bbb2pod recorder …` all of it.
    if (inProse && !topics.has(first)) return null;
    return topics.has(first) && !/^[a-z]+$/.test(second) ? null : `no command ${first} ${second}`.trim();
  }
  const known = Object.values(command.flags);
  let positional = 0;
  for (let i = two === undefined ? 1 : 2; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      // Names in capitals stand for a value, … for what the reader knows.
      if (word !== '…' && word !== '...') positional++;
      continue;
    }
    const [name = '', given] = word.split(/=(.*)/s);
    if (name === '--help' || name === '--version') continue;
    const flag = known.find((one) => namesOf([one]).includes(name));
    if (flag === undefined) return `${command.id} has no ${name}`;
    if (flag.type !== 'option') continue;
    const value = given ?? words[++i];
    if (value === undefined) return `${name} lacks its value`;
    const options = flag.options ?? [];
    if (options.length > 0 && /^[a-z0-9]+$/.test(value) && !options.includes(value))
      return `${name} knows no ${value}`;
  }
  const args = Object.values(command.args);
  if (!inProse && positional > args.length && !args.some(({ multiple }) => multiple === true))
    return `${command.id} takes ${args.length} words, not ${positional}`;
  return null;
}

/** Whether a flag that stands alone (`--since 60d`) is one of ours. */
export const isKnownFlag = (name: string): boolean => flagNames.has(name);

function namesOf(
  flags: readonly { name: string; char?: string; allowNo?: boolean; aliases?: readonly string[] }[],
): string[] {
  return flags.flatMap(({ name, char, allowNo, aliases = [] }) => [
    `--${name}`,
    ...(allowNo === true ? [`--no-${name}`] : []),
    ...aliases.map((alias) => `--${alias}`),
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
}

/** Words as a shell sees them; brackets of a synopsis are no words. */
function wordsOf(line: string): string[] {
  const plain = line.replaceAll(/[[\]]/g, ' ').replaceAll(/\$\(([^)]*)\)/g, '$1');
  return [...plain.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([whole, double, single]) => double ?? single ?? whole,
  );
}
