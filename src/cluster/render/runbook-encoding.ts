import { applicationOf, celeryNameOf, type EncodingInventory, type WorkerNode } from '../pod/inventory.js';
import type { RenderedFile } from './layout.js';
import { brokerUrl, shareMountOf, unitOf } from './render-encoding.js';
import { runbook } from './runbook.js';

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
export function encodingRunbooks(encoding: EncodingInventory): RenderedFile[] {
  return [
    backendRunbook(encoding),
    ...Object.entries(encoding.workers).map(([name, worker]) => workerRunbook(name, worker, encoding)),
    runbook(
      'runbooks',
      'Add a worker',
      [
        {
          title: 'Write it down',
          why: 'Add `[encoding.workers.NAME]` to cluster.toml. Its Celery name must be its own: two workers of one name hide each other.',
          commands: ['bbb2pod cluster render --output cluster --diff'],
        },
        {
          title: 'Build it',
          why: 'Follow cluster/NAME/RUNBOOK.md. Nothing else is restarted: it takes jobs as soon as it answers.',
        },
        { title: 'See it work', commands: ['bbb2pod cluster queue', 'bbb2pod cluster check'] },
      ],
      'add-worker.md',
    ),
    runbook(
      'runbooks',
      'Remove a worker',
      [
        {
          title: 'Take it out',
          why: 'It ends its current job and takes no other.',
          commands: ['bbb2pod cluster drain NAME --apply'],
        },
        {
          title: 'Stop it',
          why: 'TERM gives prefetched jobs back to the queue. Never kill -9: the video under way would be lost, and stay "encoding in progress" for ever.',
          commands: ['systemctl disable --now celery-QUEUE.service'],
        },
        { title: 'Forget it', why: 'Remove it from cluster.toml.', commands: ['bbb2pod cluster check'] },
      ],
      'remove-worker.md',
    ),
  ];
}

const hostOf = (url: string): { host: string; port: string } => {
  const found = /@?([^@/:]+)(?::(\d+))?(?:\/\d*)?$/.exec(url);
  return { host: found?.[1] ?? 'REDIS', port: found?.[2] ?? '6379' };
};

const backendRunbook = (encoding: EncodingInventory): RenderedFile => {
  const { host, port } = hostOf(brokerUrl(encoding, 'encoding'));
  const workers = Object.values(encoding.workers).map(({ address }) => address);
  return runbook('pod-backend', 'Pod backend, Redis and the share', [
    {
      title: 'Open the ports',
      why: 'Redis and NFS for the workers, and for nobody else; Pod itself as it is. Names must be resolved for the firewall.',
      commands: [
        `# on ${host}, and 2049 on the machine that exports the share:`,
        `nft add rule inet filter input ip saddr { ${[...new Set(workers)].join(', ')} } tcp dport ${port} accept`,
        `nft add rule inet filter input ip saddr { ${[...new Set(workers)].join(', ')} } tcp dport 2049 accept`,
      ],
    },
    {
      title: 'Give Redis a password and no eviction',
      why: "A queue must never be evicted, and Redis without a password is anybody's.",
      commands: [
        'redis-cli CONFIG GET maxmemory-policy   # noeviction',
        'redis-cli CONFIG GET requirepass        # not empty',
      ],
    },
    {
      title: 'Share the directory',
      why: `${encoding.share ?? 'The NFS export (share = … in cluster.toml)'} is mounted on ${shareMountOf(encoding)} everywhere: the same absolute path on backend and workers.`,
      commands: [`exportfs -v`, `id ${encoding.user}   # the same uid and gid on every machine`],
    },
    {
      title: 'Change the settings',
      why: `Paste pod-backend/settings_local.py into ${encoding.settings_file ?? `${encoding.pod_root}/pod/custom/settings_local.py`}, replacing what is there. Then restart Pod.`,
    },
    {
      title: 'Verify',
      commands: [
        `curl -s -o /dev/null -w '%{http_code}\\n' -H @/etc/bbb2pod/pod.header ${encoding.pod_url ?? 'POD_API_URL'}   # 200: known and staff; 301: wrong address; 403: not staff`,
        'bbb2pod cluster check',
      ],
    },
  ]);
};

function workerRunbook(name: string, worker: WorkerNode, encoding: EncodingInventory): RenderedFile {
  const { host, port } = hostOf(brokerUrl(encoding, worker.queue));
  const mount = shareMountOf(encoding);
  const needs = NEEDS[worker.queue] ?? { packages: '', requirements: ['requirements-encode.txt'] };
  const python = `${encoding.venv}/bin`;
  return runbook(name, `${name}: Pod's ${worker.queue} worker`, [
    {
      title: 'Name the machine',
      why: `Celery's name of this worker is ${celeryNameOf(name, worker)}.`,
      commands: [`hostnamectl set-hostname ${name}`],
    },
    {
      title: 'Install',
      commands: ['apt update', `apt install python3-venv nfs-common ${needs.packages}`.trim()],
    },
    {
      title: 'Make the user',
      why: 'With the uid and gid that Pod has on the backend: files on the share belong to them.',
      commands: [
        `getent passwd ${encoding.user} || useradd --create-home --uid UID_OF_THE_BACKEND ${encoding.user}`,
      ],
    },
    {
      title: 'Mount the share',
      commands: [
        `install -d ${mount}`,
        `echo '${encoding.share ?? 'SERVER:/EXPORT'} ${mount} nfs defaults,_netdev,hard 0 0' >> /etc/fstab`,
        'systemctl daemon-reload',
        `mount ${mount} && findmnt ${mount}`,
        `runuser -u ${encoding.user} -- test -w ${worker.media_root ?? encoding.media_root} && echo writable`,
      ],
    },
    {
      title: 'Reach Redis and Pod',
      why: 'Outgoing only: a worker listens on nothing.',
      commands: [
        `timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo reachable`,
        `curl -sI ${encoding.pod_url ?? 'POD_API_URL'} | head -1`,
      ],
    },
    {
      title: 'Make the virtualenv',
      commands: [
        `runuser -u ${encoding.user} -- python3 -m venv ${encoding.venv}`,
        ...needs.requirements.map(
          (file) =>
            `runuser -u ${encoding.user} -- ${python}/pip install --no-cache-dir -r ${encoding.pod_root}/${file}`,
        ),
      ],
    },
    {
      title: 'Check the settings',
      why: `Paste ${name}/settings_local.py into the settings that this worker reads. Without the broker's line a worker listens to a queue of its own machine.`,
    },
    {
      title: 'Start',
      commands: [
        `install -m 644 ${name}/etc/systemd/system/${unitOf(worker)} /etc/systemd/system/`,
        'systemctl daemon-reload',
        `systemctl enable --now ${unitOf(worker)}`,
      ],
    },
    {
      title: 'Verify',
      why: `It answers by its own name and consumes ${worker.queue} (application ${applicationOf(worker) ?? '?'}).`,
      commands: [
        `journalctl -u ${unitOf(worker)} -n 20   # "ready."`,
        'bbb2pod cluster queue',
        'bbb2pod cluster check',
      ],
    },
  ]);
}
