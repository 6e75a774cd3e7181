import * as Flags from '@oclif/core/flags';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { lookAgain } from '../../src/cli/kit/look-again.js';

export default class LiveStatus extends BaseCommand {
  static override description = 'what is on air from this server, and how it is';
  static override examples = ['<%= config.bin %> live status', '<%= config.bin %> live status --watch'];
  static override flags = {
    watch: Flags.boolean({ description: 'look again every two seconds', exclusive: ['json'] }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(LiveStatus);
    const context = this.openContext(flags);
    const { readLiveStatus } = await import('../../src/cli/live/status.js');
    const { renderLiveStatus } = await import('../../src/cli/live/render/status.js');
    const look = async (clear: string): Promise<void> => {
      const report = await readLiveStatus(context);
      if (flags.json) this.printJson(report);
      else this.print(clear + renderLiveStatus(report, Date.now(), process.stdout.columns));
    };
    await lookAgain(look, { watch: flags.watch, everyMs: 2000, signal: context.signal });
    return ExitStatus.done;
  }
}
