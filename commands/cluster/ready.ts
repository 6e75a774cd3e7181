import { Flags } from '@oclif/core';
import { DrainCommand, drainArguments, drainFlags } from '../../src/cli/cluster/drain-command.js';
import type { ExitStatus } from '../../src/cli/kit/base-command.js';

export default class ClusterReady extends DrainCommand {
  static override summary = 'take a drained node back, or turn a spare slot of HAProxy into a new one';
  static override examples = [
    '<%= config.bin %> cluster ready broadcast2 --apply',
    '<%= config.bin %> cluster ready spare1 --address 192.0.2.33:80 --apply',
  ];
  static override args = drainArguments;
  static override flags = {
    ...drainFlags,
    address: Flags.string({
      description: 'address and port of the node that takes a spare slot',
      helpValue: 'ADDRESS:PORT',
    }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { args, flags } = await this.parse(ClusterReady);
    return this.takeOutOrBack('ready', flags, {
      inventory: flags.inventory,
      node: args.node,
      address: flags.address,
      waitSeconds: flags.wait,
      belowPlan: false,
    });
  }
}
