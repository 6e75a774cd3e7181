import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { inventoryFlag, sayForDocument } from '../../src/cli/cluster/flags.js';
import { lookAgain } from '../../src/cli/kit/look-again.js';

export default class ClusterQueue extends BaseCommand {
  static override summary = "what Pod's workers are doing and what waits";
  static override description =
    "Active, reserved, waiting and orphaned tasks per queue, with video, age, length and estimated end. Reads Redis and asks the workers (one message and its reply list, removed at once). Of esup-runner: what runs, waits and failed, per type and runner, from its manager and Pod's tables.";
  static override examples = ['<%= config.bin %> cluster queue'];
  static override flags = {
    ...inventoryFlag,
    limit: Flags.integer({ min: 1, default: 30, description: 'tasks listed' }),
    peek: Flags.integer({ min: 1, default: 1000, description: 'messages opened per queue' }),
    wait: Flags.integer({ min: 1, default: 2, description: 'seconds a silent worker is waited for' }),
    watch: Flags.boolean({ char: 'w', description: 'look again until interrupted' }),
    interval: Flags.integer({ min: 1, default: 5, description: 'seconds between two looks' }),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterQueue);
    sayForDocument(flags.json);
    const context = this.openContext(flags);
    const { lookAtQueues, renderLook } = await import('../../src/cli/cluster/queue.js');
    const look = async (clear: string): Promise<void> => {
      const queues = await lookAtQueues(context, {
        inventory: flags.inventory,
        waitMs: flags.wait * 1000,
        peek: flags.peek,
      });
      if (flags.json)
        this.printJson({ schema: 1, at: new Date().toISOString(), ...queues }, flags.watch ? 0 : 2);
      else this.print(clear + renderLook(context, queues, flags.limit));
    };
    await lookAgain(look, { watch: flags.watch, everyMs: flags.interval * 1000, signal: context.signal });
    return ExitStatus.done;
  }
}
