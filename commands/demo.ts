import { Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../src/cli/kit/base-command.js';

export default class Demo extends BaseCommand {
  static override description = `rehearse everything on this machine, with samples

A sample BBB server, a small Pod in SQLite and a throw-away PostgreSQL Moodle; dry run, real run,
a second run that does nothing, the undo, and an MP4 to look at. Nothing outside one directory is touched.`;
  static override examples = ['<%= config.bin %> demo'];
  static override flags = {
    directory: Flags.string({ description: 'where (a new temporary directory)', helpValue: 'DIR' }),
    'no-video': Flags.boolean({ description: 'leave out the conversion' }),
  };

  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(Demo);
    const context = this.openContext(flags);
    const { runDemo } = await import('../src/cli/setup/demo.js');
    return runDemo(
      context,
      { directory: flags.directory, video: !flags['no-video'], root: this.config.root },
      this.speaker,
    );
  }
}
