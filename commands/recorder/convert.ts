import { Args } from '@oclif/core';
import { BaseCommand } from '../../src/cli/kit/base-command.js';
import { convertFlags } from '../../src/cli/recorder/flags.js';
import type { ExitStatus } from '../../src/cli/kit/exit-status.js';

export default class RecorderConvert extends BaseCommand {
  static override summary = 'turn BigBlueButton presentations into MP4';
  static override description =
    'SOURCE is a playback URL, a recordID (with [bbb] configured), a published folder or its .tar. Without SOURCE, the recordings of the configured servers are taken, newest first.';
  static override examples = [
    '<%= config.bin %> recorder convert /var/bigbluebutton/published/presentation/RECORDID --output lecture.mp4',
    '<%= config.bin %> recorder convert https://bbb.univ.fr/playback/presentation/2.3/RECORDID --layout player',
    '<%= config.bin %> recorder convert --min 1 --max 20 --jobs 2 --output /data/videos/',
    '<%= config.bin %> recorder convert --since 60d --queue --output /data/videos/',
    '<%= config.bin %> recorder convert --archive --since 60d --output /srv/bbb-archive/',
  ];
  static override args = {
    source: Args.string({ description: 'URL, recordID, folder or .tar', multiple: true, required: false }),
  };
  static override flags = convertFlags;

  protected override readonly keepsLog = true;

  protected override readonly isBatch = true;

  protected override readonly configurationRequired = false;

  protected override async execute(): Promise<ExitStatus> {
    const { argv, flags } = await this.parse(RecorderConvert);
    const context = this.openContext(flags);
    const { convert } = await import('../../src/cli/recorder/convert.js');
    return convert(context, argv as string[], flags, this.speaker);
  }
}
