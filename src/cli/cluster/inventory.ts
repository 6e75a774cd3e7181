import path from 'node:path';
import { loadInventory } from '../../cluster/inventory/load.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import type { Context } from '../kit/context.js';
import { readFileIfThere, readText } from '../../kit/adapters/files/read-named-file.js';
import { clusterInventoryTexts } from '../../cluster/texts/inventory.js';

/** The inventory and the file it came from, for messages. */
export interface OpenedInventory {
  readonly inventory: Inventory;
  readonly file: string;
}

/**
 * Reads the inventory: `--inventory FILE`, else `[cluster] inventory`, which is relative to bbb2pod.toml.
 * @throws OperatorError inventory-missing, config-invalid, secret-unreadable.
 */
export function openInventory(context: Context, explicit: string | undefined): OpenedInventory {
  const file = explicit === undefined ? configuredFile(context) : path.resolve(explicit);
  const text = readFileIfThere(file);
  if (text === null) throw clusterInventoryTexts.inventoryMissing({ file });
  const directory = path.dirname(file);
  return {
    inventory: loadInventory({ path: file, text }, (secretFile) =>
      readText(path.resolve(directory, secretFile)),
    ),
    file,
  };
}

function configuredFile({ loaded }: Context): string {
  const base = loaded.file === null ? process.cwd() : path.dirname(loaded.file);
  return path.resolve(base, loaded.configuration.cluster.inventory);
}
