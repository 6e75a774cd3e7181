import { Args } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

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
    const { id } = await pauseLive(this.openContext(flags), args.live, true);
    if (flags.json) this.printJson({ id, paused: true });
    else
      this.print(
        localized(
          `${id} shows the pause picture. The meeting again: bbb2pod live resume ${id}`,
          `${id} montre l’image de pause. Pour revoir la session : bbb2pod live resume ${id}`,
        ),
      );
    return ExitStatus.done;
  }
}
