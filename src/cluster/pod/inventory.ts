import { z } from 'zod';
import { secret } from '../../kit/config/sections/values.js';
import { machineKeys, nodes, word } from '../inventory/values.js';

/** One Redis database, and the queues that live in it. */
const broker = z.strictObject({
  /** `redis://[:password@]host:6379/5`; or url_file. */
  url: secret(),
  queues: z.array(word()).min(1),
  /** Name of the set when the URL is sentinel://. */
  sentinel_master: z.string().default('mymaster'),
});
const workerNode = z.strictObject({
  ...machineKeys,
  queue: word(),
  concurrency: z.number().int().positive().default(1),
  /** Celery node name. Default QUEUE@NODE, as `-n QUEUE@%h` gives on a host of the node's name. */
  node_name: z
    .string()
    .regex(/^[\w.-]+@[\w.%-]+$/, { error: 'is no name@host' })
    .optional(),
  /** Celery application; known for Pod's own queues. */
  app: z
    .string()
    .regex(/^[\w.]+$/)
    .optional(),
  /** Path of the shared media directory on this worker, when it is not the backend's. */
  media_root: z.string().startsWith('/').optional(),
});
export type WorkerNode = z.infer<typeof workerNode>;

/** Applications of Pod's micro-services, by queue (Esup-Pod 4). */
const APPLICATIONS: Readonly<Record<string, string>> = {
  encoding: 'pod.video_encode_transcript.encoding_tasks',
  transcripting: 'pod.video_encode_transcript.transcripting_tasks',
  xapi: 'pod.xapi.xapi_tasks',
  celery: 'pod.main',
};

/** `[encoding]`: Pod's encoding, transcription and xAPI workers, their brokers, the share, Pod's REST, the LRS. */
export const encodingSection = z.strictObject({
  /** POD_API_URL, with /rest/ at its end. */
  pod_url: z.url().optional(),
  pod_token: secret().optional(),
  ca_file: z.string().optional(),
  /** Where Pod's code is, on the backend and on the workers. */
  pod_root: z.string().startsWith('/').default('/usr/local/django_projects/podv4'),
  venv: z.string().startsWith('/').default('/home/pod/.virtualenvs/django_pod4'),
  user: word().default('pod'),
  /** MEDIA_ROOT: the same absolute path everywhere. */
  media_root: z.string().startsWith('/').default('/usr/local/django_projects/podv4/pod/media'),
  /** NFS export that is mounted on `share_mount`, by default the directory of Pod's projects. */
  share: z.string().optional(),
  share_mount: z.string().startsWith('/').optional(),
  settings_file: z.string().optional(),
  lrs_url: z.url().optional(),
  lrs_login: z.string().optional(),
  lrs_password: secret().optional(),
  brokers: z.record(word(), broker).default({}),
  workers: nodes(workerNode),
  expected: z
    .strictObject({
      /** Minutes of video that arrive in the busiest hour. */
      minutes_per_hour: z.number().positive().optional(),
      /** Core-minutes per minute of video: `cluster plan --bench` measures it. */
      core_minutes: z.number().positive().default(4),
      /** Workers per queue. Default: those listed here. */
      workers: z.record(word(), z.number().int().nonnegative()).default({}),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      backlog_warning_hours: z.number().positive().default(1),
      backlog_critical_hours: z.number().positive().default(6),
      unacked_minutes: z.number().positive().default(45),
      task_hours: z.number().positive().default(6),
      disk_percent: z.number().positive().max(100).default(85),
      disk_critical_percent: z.number().positive().max(100).default(97),
    })
    .prefault({}),
});
export type EncodingInventory = z.infer<typeof encodingSection>;

/** Celery's name of a worker: its own, else QUEUE@NODE. */
export const celeryNameOf = (name: string, worker: WorkerNode): string =>
  worker.node_name ?? `${worker.queue}@${name}`;
/** The Celery application of a worker; null when its queue is none of Pod's and it names none. */
export const applicationOf = (worker: WorkerNode): string | null =>
  worker.app ?? APPLICATIONS[worker.queue] ?? null;
