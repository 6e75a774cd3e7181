import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { csvReport } from '../../output/csv.js';
import { htmlReport } from '../../output/html-report.js';
import { jsonLines } from '../../output/json-lines.js';
import type { ReportSink } from '../../output/report.js';
import { type TextSink } from '../../output/text-sink.js';
import { openGrowingFile } from '../../adapters/files/growing-file.js';

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
  const open = wanted.map((file) => ({
    form: forms[path.extname(file)] ?? jsonLines,
    file: openGrowingFile(file),
  }));
  const sinks = open.map(({ form, file }) => form(file.write));
  return {
    sinks: request.json === null ? sinks : [...sinks, jsonLines(request.json)],
    page: path.join(request.directory, 'report.html'),
    close: async () => {
      for (const { file } of open) await file.finish();
    },
  };
}
