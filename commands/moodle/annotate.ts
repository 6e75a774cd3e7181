import { annotateFlags } from '../../src/cli/moodle/flags.js';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';

export default class MoodleAnnotate extends BaseCommand {
  static override summary = 'write a notice into the activities of migrated recordings, or take it back';
  static override description =
    'Appends one block to the description of each activity, once per campaign; the former text is journalled first, so that --undo restores it byte for byte. Take a dump of the table first, or give --backup.';
  static override examples = [
    '<%= config.bin %> moodle annotate --dry',
    '<%= config.bin %> moodle annotate --backup intros.sql --pace 5',
    '<%= config.bin %> moodle annotate --undo --yes',
    '<%= config.bin %> moodle annotate --emit php --output notice.php',
    '<%= config.bin %> moodle annotate --site-notice',
  ];
  static override flags = annotateFlags;

  protected override readonly keepsLog = true;

  protected override readonly isBatch = true;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MoodleAnnotate);
    const context = this.openContext(flags);
    const { annotate } = await import('../../src/cli/moodle/annotate-command.js');
    return annotate(context, flags, this.speaker);
  }
}
