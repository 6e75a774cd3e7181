import { openGrowingFile } from '../../kit/adapters/files/growing-file.js';
import type { ListingFacts } from '../../migrate/recording-listing.js';
import type { InventoryLine } from '../../moodle/inventory.js';
import { csvWriter } from '../../kit/output/csv.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderPartial, whyNothing } from '../migrate/render/partial.js';
import { inventoryColumns, renderInventory, renderStatuses } from './render/inventory.js';
import type { Speaker } from '../kit/speaker.js';
import { inventory, type InventoryFlags } from './inventory.js';
import { words } from './words.js';

interface InventoryCommandFlags extends InventoryFlags {
  readonly csv?: string | undefined;
  readonly bom: boolean;
  readonly all: boolean;
}

const FIRST = 50;

/** `moodle inventory`: a table of the first 50 (or all), a CSV file, or JSON lines; then counts per status. */
export async function runInventory(
  context: Context,
  flags: InventoryCommandFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { timezone } = context.configuration;
  const counts = new Map<InventoryLine['statusCode'], number>();
  const shown: InventoryLine[] = [];
  const file = flags.csv === undefined ? null : openGrowingFile(flags.csv);
  const csv = file === null ? null : csvWriter(file.write, inventoryColumns(timezone), { bom: flags.bom });
  let total = 0;
  const { listing, lines } = await inventory(context, flags);
  const partial = listing?.partial ?? [];
  if (!speaker.json) {
    if (partial.length > 0) speaker.print(renderPartial(partial).join('\n'));
    for (const notice of listing?.notices ?? []) speaker.say(notice);
  }
  for await (const line of lines()) {
    context.signal.throwIfAborted();
    total++;
    counts.set(line.statusCode, (counts.get(line.statusCode) ?? 0) + 1);
    if (speaker.json) speaker.printJson({ type: 'item', ...line }, 0);
    else if (flags.all || shown.length < FIRST) shown.push(line);
    await csv?.row(line);
    if (flags.all && !speaker.json && shown.length === FIRST)
      speaker.print(renderInventory(shown.splice(0), timezone));
  }
  await csv?.end();
  await file?.finish();
  const status = partial.length === 0 ? ExitStatus.done : ExitStatus.partial;
  const statuses = new Map([...counts].sort((a, b) => b[1] - a[1]));
  if (speaker.json) {
    const told = partial.length === 0 ? {} : { partial };
    speaker.printJson({ type: 'summary', total, statuses: Object.fromEntries(statuses), ...told }, 0);
    return status;
  }
  if (shown.length > 0) speaker.print(renderInventory(shown, timezone));
  if (!flags.all && total > FIRST) speaker.say(words.more({ count: total - FIRST }));
  if (total > 0) speaker.print(renderStatuses(statuses));
  else if (listing !== null) speaker.print(nothingListed(listing));
  if (flags.csv !== undefined) speaker.print(words.written({ count: total, file: flags.csv }));
  return status;
}

const nothingListed = (listing: ListingFacts): string =>
  whyNothing({ ...listing, recordings: listing.chosen }) ?? words.nothingKnown();
