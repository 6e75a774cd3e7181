import { createWriteStream, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { csvReport } from '../../output/csv.js';
import { htmlReport } from '../../output/html-report.js';
import { jsonLines } from '../../output/json-lines.js';
import type { ReportSink } from '../../output/report.js';
import { sinkOfStream, type TextSink } from '../../output/text-sink.js';

interface Reports {
  readonly sinks: readonly ReportSink[];
  /** The page to look at. */
  readonly page: string;
  /** Finishes the files: each appears under its name only when it is whole. */
  close(): Promise<void>;
}

const forms: Record<string, (write: TextSink) => ReportSink> = {
  '.html': htmlReport,
  '.csv': (write) => csvReport(write),
  '.json': jsonLines,
};

/** Opens the three reports of a run in its directory, those named with --report, and JSON lines on standard output. */
export async function openReports(request: {
  directory: string;
  files: readonly string[];
  json: TextSink | null;
}): Promise<Reports> {
  mkdirSync(request.directory, { recursive: true, mode: 0o700 });
  const wanted = [
    ...Object.keys(forms).map((form) => path.join(request.directory, `report${form}`)),
    ...request.files,
  ];
  const open = wanted.map((file) => ({ file, stream: createWriteStream(`${file}.part`, { mode: 0o600 }) }));
  const sinks = open.map(({ file, stream }) =>
    (forms[path.extname(file)] ?? jsonLines)(sinkOfStream(stream)),
  );
  return {
    sinks: request.json === null ? sinks : [...sinks, jsonLines(request.json)],
    page: path.join(request.directory, 'report.html'),
    close: async () => {
      for (const { file, stream } of open) {
        await finish(stream);
        renameSync(`${file}.part`, file);
      }
    },
  };
}

const finish = (stream: WriteStream): Promise<void> =>
  new Promise((resolve, reject) => stream.end((error?: Error | null) => (error ? reject(error) : resolve())));
