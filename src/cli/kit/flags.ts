import * as Flags from '@oclif/core/flags';

/** `--dry`: print what would be done. Only for commands that change something. */
export const dryFlag = {
  dry: Flags.boolean({
    aliases: ['dry-run'],
    char: 'n',
    description: 'print what would be done and change nothing',
  }),
};

/** Which recordings: positions count after the filters, newest session first. */
export const rangeFlags = {
  min: Flags.integer({
    min: 1,
    aliases: ['min-value-record-process'],
    description: 'first position, from 1 (1 is the most recent)',
    helpGroup: 'RANGE',
  }),
  max: Flags.integer({
    min: 1,
    aliases: ['max-value-record-process'],
    description: 'last position, included',
    helpGroup: 'RANGE',
  }),
  since: Flags.string({ description: 'sessions from that day on (2024-09-01, or 60d)', helpGroup: 'RANGE' }),
  until: Flags.string({ description: 'sessions up to that day, included', helpGroup: 'RANGE' }),
  meeting: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only that meetingID',
    helpGroup: 'RANGE',
  }),
  recording: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only that recordID',
    helpGroup: 'RANGE',
  }),
  state: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only that state',
    options: ['published', 'unpublished', 'deleted', 'processing', 'processed'],
    helpGroup: 'RANGE',
  }),
  origin: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only from that origin server',
    helpGroup: 'RANGE',
  }),
  course: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only of that Moodle course: its id, short name or name',
    helpGroup: 'RANGE',
  }),
};

/** `--limit`: for commands that know what is done already. */
export const limitFlag = {
  limit: Flags.integer({ min: 1, description: 'the next N that are not done yet', helpGroup: 'RANGE' }),
};
