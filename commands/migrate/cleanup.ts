import { Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';

export default class MigrateCleanup extends BaseCommand {
  static override description = 'remove the external recordings of a server that is being switched off';
  static override examples = [
    '<%= config.bin %> migrate cleanup',
    '<%= config.bin %> migrate cleanup --server bbb.univ.fr --apply',
  ];
  static override flags = {
    server: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'host of the playback URLs, or a [bbb.NAME]; none lists the hosts',
    }),
    apply: Flags.boolean({ description: 'remove them (undo puts them back)', default: false }),
    backup: Flags.string({
      description: 'save the tables there first; default: backups/ of the state directory',
      helpValue: 'DIR',
    }),
    yes: Flags.boolean({ description: 'do not ask' }),
  };

  protected override readonly keepsLog = true;

  protected override readonly isBatch = true;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MigrateCleanup);
    const context = this.openContext(flags);
    const { runCleanup } = await import('../../src/cli/migrate/cleanup.js');
    return runCleanup(
      context,
      { hosts: flags.server ?? [], apply: flags.apply, yes: flags.yes, backup: flags.backup },
      this.speaker,
    );
  }
}
