import { Flags } from '@oclif/core';
import { sayForDocument } from '../../src/cli/cluster/flags.js';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class ClusterInit extends BaseCommand {
  static override summary = 'write cluster.toml from what exists';
  static override description =
    'Reads haproxy.cfg, the /etc trees of Jitsi machines (a folder per machine), the .env files of esup-runner (the same) and settings_local.py (literals only, never executed). Passwords are not copied. Without --from it prints the commented example.';
  static override examples = [
    '<%= config.bin %> cluster init --from /etc/haproxy/haproxy.cfg --from settings_local.py --output cluster.toml',
    '<%= config.bin %> cluster init --from trees/    (trees/jms/etc/jitsi, trees/jvb1/etc/jitsi)',
  ];
  static override flags = {
    from: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'haproxy.cfg, settings_local.py, .env, or a directory of trees',
      helpValue: 'PATH',
    }),
    output: Flags.string({
      char: 'o',
      description: 'write there (never over an existing file)',
      helpValue: 'FILE',
    }),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterInit);
    sayForDocument(flags.json);
    this.openContext(flags);
    const { exampleInventory, inventoryFrom, sayRemark, sayWritten, writeInventory } =
      await import('../../src/cli/cluster/init.js');
    const { text, remarks } = flags.from === undefined ? exampleInventory() : inventoryFrom(flags.from);
    if (flags.output !== undefined) {
      writeInventory(flags.output, text);
      this.say(sayWritten(flags.output));
    }
    if (flags.json) this.printJson({ schema: 1, output: flags.output ?? null, text, remarks });
    else if (flags.output === undefined) this.print(text);
    for (const remark of remarks) this.say(sayRemark(remark));
    return ExitStatus.done;
  }
}
