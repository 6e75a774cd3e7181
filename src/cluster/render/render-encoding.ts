import { localized } from '../../kit/output/localized.js';
import { applicationOf, type EncodingInventory, type WorkerNode } from '../pod/inventory.js';
import { fillTemplate, pythonString } from './fill-template.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';
import { MISSING_SECRET } from './render-jitsi.js';

const BROKER_SETTING: Readonly<Record<string, string>> = {
  encoding: 'ENCODING_TRANSCODING_CELERY_BROKER_URL',
  transcripting: 'ENCODING_TRANSCODING_CELERY_BROKER_URL',
  xapi: 'XAPI_CELERY_BROKER_URL',
  celery: 'CELERY_BROKER_URL',
};

/** Stop timeout: a video of several hours must end before systemd kills its encoding. */
const STOP_HOURS = 12;

export const brokerUrl = (encoding: EncodingInventory, queue: string): string =>
  Object.values(encoding.brokers)
    .find(({ queues }) => queues.includes(queue))
    ?.url.reveal() ?? MISSING_SECRET;

/** Where the share is mounted: given, else the directory of Pod's code, which the share holds. */
export const shareMountOf = (encoding: EncodingInventory): string =>
  encoding.share_mount ?? encoding.pod_root;

/** The unit and the settings block of one worker. */
export function renderWorker(
  name: string,
  encoding: EncodingInventory,
  templates: Templates,
): RenderedFile[] {
  const worker = encoding.workers[name];
  if (worker === undefined) return [];
  const unit = fillTemplate(templateOf(templates, 'celery-worker.service'), {
    node: name,
    queue: worker.queue,
    user: encoding.user,
    podRoot: encoding.pod_root,
    venv: encoding.venv,
    shareMount: shareMountOf(encoding),
    app: applicationOf(worker) ?? 'pod.main',
    concurrency: worker.concurrency,
    nodeName: (worker.node_name ?? `${worker.queue}@%h`).replaceAll('%', '%%'),
    stopSeconds: `${STOP_HOURS}h`,
  });
  return [
    { node: name, path: `etc/systemd/system/${unitOf(worker)}`, text: unit, mode: 0o644 },
    {
      node: name,
      path: 'settings_local.py',
      text: workerSettings(name, worker, encoding, templates),
      mode: 0o600,
    },
  ];
}

/** `celery-encoding.service`. */
export const unitOf = ({ queue }: WorkerNode): string => `celery-${queue}.service`;

function workerSettings(
  node: string,
  worker: WorkerNode,
  encoding: EncodingInventory,
  templates: Templates,
): string {
  const setting = BROKER_SETTING[worker.queue] ?? 'CELERY_BROKER_URL';
  return fillTemplate(templateOf(templates, 'settings-worker.py'), {
    node,
    queue: worker.queue,
    broker: [
      ...(setting.startsWith('ENCODING') ? ['USE_REMOTE_ENCODING_TRANSCODING = True'] : []),
      `${setting} = ${pythonString(brokerUrl(encoding, worker.queue))}`,
    ].join('\n'),
    podUrl: pythonString(encoding.pod_url ?? MISSING_SECRET),
    podToken: pythonString(encoding.pod_token?.reveal() ?? MISSING_SECRET),
    mediaRoot: pythonString(worker.media_root ?? encoding.media_root),
    more:
      worker.queue === 'xapi'
        ? xapiSettings(encoding)
        : worker.queue === 'transcripting'
          ? transcription()
          : '',
  });
}

const transcription = (): string =>
  [
    'USE_TRANSCRIPTION = True',
    'TRANSCRIPTION_TYPE = "WHISPER"',
    localized(
      '# The models must be readable here as on the backend.',
      '# Les modèles doivent être lisibles ici comme sur le serveur.',
    ),
    'TRANSCRIPTION_MODEL_PARAM = {',
    '    "WHISPER": {',
    '        "fr": {"model": "small", "download_root": "/usr/local/django_projects/transcription/whisper/"},',
    '        "en": {"model": "small", "download_root": "/usr/local/django_projects/transcription/whisper/"},',
    '    }',
    '}',
  ].join('\n');

const xapiSettings = (encoding: EncodingInventory): string =>
  [
    'USE_XAPI = True',
    'USE_XAPI_VIDEO = True',
    localized(
      '# True keeps personal data out of the learning record store.',
      '# True garde les données personnelles hors du magasin de traces (LRS).',
    ),
    'XAPI_ANONYMIZE_ACTOR = True',
    `XAPI_LRS_URL = ${pythonString(encoding.lrs_url ?? MISSING_SECRET)}`,
    `XAPI_LRS_LOGIN = ${pythonString(encoding.lrs_login ?? MISSING_SECRET)}`,
    `XAPI_LRS_PWD = ${pythonString(encoding.lrs_password?.reveal() ?? MISSING_SECRET)}`,
  ].join('\n');

/** The settings block of Pod's backend. */
export function renderBackend(encoding: EncodingInventory, templates: Templates): RenderedFile[] {
  const queues = Object.values(encoding.workers).map(({ queue }) => queue);
  const text = fillTemplate(templateOf(templates, 'settings-backend.py'), {
    broker: pythonString(brokerUrl(encoding, 'encoding')),
    podUrl: pythonString(encoding.pod_url ?? MISSING_SECRET),
    podToken: pythonString(encoding.pod_token?.reveal() ?? MISSING_SECRET),
    transcription: queues.includes('transcripting') ? transcription() : '',
    xapi: queues.includes('xapi')
      ? `XAPI_CELERY_BROKER_URL = ${pythonString(brokerUrl(encoding, 'xapi'))}\n${xapiSettings(encoding)}`
      : '',
  });
  return [{ node: 'pod-backend', path: 'settings_local.py', text, mode: 0o600 }];
}
