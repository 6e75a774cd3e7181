import { Flags } from '@oclif/core';

/** `--inventory FILE`, shared by the cluster commands. */
export const inventoryFlag = {
  inventory: Flags.string({
    description: 'the inventory (default: [cluster] inventory of bbb2pod.toml, else ./cluster.toml)',
    helpValue: 'FILE',
  }),
};
