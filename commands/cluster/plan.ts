import { Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';
import { inventoryFlag, sayForDocument } from '../../src/cli/cluster/flags.js';

export default class ClusterPlan extends BaseCommand {
  static override summary = 'how many nodes, links, connections, cores and disks the clusters need';
  static override description =
    'Computes capacity with 30 % of headroom and one node to spare, and compares it with the running cluster: HAProxy, ingests, jicofo and the workers of the inventory are asked (read only), and where they do not answer the inventory speaks, which is said. Formulas: docs/cluster.md.';
  static override examples = [
    '<%= config.bin %> cluster plan --viewers 5000 --ladder 3.5M --nic 1G,10G --price 40,200',
    '<%= config.bin %> cluster plan --viewers 2000 --ladder 800k:20,2800k:80 --diagram ascii',
    '<%= config.bin %> cluster plan --participants 300 --room-size 20',
    '<%= config.bin %> cluster plan --minutes-per-hour 120 --cores 8 --bench',
    '<%= config.bin %> cluster plan --hours-per-day 40 --speed 1.8',
  ];
  static override flags = {
    ...inventoryFlag,
    viewers: Flags.integer({ min: 1, description: 'viewers of the streaming cluster at once' }),
    ladder: Flags.string({
      description: 'rate of a viewer, or rates with shares',
      helpValue: '3.5M|800k:20,2800k:80',
    }),
    nic: Flags.string({ description: 'links of broadcast nodes to compare', helpValue: '1G,10G' }),
    price: Flags.string({ description: 'price of one node, per link of --nic', helpValue: '40,200' }),
    'balancer-nic': Flags.string({ description: 'link of one balancer', helpValue: '10G' }),
    'client-rate': Flags.string({ description: "mean rate of a viewer's connection", helpValue: '20M' }),
    maxconn: Flags.integer({
      min: 1,
      description: "sum of the servers' maxconn on one balancer (default: asked of HAProxy)",
    }),
    format: Flags.option({
      options: ['mpegts', 'fmp4', 'low-latency'] as const,
      description: 'what HLS is made of: how far viewers are behind, and how many requests they make',
    })(),
    'part-seconds': Flags.string({ description: 'parts of low-latency HLS' }),
    participants: Flags.integer({ min: 1, description: 'Jitsi participants at once' }),
    'room-size': Flags.integer({ min: 3, description: 'participants of the usual room' }),
    'minutes-per-hour': Flags.integer({
      min: 1,
      description: 'minutes of video that arrive in the busiest hour',
    }),
    cores: Flags.integer({ min: 1, description: 'cores of one encoding worker' }),
    'core-minutes': Flags.string({ description: 'core-minutes per minute of video (4 unless measured)' }),
    'hours-per-day': Flags.string({ description: 'hours of video that arrive on a full day (esup-runner)' }),
    speed: Flags.string({
      description:
        'hours of video that one runner instance encodes in an hour (default: measured, else from cores)',
    }),
    bench: Flags.boolean({
      description: 'measure the encoding factor of this machine first (about a minute)',
    }),
    'bench-seconds': Flags.integer({
      min: 1,
      default: 10,
      description: 'seconds of video that --bench encodes',
    }),
    offline: Flags.boolean({
      description: 'compare with the inventory alone; nothing is contacted',
    }),
    table: Flags.boolean({ description: 'print the table of rates by viewers too' }),
    diagram: Flags.option({
      options: ['ascii', 'mermaid'] as const,
      description: 'draw the inventory instead',
    })(),
  };
  protected override readonly configurationRequired = false;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(ClusterPlan);
    sayForDocument(flags.json);
    const context = this.openContext(flags);
    const { planCluster } = await import('../../src/cli/cluster/plan.js');
    const answer = await planCluster(context, {
      inventory: flags.inventory,
      viewers: flags.viewers,
      ladder: flags.ladder,
      nic: flags.nic,
      price: flags.price,
      balancerNic: flags['balancer-nic'],
      clientRate: flags['client-rate'],
      format: flags.format,
      partSeconds: flags['part-seconds'],
      participants: flags.participants,
      roomSize: flags['room-size'],
      minutes: flags['minutes-per-hour'],
      cores: flags.cores,
      coreMinutes: flags['core-minutes'],
      hoursPerDay: flags['hours-per-day'],
      speed: flags.speed,
      maxconn: flags.maxconn,
      ask: !flags.offline && flags.diagram === undefined,
      benchSeconds: flags.bench ? flags['bench-seconds'] : null,
    });
    if (flags.diagram !== undefined) this.print(answer.diagram(flags.diagram));
    else if (flags.json) {
      const { plans, comparison, running, measure, table, inventoryFile } = answer;
      this.printJson({ schema: 1, inventory: inventoryFile, ...plans, running, comparison, measure, table });
    } else this.print(answer.text({ table: flags.table }));
    return ExitStatus.done;
  }
}
