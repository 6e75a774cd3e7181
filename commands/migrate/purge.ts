import { Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';
import { dryFlag } from '../../src/cli/kit/flags.js';

export default class MigratePurge extends BaseCommand {
  static override description = `forget old runs: their journal and their reports

What a purged run gave can no longer be taken back, and a row its owner deleted would be given again.`;
  static override examples = ['<%= config.bin %> migrate purge --older-than 1y --dry'];
  static override flags = {
    ...dryFlag,
    'older-than': Flags.string({ description: 'runs that ended before that: 1y, 6mo, 30d', required: true }),
    yes: Flags.boolean({ description: 'do not ask' }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MigratePurge);
    const context = this.openContext(flags);
    const { purgeRuns } = await import('../../src/cli/migrate/purge.js');
    return purgeRuns(
      context,
      { olderThan: flags['older-than'], plan: flags.dry, yes: flags.yes },
      this.speaker,
    );
  }
}
