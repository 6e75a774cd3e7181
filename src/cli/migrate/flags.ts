import { Flags, type Interfaces } from '@oclif/core';
import { dryFlag, limitFlag, rangeFlags } from '../kit/flags.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

/** What chooses recordings for a new plan: one that is made already has chosen. */
const CHOOSING = [
  ...['min', 'max', 'since', 'until', 'meeting', 'recording', 'state', 'origin', 'course', 'category'],
  ...['limit', 'owner', 'exclude', 'include-unpublished', 'save-plan'],
];

/** What `migrate recordings` takes. */
export const migrateFlags = {
  'use-import-video': Flags.boolean({
    description: 'rows in the external videos of each owner',
    helpGroup: 'MODE',
  }),
  'use-manual-claim': Flags.boolean({
    description: 'files on the claim page, for every staff member',
    helpGroup: 'MODE',
  }),
  'export-csv': Flags.string({
    description: 'a CSV of everything known',
    helpValue: 'FILE',
    helpGroup: 'MODE',
  }),
  use_export_csv: Flags.boolean({ hidden: true, description: 'historic: --export-csv out.csv' }),
  'use-export-csv': Flags.boolean({ hidden: true, description: 'never was one: points to --export-csv' }),
  'use-database-moodle': Flags.boolean({ description: 'find owners in the Moodle databases' }),
  'use-database-greenlight': Flags.boolean({
    description: "find owners of Greenlight's rooms in its databases",
  }),
  ...rangeFlags,
  ...limitFlag,
  owner: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only what that Pod user receives',
    helpValue: 'USERNAME',
    helpGroup: 'RANGE',
  }),
  category: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only of courses in that Moodle category and below: its id, idnumber or name',
    helpGroup: 'RANGE',
  }),
  exclude: Flags.string({
    description: 'recordIDs to leave out, one per line',
    helpValue: 'FILE',
    helpGroup: 'RANGE',
  }),
  'include-unpublished': Flags.boolean({
    description: 'take unpublished recordings too',
    helpGroup: 'RANGE',
  }),
  recreate: Flags.boolean({ description: 'give again what people removed', helpGroup: 'RANGE' }),
  'accept-removed': Flags.boolean({
    description: 'go on where Pod is older than the journal: what is gone stays gone',
    exclusive: ['recreate'],
    helpGroup: 'RANGE',
  }),
  ...dryFlag,
  all: Flags.boolean({ description: 'show every line of the plan' }),
  'save-plan': Flags.string({ description: 'keep the plan there', helpValue: 'FILE' }),
  plan: Flags.string({
    description: 'apply that approved plan; with --dry, show what of it would be applied today',
    helpValue: 'FILE',
    exclusive: ['resume', 'export-csv', ...CHOOSING],
  }),
  resume: Flags.string({
    description: 'go on with the plan of that run; with --dry, show what is left of it',
    helpValue: 'RUN|last',
    exclusive: ['export-csv', 'use_export_csv', 'recreate', ...CHOOSING],
  }),
  jobs: Flags.integer({ min: 1, description: 'downloads and conversions at a time' }),
  server: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only that [bbb.NAME]',
    helpValue: 'NAME',
  }),
  'from-xml': Flags.string({
    description: 'read this getRecordings answer; contact no BBB',
    helpValue: 'FILE',
  }),
  'save-xml': Flags.string({ description: 'keep the answer of getRecordings there', helpValue: 'FILE' }),
  report: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'report there too (.html, .csv, .json)',
    helpValue: 'FILE',
  }),
  pseudonymise: Flags.boolean({ description: 'no names in reports' }),
  bom: Flags.boolean({ description: 'begin the CSV with a byte order mark', helpGroup: 'CSV' }),
  separator: Flags.string({ default: ';', description: 'between the cells of the CSV', helpGroup: 'CSV' }),
  queue: Flags.boolean({
    description: 'let the workers of [recorder] queue convert',
    dependsOn: ['use-manual-claim'],
    helpGroup: 'CLAIM',
  }),
  'retry-failed': Flags.boolean({
    description: 'try again what the queue set aside',
    dependsOn: ['queue'],
    helpGroup: 'CLAIM',
  }),
  'allow-missing': Flags.boolean({
    description: 'make films without the pictures or sound that the server lacks',
    dependsOn: ['use-manual-claim'],
    helpGroup: 'CLAIM',
  }),
  'register-claims': Flags.boolean({
    description: 'also insert the claim row, with the date of the session',
    helpGroup: 'CLAIM',
  }),
  'min-free': Flags.string({
    default: '1G',
    description: 'stop when less disk is free',
    helpGroup: 'CLAIM',
  }),
  'time-limit': Flags.string({ description: 'begin nothing after that long (8h)' }),
  bandwidth: Flags.string({ description: 'most bytes per second (20M)', helpGroup: 'CLAIM' }),
  backup: Flags.string({ description: 'save the tables there before the first write', helpValue: 'DIR' }),
  annotate: Flags.boolean({
    description: 'then write the notice into the Moodle activities',
    dependsOn: ['use-database-moodle'],
  }),
};

export type MigrateFlags = Interfaces.InferredFlags<typeof migrateFlags>;

export type MigrateMode =
  { readonly kind: 'import' } | { readonly kind: 'claim' } | { readonly kind: 'csv'; readonly file: string };

/** Databases that are looked into for owners, by their flags. */
export const askedDatabases = (flags: MigrateFlags): string[] =>
  (['use-database-moodle', 'use-database-greenlight'] as const)
    .filter((flag) => flags[flag])
    .map((flag) => `--${flag}`);

/** The one mode asked for. @throws OperatorError mode-missing, moodle-with-claims */
export function chosenMode(flags: MigrateFlags): MigrateMode {
  if (flags['use-export-csv'])
    throw configurationTexts.usageInvalid({
      detail: '--use-export-csv is --export-csv FILE here (or --use_export_csv, which writes out.csv).',
    });
  const csv = flags['export-csv'] ?? (flags.use_export_csv ? 'out.csv' : undefined);
  const given: [string, MigrateMode][] = [];
  if (flags['use-import-video']) given.push(['--use-import-video', { kind: 'import' }]);
  if (flags['use-manual-claim']) given.push(['--use-manual-claim', { kind: 'claim' }]);
  if (csv !== undefined) given.push(['--export-csv', { kind: 'csv', file: csv }]);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw migrateTexts.modeMissing({ given: given.map(([name]) => name).join(' and ') || 'none' });
  }
  if (flags.queue && flags['register-claims'])
    throw configurationTexts.usageInvalid({
      detail:
        '--register-claims needs the file, which with --queue a worker makes later: Pod registers it itself.',
    });
  if (flags.queue && flags['allow-missing'])
    throw configurationTexts.usageInvalid({
      detail: '--allow-missing makes its films here, where what they lack is noted: leave out --queue.',
    });
  if (only[1].kind === 'claim' && (flags.owner ?? []).length > 0)
    throw configurationTexts.usageInvalid({
      detail:
        '--owner: claimed recordings have none. --course, --category, --origin or --recording narrow them.',
    });
  if (only[1].kind === 'claim' && flags['use-database-moodle']) throw migrateTexts.moodleWithClaims();
  if (only[1].kind === 'claim' && flags['use-database-greenlight']) throw migrateTexts.greenlightWithClaims();
  return only[1];
}
