import { sayForDocument } from '../../src/cli/cluster/flags.js';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { clusterCheckFlags } from '../../src/cli/cluster/check-flags.js';

export default class ClusterCheck extends BaseCommand {
  static override summary = 'whether the clusters really work, and what to type if they do not';
  static override description = `Tests the function, not the port: playlists that move, bridges in the brewery, workers that answer.
Consequences are folded under their cause. Exit status: 0 no critical, 1 a critical, 2 usage, 3 something could not be checked.
With --root and --file reads configuration files only, without any network.`;
  static override examples = [
    '<%= config.bin %> cluster check',
    '<%= config.bin %> cluster check --nagios --only S09,S16 --timeout 8',
    '<%= config.bin %> cluster check --explain S09',
    '<%= config.bin %> cluster check --root jms=/srv/jms/etc --root jvb1=/srv/jvb1/etc',
    '<%= config.bin %> cluster check --file /etc/haproxy/haproxy.cfg',
    '<%= config.bin %> cluster check --watch --until ok',
  ];
  static override flags = clusterCheckFlags;
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    try {
      return await this.#check();
    } catch (error) {
      // A typing error must not page the on-call as CRITICAL (2): plugins say 3, UNKNOWN.
      if (!this.argv.includes('--nagios')) throw error;
      const { pluginFailure } = await import('../../src/cli/kit/plugin-failure.js');
      this.print(pluginFailure(error));
      return ExitStatus.partial;
    }
  }

  async #check(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterCheck);
    sayForDocument(flags.json);
    const context = this.openContext(flags);
    const { checkFromCommand } = await import('../../src/cli/cluster/check-command.js');
    return checkFromCommand(context, flags, this.speaker);
  }
}
