import type { Secret } from '../../kit/config/secret.js';
import { instancesOf, managerUrlOf, type EsupRunnerInventory, type RunnerInstance } from './inventory.js';

/** A machine of esup-runner whose files this machine may read: it is this one. */
export interface RunnerMachine {
  readonly node: string;
  readonly role: 'manager' | 'runner';
}

/** What one check of esup-runner asks, and of whom. */
export interface EsupRunnerTargets {
  readonly managerUrl: string;
  readonly managerHost: string;
  readonly managerLocal: boolean;
  readonly token: Secret | null;
  readonly instances: readonly RunnerInstance[];
  readonly expectedInstances: number;
  /** Types that some instance must serve. */
  readonly taskTypes: readonly string[];
  readonly nodes: readonly RunnerNodeTarget[];
  /** `https://pod.univ.fr/`, with its final slash; null: not given. */
  readonly podUrl: string | null;
  readonly settingsFile: string | null;
  readonly sampleMedia: string | null;
  readonly outside: boolean;
  readonly authorities: string | null;
  readonly machines: readonly RunnerMachine[];
  readonly root: string;
  readonly user: string;
  readonly podUser: string;
  readonly podRoot: string;
  readonly venv: string;
  readonly thresholds: EsupRunnerInventory['thresholds'];
}

export interface RunnerNodeTarget {
  readonly name: string;
  readonly host: string;
  readonly local: boolean;
  readonly basePort: number;
  readonly instances: number;
}

/** Turns `[esup_runner]` into targets. @param podUrl of another section, when this one names none */
export function esupRunnerTargets(
  inventory: EsupRunnerInventory,
  machine: {
    isLocal(host: string): boolean;
    readText(file: string): string;
    resolvePath(file: string): string;
  },
  podUrl: string | undefined,
): EsupRunnerTargets {
  const { manager, runners, expected } = inventory;
  const entries = Object.entries(runners);
  const instances = entries.flatMap(([name, node]) => instancesOf(name, node));
  const site = inventory.pod_url ?? podUrl?.replace(/rest\/?$/, '');
  return {
    managerUrl: managerUrlOf(inventory),
    managerHost: manager.address,
    managerLocal: machine.isLocal(manager.address),
    token: manager.token ?? null,
    instances,
    expectedInstances: expected.instances ?? instances.length,
    taskTypes: [...new Set(entries.flatMap(([, { task_types: types }]) => types))],
    nodes: entries.map(([name, { address, base_port: basePort, instances: count }]) => ({
      name,
      host: address,
      local: machine.isLocal(address),
      basePort,
      instances: count,
    })),
    podUrl: site === undefined ? null : site.replace(/\/*$/, '/'),
    settingsFile: inventory.settings_file === undefined ? null : machine.resolvePath(inventory.settings_file),
    sampleMedia: inventory.sample_media ?? null,
    outside: inventory.outside,
    authorities: inventory.ca_file === undefined ? null : machine.readText(inventory.ca_file),
    machines: [
      ...(machine.isLocal(manager.address) ? [{ node: 'manager', role: 'manager' as const }] : []),
      // Nodes that are this machine share its files.
      ...entries
        .flatMap(([name, { address }]) =>
          machine.isLocal(address) ? [{ node: name, role: 'runner' as const }] : [],
        )
        .slice(0, 1),
    ],
    root: inventory.root,
    user: inventory.user,
    podUser: inventory.pod_user,
    podRoot: inventory.pod_root,
    venv: inventory.venv,
    thresholds: inventory.thresholds,
  };
}
