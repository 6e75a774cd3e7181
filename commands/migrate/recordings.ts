import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';
import { migrateFlags } from '../../src/cli/migrate/flags.js';

export default class MigrateRecordings extends BaseCommand {
  static override description = `give the recordings of a BigBlueButton server to their owners in Pod

Exactly one mode: rows in "My external videos" of each owner, files on the claim page, or a CSV file.
The order is fixed: newest session first, so that --min 1 --max 2 is the two most recent ones on every server.`;

  static override examples = [
    '<%= config.bin %> migrate recordings --use-import-video --use-database-moodle --dry',
    '<%= config.bin %> migrate recordings --use-import-video --use-database-moodle --max 2',
    '<%= config.bin %> migrate recordings --use-manual-claim --since 2023-09-01 --jobs 2',
    '<%= config.bin %> migrate recordings --export-csv recordings.csv --use-database-moodle',
  ];

  static override flags = migrateFlags;

  protected override readonly keepsLog = true;

  protected override readonly isBatch = true;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MigrateRecordings);
    const context = this.openContext(flags);
    const { migrateRecordings } = await import('../../src/cli/migrate/recordings.js');
    return migrateRecordings(context, flags, this.speaker);
  }
}
