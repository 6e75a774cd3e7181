import { Flags } from '@oclif/core';
import { showIn } from '../../kit/language.js';

/** A document (`--json`) is the same in every language: words that stand in it as data are English. */
export const sayForDocument = (json: boolean | undefined): void => {
  if (json === true) showIn('en');
};

/** `--inventory FILE`, shared by the cluster commands. */
export const inventoryFlag = {
  inventory: Flags.string({
    description: 'the inventory (default: [cluster] inventory of bbb2pod.toml, else ./cluster.toml)',
    helpValue: 'FILE',
  }),
};
