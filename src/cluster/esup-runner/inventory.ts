import { z } from 'zod';
import { secret } from '../../kit/config/sections/values.js';
import { bracket, machineKeys, nodes, port, word } from '../inventory/values.js';

/** Types of tasks that Pod sends (Esup-Pod 4.2, video_encode_transcript/models.py). */
const taskType = () => z.enum(['encoding', 'studio', 'transcription']);

const manager = z.strictObject({
  ...machineKeys,
  port: port(8081),
  /** Base URL as Pod has it (Admin > Runner managers). Default http://ADDRESS:PORT. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** AUTHORIZED_TOKENS__pod of the manager, which is the token of Pod's runner manager. */
  token: secret().optional(),
});
const runner = z.strictObject({
  ...machineKeys,
  /** RUNNER_BASE_PORT; instances listen on it and on the ports that follow. */
  base_port: port(8082),
  instances: z.number().int().min(1).max(64).default(1),
  task_types: z.array(taskType()).min(1).default(['encoding', 'studio']),
  gpu: z.boolean().default(false),
});
export type ManagerNode = z.infer<typeof manager>;
export type RunnerNode = z.infer<typeof runner>;

/** `[esup_runner]`, kind "esup-runner": the manager, its runners, and the Pod that sends them work. */
export const esupRunnerSection = z.strictObject({
  kind: z.literal('esup-runner').default('esup-runner'),
  /** What visitors type; the webhook stands below it. */
  pod_url: z.url({ protocol: /^https?$/ }).optional(),
  pod_root: z.string().startsWith('/').default('/usr/local/django_projects/podv4'),
  venv: z.string().startsWith('/').default('/home/pod/.virtualenvs/django_pod4'),
  pod_user: word().default('pod'),
  settings_file: z.string().optional(),
  ca_file: z.string().optional(),
  /** Path of one public media file of Pod, for R38; else that of the newest task. */
  sample_media: z.string().startsWith('/').optional(),
  /** This machine stands outside the network: what answers here is open to the world (R18). */
  outside: z.boolean().default(false),
  /** Directory of the checkout and user of the units, on the manager and on the runners. */
  root: z.string().startsWith('/').default('/opt/esup-runner'),
  user: word().default('esup-runner'),
  /** STORAGE_DIR of rendered runners. */
  storage: z.string().startsWith('/').default('/srv/esup-runner'),
  /** RUNNERS_STORAGE_ENABLED: the manager reads `storage` itself, by a mount of the same share. */
  shared_storage: z.boolean().default(false),
  manager,
  runners: nodes(runner),
  /** RUNNER_TOKEN of the runners, AUTHORIZED_TOKENS__runners of the manager. */
  runner_token: secret().optional(),
  expected: z
    .strictObject({
      /** Hours of video that arrive on a full day. */
      hours_per_day: z.number().positive().optional(),
      /** Hours of the day in which they must be done. */
      busy_hours: z.number().positive().max(24).default(10),
      /** Hours of video that one instance encodes in an hour. Default: measured, else from cores. */
      speed: z.number().positive().optional(),
      /** Instances that must be registered. Default: those listed here. */
      instances: z.number().int().positive().optional(),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      certificate_days: z.number().positive().default(21),
      heartbeat_warning: z.number().positive().default(30),
      heartbeat_critical: z.number().positive().default(60),
      idle_busy_minutes: z.number().positive().default(10),
      pending_minutes: z.number().positive().default(15),
      running_hours: z.number().positive().default(2),
      studio_hours: z.number().positive().default(6),
      failed_percent: z.number().nonnegative().max(100).default(10),
      disk_percent: z.number().positive().max(100).default(75),
      disk_critical_percent: z.number().positive().max(100).default(90),
    })
    .prefault({}),
});
export type EsupRunnerInventory = z.infer<typeof esupRunnerSection>;

/** Base URL of the manager, without a final slash. */
export const managerUrlOf = ({ manager: { url, address, port: own } }: EsupRunnerInventory): string =>
  (url ?? `http://${bracket(address)}:${own}`).replace(/\/+$/, '');

/** One process of a runner: what the manager calls a runner. */
export interface RunnerInstance {
  /** The node's name, with its port when the node has several. */
  readonly name: string;
  readonly node: string;
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Instances of a node: RUNNER_BASE_PORT and the ports that follow (runner/app/core/config.py). */
export const instancesOf = (
  name: string,
  { address, base_port: base, instances }: RunnerNode,
): RunnerInstance[] =>
  Array.from({ length: instances }, (_, i) => ({
    name: instances === 1 ? name : `${name}:${base + i}`,
    node: name,
    host: address,
    port: base + i,
    url: `http://${bracket(address)}:${base + i}`,
  }));
