/* Completion scripts, generated from the manifest: what a shell needs to know of each command, and nothing else. */

export interface CompletedFlag {
  readonly name: string;
  readonly takesValue: boolean;
  readonly options: readonly string[];
  readonly description: string;
}

export interface CompletedCommand {
  /** Words: `migrate recordings`. */
  readonly id: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that makes one shell complete commands, flags and the values of flags that have a list of them. */
export function renderCompletion(shell: Shell, bin: string, commands: readonly CompletedCommand[]): string {
  if (shell === 'bash') return renderBash(bin, commands);
  return shell === 'zsh' ? renderZsh(bin, commands) : renderFish(bin, commands);
}

/** For each beginning of a command, the words that may follow: '' -> migrate, doctor…; migrate -> recordings… */
function nextWords(commands: readonly CompletedCommand[]): Map<string, Map<string, string>> {
  const next = new Map<string, Map<string, string>>();
  for (const { id, description } of commands) {
    const words = id.split(' ');
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(' ');
      const known = next.get(before) ?? new Map<string, string>();
      if (!known.has(word)) known.set(word, i === words.length - 1 ? description : '');
      next.set(before, known);
    });
  }
  return next;
}

/** Flags that are followed by a value of any kind: files are completed after them. */
const valueCases = ({ id, flags }: CompletedCommand): string[] =>
  flags
    .filter(({ options }) => options.length > 0)
    .map(({ name, options }) => `    '${id} --${name}') words='${options.join(' ')}' ;;`);

function renderBash(bin: string, commands: readonly CompletedCommand[]): string {
  const valued = new Set(
    commands.flatMap(({ flags }) => flags.filter((f) => f.takesValue).map((f) => `--${f.name}`)),
  );
  const follow = [...nextWords(commands)].map(
    ([before, words]) => `    '${before}') words='${[...words.keys()].join(' ')}' ;;`,
  );
  const flags = commands.map(
    ({ id, flags: own }) => `    '${id}') flags='${own.map(({ name }) => `--${name}`).join(' ')}' ;;`,
  );
  return `# bash completion for ${bin}: source <(${bin} completion bash)
_${bin}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' words='' flags='' word skip=0
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ "$skip" = 1 ]; then skip=0; continue; fi
    case $word in
      ${[...valued].join('|') || '--'}) skip=1 ;;
      -*) ;;
      *) command="\${command:+$command }$word" ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [ -z "$words" ] && [[ " ${[...valued].join(' ')} " == *" $previous "* ]]; then
    COMPREPLY=($(compgen -f -- "$current")); return
  fi
  if [ -z "$words" ]; then
    case $command in
${follow.join('\n')}
    esac
    case $command in
${flags.join('\n')}
    esac
    [[ $current == -* ]] && words=$flags
  fi
  if [ -z "$words" ] && [[ $current != -* ]]; then COMPREPLY=($(compgen -f -- "$current")); return; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _${bin} ${bin}
`;
}

const quoted = (text: string): string => text.replaceAll("'", `'\\''`);

function renderZsh(bin: string, commands: readonly CompletedCommand[]): string {
  const words = [...nextWords(commands)].map(([before, next]) => {
    const entries = [...next].map(
      ([word, description]) => `'${word}:${quoted(description.replaceAll(':', ' '))}'`,
    );
    return `    '${before}') next=(${entries.join(' ')}) ;;`;
  });
  const flags = commands.map(({ id, flags: own }) => {
    const entries = own.map(({ name, takesValue, options, description }) => {
      const text = quoted(description.replace(/[[\]:]/g, ' '));
      const value = !takesValue ? '' : options.length > 0 ? `:value:(${options.join(' ')})` : ':value:_files';
      return `'--${name}[${text}]${value}'`;
    });
    return `    '${id}') flags=(${entries.join(' ')}) ;;`;
  });
  return `#compdef ${bin}
# zsh completion for ${bin}: ${bin} completion zsh > "\${fpath[1]}/_${bin}"
_${bin}() {
  local command='' word i; local -a next flags
  for (( i = 2; i < CURRENT; i++ )); do
    word=$words[i]; [[ $word == -* ]] && break
    command="\${command:+$command }$word"
  done
  case $command in
${words.join('\n')}
  esac
  case $command in
${flags.join('\n')}
  esac
  if (( $#next )) && [[ $words[CURRENT] != -* ]]; then _describe 'command' next; return; fi
  shift $(( i - 2 )) words; (( CURRENT -= i - 2 ))
  _arguments -s $flags '*:file:_files'
}
if [ "$funcstack[1]" = "_${bin}" ]; then _${bin} "$@"; else compdef _${bin} ${bin}; fi
`;
}

function renderFish(bin: string, commands: readonly CompletedCommand[]): string {
  const lines = [
    `# fish completion for ${bin}: ${bin} completion fish > ~/.config/fish/completions/${bin}.fish`,
    `complete -c ${bin} -f`,
  ];
  const after = (id: string): string =>
    id === ''
      ? '__fish_use_subcommand'
      : id
          .split(' ')
          .map((word) => `__fish_seen_subcommand_from ${word}`)
          .join('; and ');
  for (const [before, words] of nextWords(commands)) {
    const not = before === '' ? '' : `; and not __fish_seen_subcommand_from ${[...words.keys()].join(' ')}`;
    for (const [word, description] of words)
      lines.push(`complete -c ${bin} -n '${after(before)}${not}' -a ${word} -d '${quoted(description)}'`);
  }
  for (const { id, flags } of commands) {
    for (const { name, takesValue, options, description } of flags) {
      const value = !takesValue ? '' : options.length > 0 ? ` -x -a '${options.join(' ')}'` : ' -r -F';
      lines.push(`complete -c ${bin} -n '${after(id)}' -l ${name}${value} -d '${quoted(description)}'`);
    }
  }
  return `${lines.join('\n')}\n`;
}
