import { isDirectory, pathStatus, type PathStatus } from '../../kit/adapters/files/path-status.js';
import path from 'node:path';
import { convertBatch, type BatchEvents, type BatchItem } from '../../recorder/convert-batch.js';
import type { ListingFacts } from '../../migrate/recording-listing.js';
import type { ConvertSource } from '../../recorder/convert-recording.js';
import type { ConvertOptions } from '../../recorder/convert-options.js';
import { noFilters, type RecordingFilters, type RecordingRange } from '../../bbb/filters.js';
import type { RecordingSpool } from '../../bbb/recording-source.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import { claimFileName, titleOf } from '../../bbb/recording-names.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import {
  describeListing,
  refuseUnmatched,
  unmatchedFilters,
  wantedIdsOf,
  type NamingFlags,
} from '../migrate/listing.js';
import { standingFilm } from './made.js';
import { openRecordings } from './servers.js';
import { openConverter, removeLeftWork } from './open.js';
import { type AccessFlags } from './access.js';
import { isRecordId } from '../../bbb/record-id.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { texts as bbbServerTexts } from '../../bbb-server/texts.js';

export interface BatchRequest {
  /** As typed; empty converts the configured servers' recordings of the range. */
  readonly sources: readonly string[];
  readonly filters?: Partial<RecordingFilters>;
  /** The filters that name something, as typed. */
  readonly named?: NamingFlags;
  readonly range: RecordingRange;
  readonly output: string | undefined;
  readonly jobs: number | undefined;
  readonly force: boolean;
  readonly options: ConvertOptions;
  readonly access: AccessFlags;
  /** Told of the servers' list, once it is there: whether it is whole, and what is left of it. */
  readonly onListed?: (facts: ListingFacts) => void;
}

/**
 * The items of a request, lazily: a whole server is listed only when no source was named. All sources are looked at first:
 * one that is none is told before the others are converted. @throws OperatorError playback-url-unknown
 */
export async function* listItems(context: Context, request: BatchRequest): AsyncGenerator<BatchItem> {
  const output = request.output ?? context.configuration.recorder.output;
  const extension = extensionOf(request.options);
  const single = request.sources.length === 1;
  const sources = request.sources.map((text) => ({ text, source: classifySource(text) }));
  for (const { text, source } of sources) {
    const name = `${nameOf(source, text)}.${extension}`;
    const asFile = single && output !== undefined && !isDirectory(output) && !output.endsWith('/');
    yield {
      source,
      label: text.split('?')[0] ?? text,
      outputPath: asFile ? output : path.join(output ?? '.', name),
    };
  }
  if (request.sources.length > 0) return;
  if (output !== undefined && !isDirectory(output))
    throw configurationTexts.usageInvalid({
      detail: 'for several recordings --output must be a directory.',
    });
  const spool = await listSpool(context, request);
  yield* itemsOf(context, request, spool, output ?? '.');
}

/** Lists the configured servers, and tells the request what came of it. */
export async function listSpool(context: Context, request: BatchRequest): Promise<RecordingSpool> {
  const filters = { ...noFilters, ...request.filters };
  const source = await openRecordings(context, request.access).source();
  const spool = await source.list({
    signal: context.signal,
    ...wantedIdsOf({ recording: filters.recordIds, meeting: filters.meetingIds }),
  });
  context.closeWith(() => spool.close());
  const unmatched = unmatchedFilters(context, request.named ?? {}, spool);
  const facts = describeListing(spool, filters, request.range, unmatched);
  request.onListed?.(facts);
  refuseUnmatched(facts);
  return spool;
}

const extensionOf = ({ audioOnly, format }: ConvertOptions): 'mp4' | 'webm' | 'm4a' =>
  audioOnly && format === 'mp4' ? 'm4a' : format;

/** The recordings of a listing that the request's filters and range let through, each with its file. */
export async function* itemsOf(
  context: Context,
  request: BatchRequest,
  spool: RecordingSpool,
  directory: string,
): AsyncGenerator<BatchItem> {
  for await (const page of spool.pages({ ...noFilters, ...request.filters }, request.range)) {
    for (const recording of page) {
      const name = claimFileName(recording, {
        extension: extensionOf(request.options),
        timeZone: context.configuration.timezone,
        maxLength: 120,
      });
      yield {
        source: { recordId: recording.recordId },
        label: recording.recordId,
        title: titleOf(recording),
        outputPath: path.join(directory, name),
      };
    }
  }
}

/** Where the conversions of a request would work, what they need there at once, and what is free. */
export async function workRoom(context: Context, request: BatchRequest) {
  const [{ workBytes }, { freeBytes }] = await Promise.all([
    import('../../recorder/plan-job.js'),
    import('../../kit/adapters/files/free-space.js'),
  ]);
  const { recorder } = context.configuration;
  const jobs = request.jobs ?? recorder.jobs;
  const output = request.output ?? recorder.output ?? '.';
  const besides = isDirectory(output) || output.endsWith('/') || request.sources.length !== 1;
  const directory = path.resolve(recorder.work_dir ?? (besides ? output : path.dirname(output)));
  return {
    jobs,
    directory,
    neededBytes: workBytes(jobs, request.options),
    freeBytes: await freeBytes(directory),
  };
}

export type BatchTally = Awaited<ReturnType<typeof convertBatch>>;

/** Partial when some failed or lack something, failed when all did. */
export function statusOf({ done, skipped, failed, notRun, incomplete }: BatchTally): ExitStatus {
  if (failed + notRun === 0) return incomplete === 0 ? ExitStatus.done : ExitStatus.partial;
  return done + skipped === 0 ? ExitStatus.failed : ExitStatus.partial;
}

/** Runs a request; the tally decides the exit status. */
export async function runBatch(
  context: Context,
  request: BatchRequest,
  events: BatchEvents,
): Promise<BatchTally> {
  return convertBatch({
    items: listItems(context, request),
    jobs: request.jobs ?? context.configuration.recorder.jobs,
    convert: await openConverter(context, request.options, request.access),
    standing: async (file) => {
      const lost = request.force ? null : await standingFilm(file, request.options);
      if (lost?.length === 0) await removeLeftWork(context, request.options, file);
      return lost;
    },
    signal: context.signal,
    events,
  });
}

/** A path that exists, a URL, or a recordID. @throws OperatorError playback-url-unknown */
export function classifySource(text: string): ConvertSource {
  const kind = kindOf(text);
  if (kind === 'directory') return { folder: text };
  if (kind === 'file' && /\.(tar|tgz|tar\.\w+)$/i.test(text)) return { archive: text };
  if (/^https?:\/\//i.test(text)) return { playbackUrl: text };
  if (isRecordId(text.toLowerCase())) return { recordId: text };
  throw bbbServerTexts.playbackUrlUnknown({ url: text });
}

/** A recordID is one also where this account may not look, as in /root. @throws what the system says of another path */
function kindOf(text: string): PathStatus['kind'] | undefined {
  try {
    return pathStatus(text)?.kind;
  } catch (error) {
    if (isRecordId(text.toLowerCase())) return undefined;
    throw error;
  }
}

function nameOf(source: ConvertSource, text: string): string {
  if ('playbackUrl' in source) return recordIdOfUrl(text) ?? 'recording';
  if ('recordId' in source) return source.recordId;
  return path.basename(path.resolve(text)).replace(/\.(tar|tgz|tar\.\w+)$/i, '');
}
