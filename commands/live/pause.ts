import { Args } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { nextCommand } from '../../src/cli/kit/next-command.js';

export default class LivePause extends BaseCommand {
  static override description =
    'show the pause picture of a live instead of its meeting; sound and stream go on';
  static override examples = ['<%= config.bin %> live pause bbb-12'];
  static override args = {
    live: Args.string({ required: true, description: 'its id in live status, or its meetingID' }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(LivePause);
    const { pauseLive, renderPause } = await import('../../src/cli/live/pause.js');
    const context = this.openContext(flags);
    const { id } = await pauseLive(context, args.live, true);
    if (flags.json) this.printJson({ id, paused: true });
    else this.print(renderPause(id, nextCommand(context, 'live', 'resume', id)));
    return ExitStatus.done;
  }
}
