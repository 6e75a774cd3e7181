import { Args, Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';

export default class MigrateStatus extends BaseCommand {
  static override description = 'show what was done, per run and recording';
  static override examples = [
    '<%= config.bin %> migrate status',
    '<%= config.bin %> migrate status last --state failed',
  ];
  static override args = { run: Args.string({ description: 'a run, or last: its items' }) };
  static override flags = {
    state: Flags.string({
      description: 'only items in that state',
      options: ['done', 'skipped', 'failed', 'not-run', 'intended', 'undone'],
    }),
    verify: Flags.boolean({ description: 'read databases and files again' }),
    adoption: Flags.boolean({
      description: 'per owner: imported, claimed, waiting; to work off before an upgrade to Pod 5',
    }),
    csv: Flags.string({
      description: 'with --adoption: that list with addresses, for a mailing',
      helpValue: 'FILE',
      dependsOn: ['adoption'],
    }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(MigrateStatus);
    const context = this.openContext(flags);
    const { showStatus } = await import('../../src/cli/migrate/status.js');
    return showStatus(context, { ...flags, run: args.run }, this.speaker);
  }
}
