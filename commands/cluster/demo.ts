import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class ClusterDemo extends BaseCommand {
  static override summary = 'run the rendered streaming cluster on this machine, with a test card';
  static override description =
    'One balancer, two ingests and two broadcast nodes on loopback, from the very files that `cluster render` writes. Prints the page to watch; Ctrl-C stops everything and removes it.';
  static override examples = ['<%= config.bin %> cluster demo'];
  static override flags = {
    copied: Flags.boolean({
      description: 'pass renditions through instead of encoding them (two cores are enough)',
    }),
    seconds: Flags.integer({ min: 1, description: 'stop by itself after that long' }),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterDemo);
    const context = this.openContext(flags);
    const { runDemo } = await import('../../src/cli/cluster/demo.js');
    await runDemo(context, {
      copied: flags.copied,
      seconds: flags.seconds ?? null,
      show: (text, page) => (flags.json ? this.printJson({ schema: 1, page }) : this.print(text)),
      say: (line) => this.say(line),
    });
    return ExitStatus.done;
  }
}
