import path from 'node:path';
import { makeOwnDirectory, removeDirectory } from '../../kit/adapters/files/own-directory.js';
import { csvReport } from '../../kit/output/csv.js';
import { htmlReport } from '../../kit/output/html-report.js';
import { jsonLines } from '../../kit/output/json-lines.js';
import type { ReportSink } from '../../kit/output/report.js';
import { type TextSink } from '../../kit/output/text-sink.js';
import { openGrowingFile } from '../../kit/adapters/files/growing-file.js';
import { keepEarlier } from '../../kit/adapters/files/keep-earlier.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';

interface Reports {
  readonly sinks: readonly ReportSink[];
  /** The page to look at. */
  readonly page: string;
  /** Finishes the files: each appears under its name only when it is whole. @throws OperatorError disk-full, file-unwritable */
  close(): Promise<void>;
  /** Removes what was not finished. */
  discard(): void;
}

const forms: Record<string, (write: TextSink) => ReportSink> = {
  '.html': htmlReport,
  '.csv': csvReport,
  '.json': jsonLines,
};

/**
 * Opens the three reports of a run in its directory, those named with --report, and JSON lines on standard output.
 * They grow in a directory of this process beside that of the run: those of killed ones go with the next run.
 */
export async function openReports(request: {
  directory: string;
  files: readonly string[];
  json: TextSink | null;
}): Promise<Reports> {
  makeDirectory(request.directory);
  const drafts = makeOwnDirectory(path.dirname(request.directory), 'reports');
  const begin = (file: string, part?: string) => ({
    form: forms[path.extname(file)] ?? jsonLines,
    file: openGrowingFile(file, part),
  });
  const own = Object.keys(forms).map((form) => path.join(request.directory, `report${form}`));
  const open = [
    ...own.map((file) => begin(file, path.join(drafts, path.basename(file)))),
    ...request.files.map((file) => begin(file)),
  ];
  const sinks = open.map(({ form, file }) => form(file.write));
  const discard = (): void => {
    for (const { file } of open) file.discard();
    removeDirectory(drafts);
  };
  return {
    sinks: request.json === null ? sinks : [...sinks, jsonLines(request.json)],
    page: path.join(request.directory, 'report.html'),
    close: async () => {
      // A run that is gone on with tells what was left of it; what it did before stays to be read.
      for (const file of own) keepEarlier(file);
      for (const { file } of open) await file.finish();
      discard();
    },
    discard,
  };
}
