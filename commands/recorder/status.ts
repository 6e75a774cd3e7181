import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { lookAgain } from '../../src/cli/kit/look-again.js';

export default class RecorderStatus extends BaseCommand {
  static override summary = 'what is queued, running, done, failed and missing';
  static override description =
    'Missing is what this machine enqueued, whose file is not there and which Redis forgot: recorder convert --queue --resume RUN enqueues it again.';
  static override examples = [
    '<%= config.bin %> recorder status',
    '<%= config.bin %> recorder status --watch',
  ];
  static override flags = {
    watch: Flags.boolean({ description: 'look again every two seconds', exclusive: ['json'] }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(RecorderStatus);
    const context = this.openContext(flags);
    const { openQueueSurvey } = await import('../../src/cli/recorder/status.js');
    const { renderQueue } = await import('../../src/cli/recorder/render/queue.js');
    const look = await openQueueSurvey(context);
    const show = async (clear: string): Promise<void> => {
      const survey = await look().catch((error: unknown) => {
        if (!flags.watch || !(error instanceof Error)) throw error;
        context.signal.throwIfAborted();
        return error.message;
      });
      if (typeof survey === 'string') this.say(survey);
      else if (flags.json) this.printJson(survey);
      else this.print(clear + renderQueue(survey, Date.now(), process.stdout.columns));
    };
    await lookAgain(show, { watch: flags.watch, everyMs: 2000, signal: context.signal });
    return ExitStatus.done;
  }
}
