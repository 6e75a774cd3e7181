import { localized } from '../../kit/output/localized.js';
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
      localized('Add a worker', 'Ajouter un worker'),
      [
        {
          title: localized('Write it down', 'Le noter'),
          why: localized(
            'Add `[encoding.workers.NAME]` to cluster.toml. Its Celery name must be its own: two workers of one name hide each other.',
            "Ajoutez `[encoding.workers.NAME]` à cluster.toml. Son nom Celery doit être le sien : de deux workers du même nom, l'un cache l'autre.",
          ),
          commands: ['bbb2pod cluster render --output cluster --diff'],
        },
        {
          title: localized('Build it', 'Le construire'),
          why: localized(
            'Follow cluster/NAME/RUNBOOK.md. Nothing else is restarted: it takes jobs as soon as it answers.',
            "Suivez cluster/NAME/RUNBOOK.md. Rien d'autre n'est redémarré : il prend des travaux dès qu'il répond.",
          ),
        },
        {
          title: localized('See it work', 'Le voir travailler'),
          commands: ['bbb2pod cluster queue', 'bbb2pod cluster check'],
        },
      ],
      'add-worker.md',
    ),
    runbook(
      'runbooks',
      localized('Remove a worker', 'Retirer un worker'),
      [
        {
          title: localized('Take it out', 'Le sortir du service'),
          why: localized(
            'It ends its current job and takes no other.',
            "Il finit son travail en cours et n'en prend pas d'autre.",
          ),
          commands: ['bbb2pod cluster drain NAME --apply'],
        },
        {
          title: localized('Stop it', "L'arrêter"),
          why: localized(
            'TERM gives prefetched jobs back to the queue. Never kill -9: the video under way would be lost, and stay "encoding in progress" for ever.',
            'TERM rend à la file les travaux réservés. Jamais kill -9 : la vidéo en cours serait perdue, et resterait « encodage en cours » pour toujours.',
          ),
          commands: ['systemctl disable --now celery-QUEUE.service'],
        },
        {
          title: localized('Forget it', "L'oublier"),
          why: localized('Remove it from cluster.toml.', 'Ôtez-le de cluster.toml.'),
          commands: ['bbb2pod cluster check'],
        },
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
  return runbook(
    'pod-backend',
    localized('Pod backend, Redis and the share', 'Serveur Pod, Redis et partage'),
    [
      {
        title: localized('Open the ports', 'Ouvrir les ports'),
        why: localized(
          'Redis and NFS for the workers, and for nobody else; Pod itself as it is. Names must be resolved for the firewall.',
          "Redis et NFS pour les workers, et pour personne d'autre ; Pod lui-même comme il est. Les noms doivent être résolus pour le pare-feu.",
        ),
        commands: [
          `# ${localized(`on ${host}, and 2049 on the machine that exports the share`, `sur ${host}, et 2049 sur la machine qui exporte le partage`)}:`,
          `nft add rule inet filter input ip saddr { ${[...new Set(workers)].join(', ')} } tcp dport ${port} accept`,
          `nft add rule inet filter input ip saddr { ${[...new Set(workers)].join(', ')} } tcp dport 2049 accept`,
        ],
      },
      {
        title: localized(
          'Give Redis a password and no eviction',
          'Donner à Redis un mot de passe, sans éviction',
        ),
        why: localized(
          "A queue must never be evicted, and Redis without a password is anybody's.",
          'Une file ne doit jamais être évincée, et un Redis sans mot de passe est à tout le monde.',
        ),
        commands: [
          'redis-cli CONFIG GET maxmemory-policy   # noeviction',
          `redis-cli CONFIG GET requirepass        # ${localized('not empty', 'pas vide')}`,
        ],
      },
      {
        title: localized('Share the directory', 'Partager le dossier'),
        why: `${encoding.share ?? localized('The NFS export (share = … in cluster.toml)', "L'export NFS (share = … dans cluster.toml)")}${localized(` is mounted on ${shareMountOf(encoding)} everywhere: the same absolute path on backend and workers.`, ` est monté sur ${shareMountOf(encoding)} partout : le même chemin absolu sur le serveur et les workers.`)}`,
        commands: [
          `exportfs -v`,
          `id ${encoding.user}   # ${localized('the same uid and gid on every machine', 'les mêmes uid et gid sur chaque machine')}`,
        ],
      },
      {
        title: localized('Change the settings', 'Changer les réglages'),
        why: localized(
          `Paste pod-backend/settings_local.py into ${encoding.settings_file ?? `${encoding.pod_root}/pod/custom/settings_local.py`}, replacing what is there. Then restart Pod.`,
          `Collez pod-backend/settings_local.py dans ${encoding.settings_file ?? `${encoding.pod_root}/pod/custom/settings_local.py`}, à la place de ce qui y est. Puis redémarrez Pod.`,
        ),
      },
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          `curl -s -o /dev/null -w '%{http_code}\\n' -H @/etc/bbb2pod/pod.header ${encoding.pod_url ?? 'POD_API_URL'}   # ${localized('200: known and staff; 301: wrong address; 403: not staff', '200 : connu et « staff » ; 301 : mauvaise adresse ; 403 : pas « staff »')}`,
          'bbb2pod cluster check',
        ],
      },
    ],
  );
};

function workerRunbook(name: string, worker: WorkerNode, encoding: EncodingInventory): RenderedFile {
  const { host, port } = hostOf(brokerUrl(encoding, worker.queue));
  const mount = shareMountOf(encoding);
  const needs = NEEDS[worker.queue] ?? { packages: '', requirements: ['requirements-encode.txt'] };
  const python = `${encoding.venv}/bin`;
  return runbook(
    name,
    localized(`${name}: Pod's ${worker.queue} worker`, `${name} : worker ${worker.queue} de Pod`),
    [
      {
        title: localized('Name the machine', 'Nommer la machine'),
        why: localized(
          `Celery's name of this worker is ${celeryNameOf(name, worker)}.`,
          `Le nom Celery de ce worker est ${celeryNameOf(name, worker)}.`,
        ),
        commands: [`hostnamectl set-hostname ${name}`],
      },
      {
        title: localized('Install', 'Installer'),
        commands: ['apt update', `apt install python3-venv nfs-common ${needs.packages}`.trim()],
      },
      {
        title: localized('Make the user', "Créer l'utilisateur"),
        why: localized(
          'With the uid and gid that Pod has on the backend: files on the share belong to them.',
          "Avec l'uid et le gid que Pod a sur le serveur : les fichiers du partage leur appartiennent.",
        ),
        commands: [
          `getent passwd ${encoding.user} || useradd --create-home --uid UID_OF_THE_BACKEND ${encoding.user}`,
        ],
      },
      {
        title: localized('Mount the share', 'Monter le partage'),
        commands: [
          `install -d ${mount}`,
          `echo '${encoding.share ?? 'SERVER:/EXPORT'} ${mount} nfs defaults,_netdev,hard 0 0' >> /etc/fstab`,
          'systemctl daemon-reload',
          `mount ${mount} && findmnt ${mount}`,
          `runuser -u ${encoding.user} -- test -w ${worker.media_root ?? encoding.media_root} && echo writable`,
        ],
      },
      {
        title: localized('Reach Redis and Pod', 'Joindre Redis et Pod'),
        why: localized(
          'Outgoing only: a worker listens on nothing.',
          "En sortie seulement : un worker n'écoute rien.",
        ),
        commands: [
          `timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo reachable`,
          `curl -sI ${encoding.pod_url ?? 'POD_API_URL'} | head -1`,
        ],
      },
      {
        title: localized('Make the virtualenv', "Créer l'environnement Python"),
        commands: [
          `runuser -u ${encoding.user} -- python3 -m venv ${encoding.venv}`,
          ...needs.requirements.map(
            (file) =>
              `runuser -u ${encoding.user} -- ${python}/pip install --no-cache-dir -r ${encoding.pod_root}/${file}`,
          ),
        ],
      },
      {
        title: localized('Check the settings', 'Vérifier les réglages'),
        why: localized(
          `Paste ${name}/settings_local.py into the settings that this worker reads. Without the broker's line a worker listens to a queue of its own machine.`,
          `Collez ${name}/settings_local.py dans les réglages que lit ce worker. Sans la ligne du broker, un worker écoute une file de sa propre machine.`,
        ),
      },
      {
        title: localized('Start', 'Démarrer'),
        commands: [
          `install -m 644 ${name}/etc/systemd/system/${unitOf(worker)} /etc/systemd/system/`,
          'systemctl daemon-reload',
          `systemctl enable --now ${unitOf(worker)}`,
        ],
      },
      {
        title: localized('Verify', 'Vérifier'),
        why: localized(
          `It answers by its own name and consumes ${worker.queue} (application ${applicationOf(worker) ?? '?'}).`,
          `Il répond par son propre nom et consomme ${worker.queue} (application ${applicationOf(worker) ?? '?'}).`,
        ),
        commands: [
          `journalctl -u ${unitOf(worker)} -n 20   # "ready."`,
          'bbb2pod cluster queue',
          'bbb2pod cluster check',
        ],
      },
    ],
  );
}
