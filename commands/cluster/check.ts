import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/base-command.js';
import { inventoryFlag } from '../../src/cli/cluster-flags.js';

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
  static override flags = {
    ...inventoryFlag,
    only: Flags.string({ description: 'these checks only', helpValue: 'S09,P07' }),
    explain: Flags.string({ description: 'tell the whole story of a check', helpValue: 'S09' }),
    passive: Flags.boolean({ description: 'write nothing anywhere: heartbeats only, no XMPP login' }),
    probe: Flags.boolean({ description: 'also write a sentinel file on the share and a probe key in Redis' }),
    timeout: Flags.integer({ default: 8, min: 2, description: 'the whole check, in seconds' }),
    nagios: Flags.boolean({
      description: 'one line with perfdata; 0/1/2/3 as monitoring plugins',
      exclusive: ['json'],
    }),
    prometheus: Flags.boolean({ description: "text for node_exporter's textfile collector" }),
    junit: Flags.boolean({ description: 'JUnit XML' }),
    verbose: Flags.boolean({ char: 'v', description: 'evidence, notes, and everything that was contacted' }),
    watch: Flags.boolean({ description: 'check again and again; differences are marked with *' }),
    interval: Flags.integer({ default: 10, min: 1, description: 'seconds between two checks of --watch' }),
    until: Flags.option({ options: ['ok', 'crit'] as const, description: 'stop as soon as that is so' })(),
    root: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: "lint a node's /etc tree, without network",
      helpValue: 'NAME=DIR',
    }),
    file: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'lint haproxy.cfg, nginx.conf, settings_local.py or read jicofo.log',
      helpValue: 'FILE',
    }),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    try {
      return await this.#check();
    } catch (error) {
      // A typing error must not page the on-call as CRITICAL (2): plugins say 3, UNKNOWN.
      if (!this.argv.includes('--nagios')) throw error;
      const { pluginFailure } = await import('../../src/cli/plugin-failure.js');
      this.print(pluginFailure(error));
      return ExitStatus.partial;
    }
  }

  async #check(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterCheck);
    const context = this.openContext(flags);
    const { checkFromCommand } = await import('../../src/cli/wiring/cluster-check-command.js');
    return checkFromCommand(context, flags, {
      print: (text) => this.print(text),
      json: (value) => this.printJson(value),
    });
  }
}
