import { applicationOf, celeryNameOf, type EncodingInventory, type WorkerNode } from '../pod/inventory.js';
import type { RenderedFile, Templates } from './layout.js';
import { brokerUrl, shareMountOf, unitOf } from './render-encoding.js';
import { addresses, nodeRunbook, rolePage } from './runbook.js';

/** Debian packages and Pod's requirement files by queue (Esup-Pod 4). */
const NEEDS: Readonly<Record<string, { packages: string; requirements: readonly string[] }>> = {
  encoding: { packages: 'ffmpeg ffmpegthumbnailer imagemagick', requirements: ['requirements-encode.txt'] },
  transcripting: {
    packages: 'ffmpeg sox libsox-fmt-mp3',
    requirements: ['requirements-transcripts.txt', 'requirements-encode.txt'],
  },
  xapi: { packages: '', requirements: ['requirements-encode.txt'] },
};

/** Runbooks of the backend and of each worker. Docker images of the workers are out of scope. */
export const encodingRunbooks = (encoding: EncodingInventory, templates: Templates): RenderedFile[] => [
  backendRunbook(encoding, templates),
  ...Object.entries(encoding.workers).map(([name, worker]) =>
    workerRunbook(name, worker, encoding, templates),
  ),
  rolePage(templates, 'add-worker'),
  rolePage(templates, 'remove-worker'),
];

const hostOf = (url: string): { redisHost: string; redisPort: string } => {
  const found = /@?([^@/:]+)(?::(\d+))?(?:\/\d*)?$/.exec(url);
  return { redisHost: found?.[1] ?? 'REDIS', redisPort: found?.[2] ?? '6379' };
};

function backendRunbook(encoding: EncodingInventory, templates: Templates): RenderedFile {
  const redis = hostOf(brokerUrl(encoding, 'encoding'));
  const workers = [...new Set(addresses(encoding.workers))].join(', ');
  return nodeRunbook(templates, 'pod-backend', 'pod-backend', {
    ...redis,
    workers,
    share: encoding.share ?? '',
    shareMount: shareMountOf(encoding),
    user: encoding.user,
    settingsFile: encoding.settings_file ?? `${encoding.pod_root}/pod/custom/settings_local.py`,
    podUrl: encoding.pod_url ?? 'POD_API_URL',
  });
}

function workerRunbook(
  name: string,
  worker: WorkerNode,
  encoding: EncodingInventory,
  templates: Templates,
): RenderedFile {
  const { queue, media_root: mediaRoot = encoding.media_root } = worker;
  const { packages, requirements } = NEEDS[queue] ?? {
    packages: '',
    requirements: ['requirements-encode.txt'],
  };
  return nodeRunbook(templates, 'worker', name, {
    ...hostOf(brokerUrl(encoding, queue)),
    queue,
    celeryName: celeryNameOf(name, worker),
    application: applicationOf(worker) ?? '?',
    packages,
    requirements: requirements.map((file) => ({ file })),
    user: encoding.user,
    shareMount: shareMountOf(encoding),
    share: encoding.share ?? 'SERVER:/EXPORT',
    mediaRoot,
    podUrl: encoding.pod_url ?? 'POD_API_URL',
    podRoot: encoding.pod_root,
    venv: encoding.venv,
    unit: unitOf(worker),
  });
}
