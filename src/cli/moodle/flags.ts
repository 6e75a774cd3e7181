import { Flags, type Interfaces } from '@oclif/core';
import { dryFlag, rangeFlags } from '../kit/flags.js';

/** What `moodle annotate` takes. */
export const annotateFlags = {
  ...dryFlag,
  moodle: Flags.string({ helpValue: 'NAME', description: 'only that [moodle.NAME]' }),
  'of-run': Flags.string({ helpValue: 'RUN', description: 'only the recordings of that migration' }),
  csv: Flags.string({
    helpValue: 'FILE',
    description: 'recordings of that list: recordID;meetingID;title;URL',
  }),
  min: rangeFlags.min,
  max: rangeFlags.max,
  since: rangeFlags.since,
  until: rangeFlags.until,
  recording: rangeFlags.recording,
  'include-imports': Flags.boolean({ description: 'also activities that hold an imported copy' }),
  hidden: Flags.boolean({ allowNo: true, default: true, description: 'hidden activities too' }),
  replace: Flags.boolean({ description: "swap this campaign's notice" }),
  'replace-legacy': Flags.boolean({ description: "swap the message of Pod's old migration script" }),
  text: Flags.option({
    options: ['import', 'claim'] as const,
    description:
      'which of the shipped texts: recordings to import, or to claim; by default as they were migrated',
  })(),
  language: Flags.option({
    options: ['course', 'fr', 'en'] as const,
    description: "language of the notice; by default the course's, else French",
  })(),
  backup: Flags.string({ helpValue: 'FILE', description: 'write the former texts there first, as SQL' }),
  pace: Flags.integer({
    min: 0,
    default: 0,
    helpValue: 'SECONDS',
    description: 'rest after each 50 activities',
  }),
  undo: Flags.boolean({
    description: 'take notices back',
    exclusive: ['emit', 'site-notice', 'of-run', 'csv'],
  }),
  run: Flags.string({
    helpValue: 'RUN',
    dependsOn: ['undo'],
    description: 'with --undo: of that annotation only; last is the newest',
  }),
  yes: Flags.boolean({ description: 'do not ask before --undo' }),
  emit: Flags.option({
    options: ['sql', 'php'] as const,
    description: 'write a script for somebody else to run',
    dependsOn: ['output'],
  })(),
  output: Flags.string({ helpValue: 'FILE', description: 'where --emit writes' }),
  'site-notice': Flags.boolean({
    description: "print the commands of Moodle's own message on BigBlueButton pages",
  }),
  all: Flags.boolean({ description: 'with --dry: the change of every activity, not of the first 20' }),
};

export type AnnotateFlags = Interfaces.InferredFlags<typeof annotateFlags>;
