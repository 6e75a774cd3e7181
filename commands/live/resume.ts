import { Args } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class LiveResume extends BaseCommand {
  static override description = 'show the meeting of a paused live again';
  static override examples = ['<%= config.bin %> live resume bbb-12'];
  static override args = {
    live: Args.string({ required: true, description: 'its id in live status, or its meetingID' }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(LiveResume);
    const { pauseLive, renderPause } = await import('../../src/cli/live/pause.js');
    const { id } = await pauseLive(this.openContext(flags), args.live, false);
    if (flags.json) this.printJson({ id, paused: false });
    else this.print(renderPause(id, null));
    return ExitStatus.done;
  }
}
