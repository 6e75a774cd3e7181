import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { openCheckPorts } from '../../../src/cli/cluster/check-ports.js';
import { targetsOfInventory } from '../../../src/cli/cluster/check.js';
import type { ClusterResult } from '../../../src/cluster/check/cluster-result.js';
import type { Strain } from '../../../src/cluster/check/excuse-timeouts.js';
import { runClusterCheck, type CheckMemory, type CheckReport } from '../../../src/cluster/check/run-check.js';
import { readFileSync } from 'node:fs';
import { BREWERY, JITSI_NAME, JitsiBench, JVB_PASSWORD } from './jitsi-bench.js';
import { POD_TOKEN, PodBench } from './pod-bench.js';
import { PUBLIC_NAME, StreamingBench } from './streaming-bench.js';

export type BenchSystem = 'streaming' | 'jitsi' | 'encoding';

/** The three systems of the field on loopback, their inventory, and checks over them. */
export class ClusterBench {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-cluster-'));
  readonly streaming: StreamingBench;
  readonly jitsi: JitsiBench;
  readonly pod: PodBench;
  memory: CheckMemory = {};
  /** How busy this machine was during the last check. */
  strain: Strain | null = null;
  /** The system whose part of cluster.toml this view changes; null: the whole of it. */
  private lane: BenchSystem | null = null;
  private readonly views = new Map<BenchSystem, ClusterBench>();
  private readonly changes = new Map<BenchSystem | null, (text: string) => string>();

  constructor(readonly systems: readonly BenchSystem[] = ['streaming', 'jitsi', 'encoding']) {
    const folder = (name: string): string => {
      const directory = path.join(this.directory, name);
      mkdirSync(directory);
      return directory;
    };
    this.streaming = new StreamingBench(folder('streaming'));
    this.jitsi = new JitsiBench(folder('jitsi'));
    this.pod = new PodBench(folder('pod'));
  }

  async start(): Promise<void> {
    this.addPrograms(['ffmpeg', 'ffprobe', 'ffmpegthumbnailer', 'convert', 'sox']);
    await Promise.all([
      this.has('streaming') ? this.streaming.start() : null,
      this.has('jitsi') ? this.jitsi.start() : null,
      this.has('encoding') ? this.pod.start() : null,
    ]);
    await Promise.all([
      this.has('streaming') ? this.streaming.ready() : null,
      this.has('encoding') ? this.pod.ready() : null,
    ]);
    this.writeInventory();
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.has('streaming') ? this.streaming.stop() : null,
      this.has('jitsi') ? this.jitsi.stop() : null,
      this.has('encoding') ? this.pod.stop() : null,
    ]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Pod's programs are looked for on PATH: names suffice, nothing runs them. */
  addPrograms(names: string[]): void {
    mkdirSync(this.binDirectory, { recursive: true });
    for (const name of names)
      writeFileSync(path.join(this.binDirectory, name), '#!/bin/sh\n', { mode: 0o755 });
    if (process.env['PATH']?.includes(this.binDirectory) !== true)
      process.env['PATH'] = `${process.env['PATH'] ?? ''}:${this.binDirectory}`;
  }

  get binDirectory(): string {
    return path.join(this.directory, 'bin');
  }

  get inventoryFile(): string {
    return path.join(this.directory, 'cluster.toml');
  }

  /**
   * The same bench for the faults of one system: what it changes in cluster.toml, and what its checks remember,
   * is its own. Systems are broken side by side.
   */
  forSystem(system: BenchSystem): ClusterBench {
    const known = this.views.get(system);
    if (known !== undefined) return known;
    const view = Object.create(this) as ClusterBench;
    view.lane = system;
    this.views.set(system, view);
    return view;
  }

  /** Writes cluster.toml; `change` may edit its text, or the part of this view's system. */
  writeInventory(change: (text: string) => string = (text) => text): void {
    this.changes.set(this.lane, change);
    const part = (system: BenchSystem, text: () => string): string =>
      this.has(system) ? (this.changes.get(system)?.(text()) ?? text()) : '';
    const whole = [
      part('streaming', () => this.streamingInventory()),
      part('jitsi', () => this.jitsiInventory()),
      part('encoding', () => this.encodingInventory()),
    ].join('\n');
    writeFileSync(this.inventoryFile, this.changes.get(null)?.(whole) ?? whole);
  }

  /** One check in this process, as the command makes it. */
  async check(
    options: {
      only?: string[];
      passive?: boolean;
      probe?: boolean;
      timeoutMs?: number;
      systems?: BenchSystem[];
    } = {},
  ): Promise<CheckReport> {
    const text = readFileSync(this.inventoryFile, 'utf8');
    const inventory = loadInventory({ path: this.inventoryFile, text }, (file) =>
      readFileSync(path.resolve(this.directory, file), 'utf8'),
    );
    const all = targetsOfInventory(inventory, this.directory);
    const wanted = options.systems ?? this.systems;
    const targets = {
      ...all,
      streaming: wanted.includes('streaming') ? all.streaming : null,
      jitsi: wanted.includes('jitsi') ? all.jitsi : null,
      pod: wanted.includes('encoding') ? all.pod : null,
    };
    const timeoutMs = options.timeoutMs ?? 8000;
    const opened = openCheckPorts({
      timeoutMs,
      ffprobe: '/usr/bin/ffprobe',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Faults are proved on busy machines, too: what hangs must be told as such there. Who proves asks `strain`.
    const ports = { ...opened, strain: () => null };
    const report = await runClusterCheck(targets, ports, {
      passive: options.passive ?? false,
      probe: options.probe ?? false,
      only: options.only ?? [],
      memory: this.memory,
    });
    this.memory = report.memory;
    this.strain = opened.strain();
    return report;
  }

  private has(system: BenchSystem): boolean {
    return this.systems.includes(system);
  }

  private streamingInventory(): string {
    const { balancers, broadcasts, ingests, authorityFile } = this.streaming;
    return `[streaming]
public_name = "${PUBLIC_NAME}"
certificate = "/etc/haproxy/live.pem"
ca_file = "${authorityFile}"
virtual_address = "127.0.0.1/8"
streams = ["mire"]
segment_seconds = 2
playlist_seconds = 12
publishers = ["127.0.0.1"]
stats_user = "watcher"
stats_password = "bench-secret"
ladder = [
  { name = "720", width = 1280, height = 720, video = "800k" },
  { name = "360", width = 640, height = 360, video = "500k" },
]
[streaming.expected]
broadcasts = 1
${balancers
  .map(
    (b) =>
      `[streaming.balancers.${b.name}]\naddress = "127.0.0.1"\nhttp_port = ${b.httpPort}\nhttps_port = ${b.httpsPort}\nstats_port = ${b.statsPort}`,
  )
  .join('\n')}
${broadcasts
  .map(
    (b) =>
      `[streaming.broadcasts.${b.name}]\naddress = "127.0.0.1"\nhttp_port = ${b.port}\npublic_name = "${b.name}.bench.test"`,
  )
  .join('\n')}
${ingests
  .map(
    (i) =>
      `[streaming.ingests.${i.name}]\naddress = "127.0.0.1"\nrtmp_port = ${i.rtmpPort}\nhttp_port = ${i.httpPort}`,
  )
  .join('\n')}
`;
  }

  private jitsiInventory(): string {
    const { jitsi } = this;
    return `[jitsi]
domain = "${JITSI_NAME}"
brewery = "${BREWERY}"
ca_file = "${jitsi.authorityFile}"
jvb_password = "${JVB_PASSWORD}"
[jitsi.jms]
address = "127.0.0.1"
https_port = ${jitsi.httpsPort}
xmpp_port = ${jitsi.xmppPort}
jicofo_url = "http://127.0.0.1:${jitsi.jicofoPort}"
[jitsi.expected]
participants = 60
${jitsi.bridges
  .map(
    (b) =>
      `[jitsi.jvbs.${b.name}]\naddress = "127.0.0.1"\nmedia_port = ${b.udpPort}\nrest_url = "http://127.0.0.1:${b.restPort}"`,
  )
  .join('\n')}
`;
  }

  private encodingInventory(): string {
    const { pod } = this;
    const host = os.hostname();
    const workers: [string, string][] = [
      ['encode1', 'encoding'],
      ['encode2', 'encoding'],
      ['transcript1', 'transcripting'],
      ['xapi1', 'xapi'],
    ];
    return `[encoding]
pod_url = "http://127.0.0.1:${pod.pod.port}/rest/"
pod_token = "${POD_TOKEN}"
media_root = "${pod.mediaRoot}"
lrs_url = "http://127.0.0.1:${pod.lrs.port}/xAPI"
lrs_login = "pod"
lrs_password = "lrs-secret"
[encoding.thresholds]
# How full the disk of this machine is proves nothing.
disk_percent = 99.8
disk_critical_percent = 99.9
[encoding.brokers.main]
url = "${pod.brokerUrl(5)}"
queues = ["encoding", "transcripting"]
[encoding.brokers.xapi]
url = "${pod.brokerUrl(6)}"
queues = ["xapi"]
${workers
  .map(
    ([name, queue]) =>
      `[encoding.workers.${name}]\naddress = "127.0.0.1"\nqueue = "${queue}"\nnode_name = "${name}@${host}"\nmedia_root = "${pod.mediaRoot}"\ncores = 2`,
  )
  .join('\n')}
`;
  }
}

/** The bad results of a report, root causes first, as `code@subject`. */
export const badOf = (results: readonly ClusterResult[]): string[] =>
  results.filter(({ status }) => status !== 'ok').map(({ id }) => id);
