import { Args } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../src/cli/kit/base-command.js';

export default class Completion extends BaseCommand {
  static override summary = 'print the completion script of a shell';
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion zsh > "${fpath[1]}/_<%= config.bin %>"',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/<%= config.bin %>.fish',
  ];
  static override args = {
    shell: Args.string({ required: true, options: ['bash', 'zsh', 'fish'], description: 'the shell' }),
  };

  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(Completion);
    const { renderCompletion } = await import('../src/cli/kit/completion.js');
    const commands = this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary, description, flags: own }) => ({
        id: id.replaceAll(':', ' '),
        description: summary ?? description ?? '',
        flags: Object.values(own)
          .filter(({ hidden }) => hidden !== true)
          .map((flag) => ({
            name: flag.name,
            takesValue: flag.type === 'option',
            options: flag.type === 'option' ? (flag.options ?? []) : [],
            description: flag.description ?? '',
          })),
      }));
    const script = renderCompletion(args.shell as 'bash' | 'zsh' | 'fish', this.config.bin, commands);
    if (flags.json) this.printJson({ shell: args.shell, script });
    else this.print(script);
    return ExitStatus.done;
  }
}
