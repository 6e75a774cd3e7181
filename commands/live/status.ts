import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/base-command.js';
import { pause } from '../../src/cli/pause.js';

export default class LiveStatus extends BaseCommand {
  static override description = 'what is on air from this server, and how it is';
  static override examples = ['<%= config.bin %> live status', '<%= config.bin %> live status --watch'];
  static override flags = {
    watch: Flags.boolean({ description: 'look again every two seconds', exclusive: ['json'] }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(LiveStatus);
    const context = this.openContext(flags);
    const { readLiveStatus, renderLiveStatus } = await import('../../src/cli/wiring/live-status.js');
    do {
      const report = await readLiveStatus(context);
      if (flags.json) this.printJson(report);
      else {
        const clear = flags.watch && process.stdout.isTTY ? '\u001b[H\u001b[2J' : '';
        this.print(clear + renderLiveStatus(report, Date.now(), process.stdout.columns));
      }
      if (flags.watch) await pause(2000, context.signal);
    } while (flags.watch && !context.signal.aborted);
    return ExitStatus.done;
  }
}
