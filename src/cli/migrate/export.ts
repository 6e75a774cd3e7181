import path from 'node:path';
import { exportColumns } from '../../migrate/export-row.js';
import { gatherOwners } from '../../migrate/gather-facts.js';
import { nothingToDo, renderPartial } from './render/partial.js';
import { csvWriter } from '../../kit/output/csv.js';
import { dayOf, minuteOf } from '../../kit/output/instants.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { MigrateFlags } from './flags.js';
import type { Speaker } from '../kit/speaker.js';
import { refuseUnmatched } from './listing.js';
import { openMigration } from './open.js';
import { words } from './words.js';
import { openGrowingFile } from '../../kit/adapters/files/growing-file.js';

/** `--export-csv FILE`: one row per recording, with owners and why; the file appears when it is whole. */
export async function exportCsv(
  context: Context,
  flags: MigrateFlags,
  file: string,
  speaker: Speaker,
): Promise<ExitStatus> {
  const migration = await openMigration(context, flags, {
    mode: 'import',
    writes: false,
    progress: speaker.progress,
    say: speaker.say,
  });
  const sources = await migration.ownerSources();
  const listing = await migration.list(sources);
  refuseUnmatched(listing);
  const { timezone } = context.configuration;
  const columns = exportColumns(
    (at) => dayOf(at, timezone),
    (at) => minuteOf(at, timezone),
  );
  const target = openGrowingFile(file);
  const writer = csvWriter(target.write, columns, { delimiter: flags.separator, bom: flags.bom });
  let rows = 0;
  let hidden = 0;
  for await (const page of listing.pages()) {
    context.signal.throwIfAborted();
    const owners = await gatherOwners(page, sources);
    for (const recording of page) {
      await writer.row({
        recording,
        playback: migration.choosePlayback(recording),
        owners: owners.get(recording.recordId) ?? null,
      });
      rows++;
      if (recording.state === 'unpublished' || recording.state === 'deleted') hidden++;
    }
  }
  await writer.end();
  await target.finish();
  const { partial } = listing;
  if (speaker.json)
    speaker.printJson({
      file: path.resolve(file),
      recordings: rows,
      hidden,
      ...(partial.length === 0 ? {} : { partial }),
    });
  else
    speaker.print(
      [
        ...renderPartial(partial),
        hidden === 0
          ? words.exported({ count: rows, file })
          : words.exportedHidden({ count: rows, file, hidden }),
        ...(rows === 0 ? [nothingToDo({ ...listing, recordings: rows })] : []),
      ].join('\n'),
    );
  return partial.length === 0 ? ExitStatus.done : ExitStatus.partial;
}
