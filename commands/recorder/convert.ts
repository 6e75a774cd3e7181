import { Args } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.js';
import { ExitStatus } from '../../src/cli/exit-status.js';
import { conversionFlags, overrideOptions, queueFlags } from '../../src/cli/conversion-flags.js';
import { dryFlag, rangeFlags } from '../../src/cli/flags.js';

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
  static override flags = { ...conversionFlags, ...queueFlags, ...rangeFlags, ...dryFlag };

  protected override readonly keepsLog = true;

  protected override readonly configurationRequired = false;

  protected override async execute(): Promise<ExitStatus> {
    const { argv, flags } = await this.parse(RecorderConvert);
    const context = this.openContext(flags);
    const { conversionDefaults } = await import('../../src/cli/wiring/recorder.js');
    const { chosenFilters, chosenRange } = await import('../../src/cli/wiring/listing.js');
    const { listItems, runBatch, statusOf, workRoom } =
      await import('../../src/cli/wiring/recorder-batch.js');
    const { conversionEvents, renderRoom } = await import('../../src/cli/render/conversions.js');
    const request = {
      sources: argv as string[],
      // Hidden stays hidden: only published recordings, unless --state says otherwise.
      filters: chosenFilters(
        { ...flags, server: [], state: flags.state ?? ['published'] },
        context.configuration.timezone,
      ),
      range: chosenRange(flags),
      output: flags.output,
      jobs: flags.jobs,
      force: flags.force,
      options: overrideOptions(conversionDefaults(context), flags),
      access: {
        cookieFile: flags['cookie-file'],
        headerFile: flags['header-file'],
        insecure: flags.insecure,
        server: flags.server,
      },
    };
    if (flags.queue) {
      const { enqueueRequested } = await import('../../src/cli/render/enqueue.js');
      const { resume, 'retry-failed': retryFailed, dry } = flags;
      return enqueueRequested(context, { ...request, resume, retryFailed }, dry, this.speaker);
    }
    const events = () =>
      conversionEvents({
        json: flags.json,
        progress: !flags['no-progress'],
        print: (text) => this.print(text),
        say: (text) => this.say(text),
      });
    if (flags.archive) {
      const { archiveRequested } = await import('../../src/cli/render/archive.js');
      return archiveRequested(context, request, { dry: flags.dry, events }, this.speaker);
    }
    if (flags.dry) {
      for await (const { label, outputPath } of listItems(context, request))
        this.print(`${label} -> ${outputPath}`);
      this.say(renderRoom(await workRoom(context, request)));
      return ExitStatus.done;
    }
    const tally = await runBatch(context, request, await events());
    context.signal.throwIfAborted();
    return statusOf(tally);
  }
}
