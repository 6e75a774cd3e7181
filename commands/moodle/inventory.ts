import { Flags } from '@oclif/core';
import { BaseCommand, type ExitStatus } from '../../src/cli/kit/base-command.js';
import { rangeFlags } from '../../src/cli/kit/flags.js';

export default class MoodleInventory extends BaseCommand {
  static override summary = 'list every recording that Moodle or BigBlueButton knows';
  static override description =
    'With its course, activity, group, status, date, duration, size, owners and why, and where it is in Pod now. Changes nothing.';
  static override examples = [
    '<%= config.bin %> moodle inventory',
    '<%= config.bin %> moodle inventory --csv inventory.csv --bom',
    '<%= config.bin %> moodle inventory --since 1y --json',
  ];
  static override flags = {
    ...rangeFlags,
    moodle: Flags.string({ helpValue: 'NAME', description: 'only that [moodle.NAME]' }),
    server: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'only that [bbb.NAME]' }),
    'from-xml': Flags.string({ helpValue: 'FILE', description: 'read a saved getRecordings answer' }),
    csv: Flags.string({ helpValue: 'FILE', description: 'write all of it there' }),
    bom: Flags.boolean({ description: 'begin the CSV with the mark that Excel needs' }),
    all: Flags.boolean({ description: 'every line, not the first 50' }),
  };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(MoodleInventory);
    const context = this.openContext(flags);
    const { runInventory } = await import('../../src/cli/moodle/inventory-command.js');
    return runInventory(context, flags, this.speaker);
  }
}
