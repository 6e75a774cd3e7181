import { hasContent, isDirectory, listFiles } from '../../kit/adapters/files/path-status.js';
import path from 'node:path';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { archiveFacts, expiringSoon, type Expiring, type KnownOwners } from '../../recorder/archive.js';
import { convertBatch, type BatchEvents, type BatchItem } from '../../recorder/convert-batch.js';
import type { ConvertToMp4 } from '../../recorder/convert-recording.js';
import { noFilters, wholeRange } from '../../bbb/filters.js';
import { claimHash, hashOfClaimFile } from '../../bbb/recording-names.js';
import type { Recording } from '../../bbb/recording.js';
import type { RecordingSpool } from '../../bbb/recording-source.js';
import type { Context } from '../kit/context.js';
import { itemsOf, listSpool, type BatchRequest, type BatchTally } from './batch.js';
import { markOf } from '../../recorder/finish-file.js';
import { lostOf } from './made.js';
import { openConverter } from './open.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { systemTexts } from '../../kit/errors/system.js';

export interface Archive {
  /** What `run` would take: no description of it stands there, under whatever name. */
  readonly lacking: () => AsyncGenerator<BatchItem>;
  readonly run: (events: BatchEvents) => Promise<BatchTally>;
  /** Published recordings that are not in the archive and that their server may remove within 60 days, oldest first. */
  readonly expiring: (now: number) => Promise<Expiring[]>;
}

/**
 * `recorder convert --archive`: a directory that takes what it lacks, whenever it was published. A recording is in it
 * once its JSON stands there; the file itself may have been moved to another place since.
 * @throws OperatorError usage-invalid, and those of listing the servers
 */
export async function openArchive(context: Context, request: BatchRequest): Promise<Archive> {
  const directory = request.output ?? context.configuration.recorder.output;
  const wrong = (detail: string): OperatorError => configurationTexts.usageInvalid({ detail });
  if (request.sources.length > 0)
    throw wrong('--archive takes the recordings of the configured servers: give no SOURCE.');
  if (directory === undefined || !isDirectory(directory))
    throw wrong(`--archive needs --output DIRECTORY, and it must exist (${directory ?? 'not given'}).`);
  const spool = await listSpool(context, request);
  const hashes = archivedHashes(directory, request.options.allowMissing);
  const holds = (file: string): boolean => hashes.has(hashOfClaimFile(path.basename(file)) ?? '');
  return {
    lacking: async function* () {
      for await (const item of itemsOf(context, request, spool, directory))
        if (!holds(item.outputPath)) yield item;
    },
    run: async (events) => {
      const convert = await openConverter(context, request.options, request.access);
      return convertBatch({
        items: itemsOf(context, request, spool, directory),
        jobs: request.jobs ?? context.configuration.recorder.jobs,
        convert: describing(context, convert, spool, hashes),
        standing: async (file) => {
          if (request.force) return null;
          // A film without description is of a run that was killed between the two: it is made again.
          return holds(file) ? [] : hasContent(descriptionOf(file)) ? lostOf(file) : null;
        },
        signal: context.signal,
        events,
      });
    },
    expiring: (now) => expiringOf(context, request, spool, hashes, now),
  };
}

/** Converts, then describes: a run that is killed between the two converts again, and never describes what is not there. */
function describing(
  context: Context,
  convert: ConvertToMp4,
  spool: RecordingSpool,
  hashes: Set<string>,
): ConvertToMp4 {
  const ownersOf = openOwners(context);
  return async (source, outputPath, signal, details) => {
    const recording = 'recordId' in source ? spool.find(source.recordId) : null;
    if (recording === null) throw systemTexts.internalFault({ detail: 'an item without recording' });
    // Asked first: a database that does not answer is told before an hour of conversion, not after.
    const known = await ownersOf(recording);
    const file = await convert(source, outputPath, signal, details);
    if (file.kept === true) {
      hashes.add(claimHash(recording.recordId));
      return file;
    }
    const facts = archiveFacts(recording, known, {
      name: path.basename(outputPath),
      sizeBytes: file.sizeBytes,
      archivedAt: Date.now(),
    });
    await writeAtomically(descriptionOf(outputPath), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o640 });
    hashes.add(claimHash(recording.recordId));
    return file;
  };
}

const descriptionOf = (film: string): string => film.replace(/\.[a-z0-9]{2,4}$/i, '.json');

/** Course and owners as a migration would find them; opened with the first recording, if Pod is configured at all. */
function openOwners(context: Context): (recording: Recording) => Promise<KnownOwners | null> {
  const { database, name } = context.configuration.pod;
  if (database === undefined && name === undefined) return async () => null;
  let opening: Promise<(recording: Recording) => Promise<KnownOwners>> | undefined;
  return async (recording) => {
    opening ??= import('../moodle/inventory.js').then(({ openInventory }) => openInventory(context, {}));
    return (await opening)(recording);
  };
}

/** Of what is described there; a film that lacks something is taken again unless that was allowed. */
function archivedHashes(directory: string, allowMissing: boolean): Set<string> {
  const mark = markOf('');
  const hashOf = (name: string): string[] => {
    const hash = hashOfClaimFile(path.basename(name));
    return hash === null ? [] : [hash];
  };
  const names = listFiles(directory);
  const found = new Set(names.filter((name) => name.endsWith('.json')).flatMap(hashOf));
  if (!allowMissing)
    for (const name of names.filter((one) => one.endsWith(mark)))
      for (const hash of hashOf(name.slice(0, -mark.length))) found.delete(hash);
  return found;
}

async function expiringOf(
  { configuration: { bbb } }: Context,
  { access }: BatchRequest,
  spool: RecordingSpool,
  hashes: ReadonlySet<string>,
  now: number,
): Promise<Expiring[]> {
  const found: Expiring[] = [];
  const filters = {
    ...noFilters,
    states: ['published'] as const,
    servers: access.server === undefined ? [] : [access.server],
  };
  for await (const page of spool.pages(filters, wholeRange)) {
    for (const recording of page) {
      if (hashes.has(claimHash(recording.recordId))) continue;
      const expiring = expiringSoon(recording, bbb[recording.server]?.kept_days, now);
      if (expiring !== null) found.push(expiring);
    }
  }
  return found.reverse();
}
