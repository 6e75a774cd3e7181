import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readRunnerHost } from '../../../src/cluster/adapters/machine/runner-host.js';
import {
  runClusterCheck,
  type CheckPorts,
  type CheckMemory,
  type CheckReport,
} from '../../../src/cluster/check/run-check.js';
import type { ClusterTargets } from '../../../src/cluster/check/targets.js';
import { targetsOf } from '../../../src/cluster/check/targets-of-inventory.js';
import { openCheckPorts } from '../../../src/cli/cluster/check-ports.js';
import type { PodRunnerTables, PodRunnerTask } from '../../../src/cluster/esup-runner/facts.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { Secret } from '../../../src/kit/config/secret.js';
import { RunnerStandIn, TOKEN } from './runner-stand-in.js';

/** Pod's tables with a healthy manager and nothing to do. */
export const healthyTables = (standIn: RunnerStandIn): PodRunnerTables => ({
  present: true,
  siteId: 1,
  siteDomain: `127.0.0.1:${standIn.podPort}`,
  managers: [
    {
      id: 1,
      name: 'manager',
      url: `http://127.0.0.1:${standIn.managerPort}`,
      priority: 1,
      siteId: 1,
      active: true,
      token: new Secret(TOKEN),
    },
  ],
  tasks: [],
});

export const podTask = (task: Partial<PodRunnerTask> & { minutesAgo?: number }): PodRunnerTask => {
  const { minutesAgo = 1, ...given } = task;
  return {
    id: 1,
    type: 'encoding',
    status: 'completed',
    taskId: null,
    videoId: 7,
    recordingId: null,
    managerId: 1,
    addedAt: Date.now() - minutesAgo * 60_000,
    rank: null,
    lastLine: '',
    durationSeconds: 600,
    ...given,
  };
};

/** The stand-in with an inventory, Pod's tables and a tree of files as on the machines of esup-runner. */
export class RunnerBench {
  readonly standIn: RunnerStandIn;
  readonly directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-esup-runner-'));
  tables: PodRunnerTables | null = null;
  /** Hosts that count as this machine. */
  local: (host: string) => boolean = () => true;
  memory: CheckMemory = {};
  settings: string | null = null;
  /** Changes the inventory's text. */
  edit: (text: string) => string = (text) => text;

  constructor(count = 2, tls: { key: string; cert: string } | null = null) {
    this.standIn = new RunnerStandIn(count, tls);
  }

  async start(): Promise<void> {
    await this.standIn.start();
    this.tables = healthyTables(this.standIn);
    this.writeFiles();
  }

  async stop(): Promise<void> {
    await this.standIn.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** `.env` and units as installed, healthy. */
  writeFiles(): void {
    // Some directory outside /tmp: nothing is written there.
    const storage = '/usr';
    this.#write(
      'opt/manager/.env',
      `MANAGER_HOST=manager.test\nENVIRONMENT=production\nUVICORN_WORKERS=4\nNOTIFY_URL_ALLOW_PRIVATE_NETWORKS=true\nAUTHORIZED_TOKENS__pod=${TOKEN}\n`,
    );
    this.#write(
      'opt/runner/.env',
      `# runner\nSTORAGE_DIR=${storage}   # own volume\nENCODING_TYPE=CPU\nRUNNER_TOKEN="${TOKEN}"\n`,
    );
    mkdirSync(path.join(this.directory, 'opt/manager/data'), { recursive: true, mode: 0o700 });
    chmodSync(path.join(this.directory, 'opt/manager/data'), 0o700);
    this.#write(
      'etc/passwd',
      'root:x:0:0:root:/root:/bin/bash\nesup-runner:x:999:999::/home/esup-runner:/bin/bash\n',
    );
    for (const role of ['manager', 'runner'])
      this.#write(`home/esup-runner/.config/systemd/user/esup-runner-${role}.service`, '[Unit]\n');
    this.#write('var/lib/systemd/linger/esup-runner', '');
    rmSync(path.join(this.directory, 'etc/systemd'), { recursive: true, force: true });
  }

  /** Changes lines of a `.env` by name. */
  setVariable(role: 'manager' | 'runner', name: string, value: string): void {
    this.append(`opt/${role}/.env`, `${name}=${value}\n`);
  }

  append(file: string, text: string): void {
    writeFileSync(path.join(this.directory, file), text, { flag: 'a' });
  }

  write(file: string, text: string): void {
    this.#write(file, text);
  }

  remove(file: string): void {
    rmSync(path.join(this.directory, file), { recursive: true, force: true });
  }

  mode(file: string, bits: number): void {
    chmodSync(path.join(this.directory, file), bits);
  }

  get inventoryText(): string {
    const { standIn, directory } = this;
    return this.edit(`
[esup_runner]
kind = "esup-runner"
pod_url = "http://127.0.0.1:${standIn.podPort}/"
root = "${directory}/opt"
${this.settings === null ? '' : `settings_file = "${this.settings}"`}
[esup_runner.manager]
address = "127.0.0.1"
url = "${this.scheme}://127.0.0.1:${standIn.managerPort}"
token = "${TOKEN}"
${standIn.state.runners
  .map(({ port }, i) => `[esup_runner.runners.runner${i + 1}]\naddress = "127.0.0.1"\nbase_port = ${port}\n`)
  .join('')}
`);
  }

  scheme: 'http' | 'https' = 'http';

  get targets(): ClusterTargets {
    const inventory = loadInventory({ path: 'cluster.toml', text: this.inventoryText }, () => '');
    return targetsOf(inventory, {
      isLocal: this.local,
      readText: () => '',
      resolvePath: (file) => file,
      bridgeCapacity: 80,
      neededBroadcasts: null,
    });
  }

  get ports(): CheckPorts {
    const { tables } = this;
    const ports = openCheckPorts({
      timeoutMs: 20_000,
      ffprobe: 'ffprobe',
      signal: AbortSignal.timeout(30_000),
      ...(tables === null ? {} : { podRunnerTables: () => Promise.resolve(tables) }),
    });
    return { ...ports, runnerHost: (machine, place) => readRunnerHost(machine, place, this.directory) };
  }

  async check(options: { probe?: boolean; only?: string[] } = {}): Promise<CheckReport> {
    const report = await runClusterCheck(this.targets, this.ports, {
      passive: false,
      probe: options.probe === true,
      only: options.only ?? [],
      memory: this.memory,
    });
    this.memory = report.memory;
    return report;
  }

  #write(file: string, text: string): void {
    const whole = path.join(this.directory, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode: 0o600 });
  }
}
