import * as Flags from '@oclif/core/flags';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { dryFlag } from '../../src/cli/kit/flags.js';

export default class LiveRun extends BaseCommand {
  static override description = 'bring the meetings that Pod wants live on air, end those that are over';
  static override examples = [
    { description: 'one pass, every minute from cron', command: '<%= config.bin %> live run' },
    { description: 'look first', command: '<%= config.bin %> live run --dry' },
    {
      description: 'one meeting by hand, without Pod',
      command: '<%= config.bin %> live run --meeting 0042-chimie --record chimie.mkv',
    },
  ];
  static override flags = {
    ...dryFlag,
    watch: Flags.boolean({ description: 'stay, and pass every live.watch_interval seconds (systemd)' }),
    meeting: Flags.string({
      description: 'take this one meeting, without Pod',
      helpValue: 'MEETINGID',
      exclusive: ['watch', 'dry'],
    }),
    rtmp: Flags.string({
      description: 'stream it there instead of live.rtmp_url; once for each target',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'URL',
      dependsOn: ['meeting'],
    }),
    record: Flags.string({
      description: 'record it into this file',
      helpValue: 'FILE',
      dependsOn: ['meeting'],
    }),
  };

  /** Every minute from cron: it loads no more than it uses. */
  protected override readonly texts = 'own';

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(LiveRun);
    const context = this.openContext(flags);
    const { renderPass, passJson, passStatus } = await import('../../src/cli/live/render/pass.js');
    if (flags.meeting !== undefined) {
      const { liveByHand } = await import('../../src/cli/live/by-hand.js');
      const request = { meetingId: flags.meeting, rtmp: flags.rtmp ?? [], record: flags.record };
      const result = await liveByHand(context, request, (line) => this.say(line));
      if (flags.json) this.printJson(result);
      return result.ended === 'join-refused' ? ExitStatus.failed : ExitStatus.done;
    }
    const { openPasses } = await import('../../src/cli/live/run.js');
    const passes = openPasses(context);
    if (flags.watch) {
      const { watchPasses } = await import('../../src/cli/live/watch.js');
      return watchPasses(context, passes, (line) => this.say(line));
    }
    const report = flags.dry ? await passes.plan() : await passes.run();
    if (flags.json) this.printJson(passJson(report));
    else this.print(renderPass(report));
    return passStatus(report);
  }
}
