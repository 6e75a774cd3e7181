import { OperatorError } from '../codes/operator-error.js';

/** The flags of `migrate recordings`, as oclif parses them. */
export interface MigrateFlags {
  readonly 'use-import-video': boolean;
  readonly 'use-manual-claim': boolean;
  readonly 'export-csv'?: string | undefined;
  readonly use_export_csv: boolean;
  readonly 'use-database-moodle': boolean;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly meeting?: string[] | undefined;
  readonly recording?: string[] | undefined;
  readonly state?: string[] | undefined;
  readonly origin?: string[] | undefined;
  readonly limit?: number | undefined;
  readonly owner?: string | undefined;
  readonly exclude?: string | undefined;
  readonly 'include-unpublished': boolean;
  readonly recreate: boolean;
  readonly dry: boolean;
  readonly all: boolean;
  readonly 'save-plan'?: string | undefined;
  readonly plan?: string | undefined;
  readonly resume?: string | undefined;
  readonly jobs?: number | undefined;
  readonly server?: string[] | undefined;
  readonly 'from-xml'?: string | undefined;
  readonly 'save-xml'?: string | undefined;
  readonly report?: string[] | undefined;
  readonly pseudonymise: boolean;
  readonly bom: boolean;
  readonly separator: string;
  readonly queue: boolean;
  readonly 'retry-failed': boolean;
  readonly 'register-claims': boolean;
  readonly 'min-free': string;
  readonly 'time-limit'?: string | undefined;
  readonly bandwidth?: string | undefined;
  readonly backup?: string | undefined;
  readonly annotate: boolean;
  readonly json: boolean;
  readonly 'no-progress': boolean;
}

export type MigrateMode =
  { readonly kind: 'import' } | { readonly kind: 'claim' } | { readonly kind: 'csv'; readonly file: string };

/** The one mode asked for. @throws OperatorError mode-missing, moodle-with-claims */
export function chosenMode(flags: MigrateFlags): MigrateMode {
  const csv = flags['export-csv'] ?? (flags.use_export_csv ? 'out.csv' : undefined);
  const given: [string, MigrateMode][] = [];
  if (flags['use-import-video']) given.push(['--use-import-video', { kind: 'import' }]);
  if (flags['use-manual-claim']) given.push(['--use-manual-claim', { kind: 'claim' }]);
  if (csv !== undefined) given.push(['--export-csv', { kind: 'csv', file: csv }]);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw new OperatorError('mode-missing', { given: given.map(([name]) => name).join(' and ') || 'none' });
  }
  if (flags.queue && flags['register-claims'])
    throw new OperatorError('usage-invalid', {
      detail:
        '--register-claims needs the file, which with --queue a worker makes later: Pod registers it itself.',
    });
  if (only[1].kind === 'claim' && flags['use-database-moodle']) throw new OperatorError('moodle-with-claims');
  return only[1];
}

const SIZE_UNITS: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `20G` in bytes. @throws OperatorError usage-invalid */
export function parseSize(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kKMGT]?)$/.exec(text);
  if (match === null)
    throw new OperatorError('usage-invalid', { detail: `--${flag} ${text}: give a size such as 20G.` });
  return Number(match[1]) * (SIZE_UNITS[(match[2] ?? '').replace('K', 'k')] ?? 1);
}

const TIME_UNITS: Record<string, number> = { s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `8h` in milliseconds. @throws OperatorError usage-invalid */
export function parseTimeSpan(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|min|m|h|d)$/.exec(text);
  if (match === null)
    throw new OperatorError('usage-invalid', {
      detail: `--${flag} ${text}: give a duration such as 8h or 30min.`,
    });
  return Number(match[1]) * (TIME_UNITS[match[2] ?? ''] ?? 1);
}
