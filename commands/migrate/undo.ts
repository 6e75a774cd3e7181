import { Args, Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';
import { dryFlag } from '../../src/cli/kit/flags.js';

export default class MigrateUndo extends BaseCommand {
  static override description = 'take back exactly what one run wrote, never what people did since';
  static override examples = [
    '<%= config.bin %> migrate undo last --dry',
    '<%= config.bin %> migrate undo 20261120-143205-9f3a',
  ];
  static override args = {
    run: Args.string({ description: 'the run to take back, or last', required: true }),
  };
  static override flags = { ...dryFlag, yes: Flags.boolean({ description: 'do not ask' }) };

  protected override readonly keepsLog = true;

  protected override readonly isBatch = true;

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(MigrateUndo);
    const context = this.openContext(flags);
    const { undo } = await import('../../src/cli/migrate/undo.js');
    return undo(context, { run: args.run, plan: flags.dry, yes: flags.yes }, this.speaker);
  }
}
