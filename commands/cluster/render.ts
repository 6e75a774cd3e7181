import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { inventoryFlag, sayForDocument } from '../../src/cli/cluster/flags.js';

export default class ClusterRender extends BaseCommand {
  static override summary = 'write every configuration file and runbook from the inventory';
  static override description =
    'One folder per node: HAProxy, keepalived, nginx, Jitsi, Celery units, .env and units of esup-runner, Pod settings, the player, a test card, and the commands to type in order. Docker images and databases of the streaming site are out of scope.';
  static override examples = [
    '<%= config.bin %> cluster render --output cluster',
    '<%= config.bin %> cluster render --output cluster --diff',
    '<%= config.bin %> cluster render --root lb1=/',
  ];
  static override flags = {
    ...inventoryFlag,
    output: Flags.string({
      char: 'o',
      default: 'cluster',
      description: 'folder to write to',
      helpValue: 'DIR',
    }),
    node: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'only that node' }),
    diff: Flags.boolean({ description: 'write nothing: show what differs from the folder' }),
    root: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: "write nothing: show what differs from a node's own root directory",
      helpValue: 'NODE=DIR',
    }),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterRender);
    sayForDocument(flags.json);
    const context = this.openContext(flags);
    const wiring = await import('../../src/cli/cluster/render.js');
    const { root = [], node = [], output, inventory } = flags;
    const states =
      root.length > 0
        ? wiring.compareRoots(context, { inventory, roots: root })
        : wiring.renderInventory(context, { inventory, nodes: node, output });
    const compareOnly = flags.diff || root.length > 0;
    if (!compareOnly) await wiring.writeRendered(states);
    if (flags.json) {
      this.printJson({
        schema: 1,
        written: !compareOnly,
        placeholders: wiring.withPlaceholders(states),
        files: states.map(({ file, target, state, diff }) => ({
          node: file.node,
          path: file.path,
          target,
          state,
          diff,
        })),
      });
      return ExitStatus.done;
    }
    for (const line of wiring.listRendered(states, compareOnly)) this.print(line);
    for (const line of wiring.remarksOn(states, compareOnly)) this.say(line);
    return ExitStatus.done;
  }
}
