import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.js';
import { ExitStatus } from '../../src/cli/exit-status.js';

export default class RecorderConvert extends BaseCommand {
  static override summary = 'turn BigBlueButton presentations into MP4';
  static override args = {
    source: Args.string({ description: 'published folder', required: true, multiple: true }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', description: 'file or directory', helpValue: 'FILE' }),
    layout: Flags.option({ options: ['player', 'presentation', 'slides', 'webcams'] as const })(),
    preset: Flags.option({ options: ['fast', 'balanced', 'small'] as const })(),
  };

  protected override readonly configurationRequired = false;

  protected override async execute(): Promise<ExitStatus> {
    const { argv, flags } = await this.parse(RecorderConvert);
    const context = this.openContext(flags);
    const { conversionDefaults, openConverter } = await import('../../src/cli/wiring/recorder.js');
    const defaults = conversionDefaults(context);
    const convert = await openConverter(context, {
      ...defaults,
      layout: flags.layout ?? defaults.layout,
      preset: flags.preset ?? defaults.preset,
    });
    for (const source of argv as string[]) {
      const startedAt = Date.now();
      const result = await convert({ folder: source }, flags.output ?? 'out.mp4', context.signal);
      this.say(`${(result.durationMs / (Date.now() - startedAt) || 0).toFixed(1)}x`);
      this.printJson(result);
    }
    return ExitStatus.done;
  }
}
