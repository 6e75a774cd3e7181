import type {
  ListingNote,
  ListingRequest,
  RecordingSource,
  RecordingSpool,
} from '../bbb/recording-source.js';
import type { Recording } from '../bbb/recording.js';
import { isTokenUrl, withoutToken } from '../bbb/playback-url.js';
import { messageOf } from '../kit/errors/operator-error.js';
import type { HttpClient } from '../kit/adapters/http/open-http.js';
import { openRecordingSpool, type RecordingSpoolWriter } from './recording-spool.js';
import type { BbbServer } from './bbb-api.js';
import { askRecordings, type Asking } from './ask-recordings.js';
import { listServer } from './list-recordings.js';
import type { XmlNode } from './read-recording.js';
import { readSavedAnswer, saveAnswer } from './saved-answer.js';

export interface SourceServer extends BbbServer {
  /** The HTTP adapter with that server's ca_file and timeout. */
  readonly http: HttpClient;
  /** At most 100, which BBB allows. */
  readonly pageSize?: number;
}

export interface SourceOptions {
  /** Where spools grow: state_dir/spool. */
  readonly spoolDirectory: string;
  /** The servers of the configuration; may be empty with `fromXml`. */
  readonly servers: readonly SourceServer[];
  /** A saved answer instead of the servers (--from-xml), and the [bbb.NAME] it counts as. */
  readonly fromXml?: { readonly file: string; readonly server: string } | undefined;
  /** Keeps the servers' answers as one file (--save-xml). */
  readonly saveXml?: string | undefined;
}

/** Recordings from the configured servers, or from a saved answer. */
export function openRecordingSource(options: SourceOptions): RecordingSource {
  return {
    list: (request) => listAll(options, request),
    async findRecording(name, recordId, signal) {
      const server = options.servers.find((one) => one.name === name);
      if (server === undefined) return null;
      const found: Recording[] = [];
      const keep = (recording: Recording): void => void found.push(recording);
      await askRecordings({ http: server.http, server, signal, keep }, { recordID: recordId });
      // BBB takes the parameter for a prefix.
      return found.find((recording) => recording.recordId === recordId) ?? null;
    },
  };
}

async function listAll(options: SourceOptions, request: ListingRequest): Promise<RecordingSpool> {
  const writer = openRecordingSpool(options.spoolDirectory);
  const saved = options.saveXml === undefined ? null : await saveAnswer(options.saveXml);
  try {
    const keepAs = keeper(writer, request, (node) => saved?.add(node));
    const notes =
      options.fromXml === undefined
        ? await listServers(options.servers, request, keepAs)
        : await readSavedAnswer(
            options.fromXml.file,
            options.fromXml.server,
            keepAs(options.fromXml.server),
            request.signal,
          );
    await saved?.finish();
    return writer.finish(notes);
  } catch (error) {
    await saved?.discard();
    writer.discard();
    throw error;
  }
}

/** One server after another. One that fails is noted while another gives something; else its failure is thrown. */
async function listServers(
  servers: readonly SourceServer[],
  request: ListingRequest,
  keepAs: (server: string) => Asking['keep'],
): Promise<ListingNote[]> {
  const { signal } = request;
  const notes: ListingNote[] = [];
  const failures: unknown[] = [];
  let recordings = 0;
  for (const server of servers) {
    const begun = Date.now();
    try {
      const listed = await listServer({
        http: server.http,
        server,
        ...(server.pageSize === undefined ? {} : { pageSize: server.pageSize }),
        signal,
        keep: keepAs(server.name),
        knownIds: request.knownIds?.(server.name),
        wantedIds: request.wantedIds,
      });
      recordings += listed.recordings;
      notes.push(...listed.notes);
      const { calls } = listed;
      request.onServerListed?.({
        server: server.name,
        recordings: listed.recordings,
        calls,
        milliseconds: Date.now() - begun,
      });
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
      notes.push({ server: server.name, kind: 'failed', count: 1, detail: messageOf(error, 'unknown') });
    }
  }
  if (failures.length > 0 && recordings === 0) throw failures[0];
  return notes;
}

const PROGRESS_EVERY = 500;

function keeper(
  writer: RecordingSpoolWriter,
  { onProgress }: ListingRequest,
  save: (node: XmlNode) => void,
): (server: string) => (recording: Recording, node: XmlNode) => void {
  return (server) => {
    let recordings = 0;
    return (recording, node) => {
      writer.add(withSpentTokens(recording));
      save(node);
      if (++recordings % PROGRESS_EVERY === 0) onProgress?.({ server, recordings });
    };
  };
}

/** Single-use links die in minutes and open a recording to whoever reads them: none is kept. */
function withSpentTokens(recording: Recording): Recording {
  if (!recording.formats.some(({ url }) => isTokenUrl(url))) return recording;
  const formats = recording.formats.map((format) => ({ ...format, url: withoutToken(format.url) }));
  return { ...recording, formats };
}
