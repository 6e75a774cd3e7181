import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';

export default class MigrateRepair extends BaseCommand {
  static override description = `put a broken journal together again

From its newest copy (one is made at the end of each run, two are kept) and what is readable of the broken file, which
is kept under another name. What is lost is said.`;
  static override examples = ['<%= config.bin %> migrate repair'];

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MigrateRepair);
    const context = this.openContext(flags);
    const { repair } = await import('../../src/cli/migrate/repair.js');
    return repair(context, this.speaker);
  }
}
