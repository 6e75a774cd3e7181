import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class RecorderWorker extends BaseCommand {
  static override summary = 'take conversions from the queue';
  static override description =
    'Runs on any server that sees the directory of the results, until it is told to stop (SIGTERM): then it lets its conversions end for [recorder] stop_after seconds and hands back the rest.';
  static override examples = [
    '<%= config.bin %> recorder worker --jobs 2',
    '<%= config.bin %> recorder worker --engine esup-runner',
  ];
  static override flags = {
    jobs: Flags.integer({ min: 1, max: 16, description: 'recordings side by side' }),
    engine: Flags.option({
      options: ['bullmq', 'esup-runner'] as const,
      description: 'whose conversions: of [recorder] queue, or of [recorder] manager as one of its runners',
    })(),
    port: Flags.integer({
      min: 1,
      max: 65_535,
      description: 'esup-runner: another port than that of [recorder] runner_url',
    }),
  };

  protected override readonly keepsLog = true;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(RecorderWorker);
    const context = this.openContext(flags);
    const { runWorker } = await import('../../src/cli/recorder/worker.js');
    const { conversionEvents } = await import('../../src/cli/recorder/render/conversions.js');
    const events = await conversionEvents(this.speaker, context.ending);
    const { words } = await import('../../src/cli/recorder/words.js');
    if (!flags.json) this.say(words.takes());
    const tally = await runWorker(
      context,
      { jobs: flags.jobs, engine: flags.engine, port: flags.port },
      events,
    );
    if (flags.json) this.printJson({ type: 'summary', ...tally }, 0);
    else {
      const { done, skipped, failed, handedBack } = tally;
      this.say(words.workerStopped({ done, skipped, failed, handedBack }));
    }
    return ExitStatus.done;
  }
}
