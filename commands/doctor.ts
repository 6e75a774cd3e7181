import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../src/cli/kit/base-command.js';

export default class Doctor extends BaseCommand {
  static override summary = 'check every connection, right, program, directory and disk';
  static override description =
    'Changes nothing: what must be tried is taken back at once. Exit status: 0 all is well, 1 something failed, 2 the configuration cannot be read.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --only pod --only bbb',
    '<%= config.bin %> doctor --verbose --json',
    '<%= config.bin %> doctor --join 0042-chimie',
  ];
  static override flags = {
    verbose: Flags.boolean({ char: 'v', description: 'also where each configured value comes from' }),
    only: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'SUBJECT',
      exclusive: ['join'],
      description: 'only what begins with that: bbb, pod, moodle, recorder, pod.settings…',
    }),
    join: Flags.string({
      helpValue: 'MEETINGID',
      description: 'join this running meeting for 20 seconds, and tell what a live would know of its page',
    }),
  };

  protected override readonly configurationRequired = false;

  protected override readonly passesOverConfiguration = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(Doctor);
    const context = this.openContext(flags);
    const [{ examine, listOrigins }, { renderExamination, plainExamination }] = await Promise.all([
      import('../src/cli/doctor/examine.js'),
      import('../src/cli/doctor/render/doctor.js'),
    ]);
    const origins = flags.verbose || flags.json ? listOrigins(context) : [];
    const results =
      flags.join === undefined
        ? await examine(context, flags.only ?? [])
        : await (await import('../src/cli/doctor/join.js')).examineJoin(context, flags.join);
    if (flags.json) this.printJson(plainExamination(results, origins));
    else this.print(renderExamination(results, origins, process.stdout, process.env));
    const failed = results.some(({ status }) => status === 'critical' || status === 'unknown');
    return failed ? ExitStatus.failed : ExitStatus.done;
  }
}
