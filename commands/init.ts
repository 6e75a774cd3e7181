import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../src/cli/kit/base-command.js';

export default class Init extends BaseCommand {
  static override summary = 'write a commented bbb2pod.toml';
  static override description =
    'Never overwrites. With --from, fills it in from the constants of the files it replaces, which are read and never run.';
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --config /etc/bbb2pod/bbb2pod.toml --from settings_local.py',
    '<%= config.bin %> init --from migrate_bbb_recordings.py --from bbb-pod-live.php',
  ];
  static override flags = {
    from: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
      description:
        'settings_local.py of Pod, migrate_bbb_recordings.py, bbb-pod-live.php, or bbb-recorder\u2019s config.json or .env; in any order',
    }),
  };

  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(Init);
    const [{ writeConfiguration }, { words }] = await Promise.all([
      import('../src/cli/setup/init.js'),
      import('../src/cli/setup/words.js'),
    ]);
    const result = writeConfiguration({
      root: this.config.root,
      target: flags.config ?? 'bbb2pod.toml',
      sources: flags.from ?? [],
    });
    if (flags.json) {
      this.printJson(result);
      return ExitStatus.done;
    }
    this.print(words.wrote({ file: result.file, mode: result.mode }));
    if (result.filled.length > 0) this.print(words.filled({ keys: result.filled.join(', ') }));
    for (const note of result.notes) this.print(words.toDo({ note }));
    for (const hint of result.hints) this.print(words.hint({ hint }));
    this.print(words.editNext({ command: `bbb2pod doctor --config ${result.file}` }));
    return ExitStatus.done;
  }
}
