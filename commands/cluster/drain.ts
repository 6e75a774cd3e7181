import { Flags } from '@oclif/core';
import { DrainCommand, drainArguments, drainFlags } from '../../src/cli/cluster/drain-command.js';
import type { ExitStatus } from '../../src/cli/kit/base-command.js';

export default class ClusterDrain extends DrainCommand {
  static override summary = 'take a broadcast node, bridge, worker or runner out without hurting anybody';
  static override description =
    'Prints the commands. With --apply it runs them, waits until nobody is left and looks again. Refused when too few nodes would stay, or when a Celery name is shared.';
  static override examples = [
    '<%= config.bin %> cluster drain broadcast2',
    '<%= config.bin %> cluster drain jvb1 --apply --wait 3600',
    '<%= config.bin %> cluster drain encoder1 --apply --yes',
  ];
  static override args = drainArguments;
  static override flags = {
    ...drainFlags,
    'below-plan': Flags.boolean({ description: 'even when fewer nodes stay than the plan takes' }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(ClusterDrain);
    return this.takeOutOrBack('drain', flags, {
      inventory: flags.inventory,
      node: args.node,
      address: undefined,
      waitSeconds: flags.wait,
      belowPlan: flags['below-plan'],
    });
  }
}
