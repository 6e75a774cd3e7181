import { localized } from '../../kit/output/localized.js';
import { userUnit } from '../drain/runner-commands.js';
import {
  instancesOf,
  managerUrlOf,
  type EsupRunnerInventory,
  type RunnerNode,
} from '../esup-runner/inventory.js';
import type { RenderedFile } from './layout.js';
import { POD_NODE, reportUrlOf, unitPath } from './render-runner.js';
import { copyFiles, openPorts, runbook, type Step } from './runbook.js';

/** Runbooks of the manager, of each runner, of Pod, and of adding and removing a runner. */
export function esupRunnerRunbooks(inventory: EsupRunnerInventory): RenderedFile[] {
  return [
    managerRunbook(inventory),
    ...Object.entries(inventory.runners).map(([name, node]) => runnerRunbook(name, node, inventory)),
    podRunbook(inventory),
    runbook('runbooks', localized('Add a runner', 'Ajouter un runner'), addRunner(), 'add-runner.md'),
    runbook(
      'runbooks',
      localized('Remove a runner', 'Retirer un runner'),
      removeRunner(inventory),
      'remove-runner.md',
    ),
  ];
}

const systemctl = (user: string, verb: 'start' | 'restart' | 'stop', unit: string): string =>
  userUnit(user, verb, unit).join(' ');

/** User, checkout and directories, the same on each machine. @param role folder of the checkout */
function install(
  { root, user, storage }: EsupRunnerInventory,
  role: 'manager' | 'runner',
  packages: string,
): Step[] {
  return [
    {
      title: localized('Install', 'Installer'),
      commands: ['apt update', `apt install git make curl ${packages}`.trim()],
    },
    {
      title: localized('Make the user, let it linger', "Créer l'utilisateur, garder ses services"),
      why: localized(
        'Units of a user stop with its session and do not start at boot, unless it lingers.',
        "Les unités d'un utilisateur s'arrêtent avec sa session et ne démarrent pas avec la machine, sauf « linger ».",
      ),
      commands: [
        `id ${user} || useradd --create-home --shell /bin/bash ${user}`,
        `loginctl enable-linger ${user}`,
        `install -d -o ${user} -g ${user} -m 750 /var/log/esup-runner${role === 'runner' ? ` ${storage}` : ''}`,
      ],
    },
    {
      title: localized('Fetch esup-runner', 'Récupérer esup-runner'),
      why: localized(
        'The same MAJOR.MINOR everywhere: the manager answers 409 to any other runner.',
        'Le même MAJEUR.MINEUR partout : le gestionnaire répond 409 à tout autre runner.',
      ),
      commands: [
        `git clone https://github.com/EsupPortail/esup-runner ${root} && chown -R ${user}: ${root}`,
        `su - ${user} -c 'curl -LsSf https://astral.sh/uv/install.sh | sh'`,
        `su - ${user} -c 'cd ${root}/${role} && make sync init'`,
      ],
    },
  ];
}

const startUnit = ({ root, user }: EsupRunnerInventory, role: 'manager' | 'runner'): Step => ({
  title: localized('Start', 'Démarrer'),
  why: localized(
    `The unit belongs to the user (/${unitPath(user, role)}). An old one in /etc/systemd/system takes its port: it goes.`,
    `L'unité appartient à l'utilisateur (/${unitPath(user, role)}). Une ancienne dans /etc/systemd/system prend son port : elle s'en va.`,
  ),
  commands: [
    `chown -R ${user}: /home/${user}/.config ${root}/${role}/.env && chmod 600 ${root}/${role}/.env`,
    `systemctl disable --now esup-runner-${role}.service; rm -f /etc/systemd/system/esup-runner-${role}.service; systemctl daemon-reload`,
    `su - ${user} -c 'cd ${root}/${role} && uv run scripts/check_config.py'   # 2: ${localized('invalid', 'invalide')}`,
    `systemctl --user -M ${user}@.host daemon-reload && systemctl --user -M ${user}@.host enable esup-runner-${role}`,
    systemctl(user, 'restart', `esup-runner-${role}`),
  ],
});

function managerRunbook(inventory: EsupRunnerInventory): RenderedFile {
  const { manager, root, user } = inventory;
  const url = managerUrlOf(inventory);
  const secure = url.startsWith('https:');
  const host = new URL(url).hostname;
  const runners = [...new Set(Object.values(inventory.runners).map(({ address }) => address))];
  const missing = [
    ...(manager.token === undefined ? ['AUTHORIZED_TOKENS__pod'] : []),
    ...(inventory.runner_token === undefined ? ['AUTHORIZED_TOKENS__runners'] : []),
  ];
  return runbook(
    'manager',
    localized(`esup-runner's manager (${url})`, `gestionnaire d'esup-runner (${url})`),
    [
      ...install(inventory, 'manager', secure ? 'nginx certbot' : ''),
      {
        title: localized('Open the ports', 'Ouvrir les ports'),
        why: localized(
          `Runners report to ${reportUrlOf(inventory)}; Pod asks at ${url}.`,
          `Les runners rendent compte à ${reportUrlOf(inventory)} ; Pod demande à ${url}.`,
        ),
        commands: openPorts([
          { from: runners, to: `tcp dport ${manager.port}` },
          ...(secure ? [{ from: [], to: 'tcp dport { 80, 443 }' }] : []),
        ]),
      },
      {
        title: localized('Copy the files', 'Copier les fichiers'),
        commands: copyFiles('manager', manager.address, [
          root.split('/')[1] ?? 'opt',
          'home',
          ...(secure ? ['etc'] : []),
        ]),
      },
      ...(missing.length === 0
        ? []
        : [
            {
              title: localized('Make the tokens', 'Créer les jetons'),
              why: localized(
                'They are not in cluster.toml. The one of Pod has 50 characters at most; write both down for Pod and for the runners.',
                'Ils ne sont pas dans cluster.toml. Celui de Pod a 50 caractères au plus ; notez les deux pour Pod et pour les runners.',
              ),
              commands: missing.map(
                (name) => `sed -i "s/^${name}=.*/${name}=$(openssl rand -hex 24)/" ${root}/manager/.env`,
              ),
            },
          ]),
      ...(secure
        ? [
            {
              title: localized('Certificate', 'Certificat'),
              commands: [
                `certbot certonly --webroot -w /var/www/html -d ${host} --deploy-hook 'systemctl reload nginx'   # ${localized('before the 443 block is linked: nginx needs the file', 'avant de lier le bloc 443 : nginx a besoin du fichier')}`,
                'ln -sf ../sites-available/esup-runner-manager.conf /etc/nginx/sites-enabled/ && nginx -t && systemctl reload nginx',
              ],
            },
          ]
        : []),
      startUnit(inventory, 'manager'),
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          `curl -s ${url}/api/version   # {"detail":"Missing authentication token"}: ${localized('it lives', 'il vit')}`,
          'bbb2pod cluster check --only R01,R02,R03,R04,R05',
          `journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50   # uid ${localized('of', 'de')} ${user}`,
        ],
      },
    ],
  );
}

function runnerRunbook(name: string, node: RunnerNode, inventory: EsupRunnerInventory): RenderedFile {
  const { root, user, manager, runner_token: token, shared_storage: shared, storage } = inventory;
  const instances = instancesOf(name, node);
  const last = node.base_port + node.instances - 1;
  const range = node.instances === 1 ? String(node.base_port) : `${node.base_port}-${last}`;
  return runbook(
    name,
    localized(
      `${name}: runner of esup-runner (${node.task_types.join(', ')})`,
      `${name} : runner d'esup-runner (${node.task_types.join(', ')})`,
    ),
    [
      ...install(inventory, 'runner', `ffmpeg${shared ? ' nfs-common' : ''}`),
      ...(shared
        ? [
            {
              title: localized('Mount the share', 'Monter le partage'),
              why: localized(
                `${storage} here and on the manager is one directory.`,
                `${storage} ici et sur le gestionnaire est un seul dossier.`,
              ),
              commands: [`findmnt -T ${storage}`],
            },
          ]
        : []),
      {
        title: localized('Open the ports', 'Ouvrir les ports'),
        why: localized(
          'For the manager alone: ping and status ask for no token.',
          'Pour le gestionnaire seul : ping et status ne demandent pas de jeton.',
        ),
        commands: openPorts([{ from: [manager.address], to: `tcp dport ${range}` }]),
      },
      {
        title: localized('Copy the files', 'Copier les fichiers'),
        commands: copyFiles(name, node.address, [root.split('/')[1] ?? 'opt', 'home']),
      },
      ...(token === undefined
        ? [
            {
              title: localized('Give it the token', 'Lui donner le jeton'),
              why: localized(
                'AUTHORIZED_TOKENS__runners of the manager.',
                'AUTHORIZED_TOKENS__runners du gestionnaire.',
              ),
              commands: [`editor ${root}/runner/.env   # RUNNER_TOKEN=`],
            },
          ]
        : []),
      {
        title: localized('Look at its programs', 'Regarder ses programmes'),
        commands: [
          `su - ${user} -c 'cd ${root}/runner && uv run scripts/check_ffmpeg.py'`,
          ...(node.gpu ? [`su - ${user} -c 'cd ${root}/runner && uv run scripts/check_gpu.py'`] : []),
        ],
      },
      startUnit(inventory, 'runner'),
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          ...instances.map(({ url }) => `curl -s ${url}/runner/ping   # "registered":true`),
          'bbb2pod cluster check --only R06,R10,R11,R12',
          'bbb2pod cluster queue',
        ],
      },
    ],
  );
}

function podRunbook(inventory: EsupRunnerInventory): RenderedFile {
  const url = managerUrlOf(inventory);
  const site = inventory.pod_url ?? 'https://POD/';
  return runbook(
    POD_NODE,
    localized('Pod sends its work to esup-runner', 'Pod confie son travail à esup-runner'),
    [
      {
        title: localized('Settings', 'Réglages'),
        why: localized(
          `Paste ${POD_NODE}/settings_local.py into ${inventory.settings_file ?? `${inventory.pod_root}/pod/custom/settings_local.py`}. With USE_RUNNER_MANAGER Celery gets no encoding and no transcription more; xAPI stays with it.`,
          `Collez ${POD_NODE}/settings_local.py dans ${inventory.settings_file ?? `${inventory.pod_root}/pod/custom/settings_local.py`}. Avec USE_RUNNER_MANAGER, Celery ne reçoit plus ni encodage ni transcription ; xAPI lui reste.`,
        ),
      },
      {
        title: 'nginx',
        why: localized(
          'The import of the results happens inside the manager’s call: an hour, as for uwsgi (harakiri = 3600).',
          'L’import des résultats se fait pendant l’appel du gestionnaire : une heure, comme pour uwsgi (harakiri = 3600).',
        ),
        commands: [
          'install -m 644 pod-runner/etc/nginx/snippets/pod-runner.conf /etc/nginx/snippets/',
          `# include snippets/pod-runner.conf; ${localized('in Pod’s server block, then', 'dans le bloc server de Pod, puis')}`,
          'nginx -t && systemctl reload nginx',
        ],
      },
      {
        title: localized('Every three minutes', 'Toutes les trois minutes'),
        why: localized(
          'Without it nothing that waits is ever sent.',
          "Sans cela, rien de ce qui attend n'est jamais envoyé.",
        ),
        commands: ['install -m 644 pod-runner/etc/cron.d/pod-process-tasks /etc/cron.d/'],
      },
      {
        title: localized('Restart Pod', 'Redémarrer Pod'),
        commands: [
          'systemctl restart uwsgi-pod',
          `curl -si ${site.replace(/\/*$/, '/')}runner/notify_task_end/ | head -1   # 405: ${localized('the webhook is there', 'le webhook est là')}`,
        ],
      },
      {
        title: localized('Tell Pod of the manager', 'Faire connaître le gestionnaire à Pod'),
        ticks: [
          localized(
            `Admin > Sites: the domain is ${new URL(site === 'https://POD/' ? 'https://pod.example' : site).host}`,
            `Admin > Sites : le domaine est ${new URL(site === 'https://POD/' ? 'https://pod.example' : site).host}`,
          ),
          localized(
            `Admin > Runner managers: url ${url}, token AUTHORIZED_TOKENS__pod, active`,
            `Admin > Runner managers : url ${url}, jeton AUTHORIZED_TOKENS__pod, actif`,
          ),
          localized('Test connection says 200', '« Test connection » dit 200'),
          localized(
            'One short video: Admin > Tasks goes pending, running, completed',
            'Une courte vidéo : Admin > Tasks passe par pending, running, completed',
          ),
        ],
      },
      {
        title: localized('See it work', 'Le voir travailler'),
        commands: ['bbb2pod cluster check', 'bbb2pod cluster queue'],
      },
    ],
  );
}

const addRunner = (): Step[] => [
  {
    title: localized('Write it down', 'Le noter'),
    why: localized(
      'Add `[esup_runner.runners.NAME]` to cluster.toml.',
      'Ajoutez `[esup_runner.runners.NAME]` à cluster.toml.',
    ),
    commands: ['bbb2pod cluster render --output cluster --diff'],
  },
  {
    title: localized('Build it', 'Le construire'),
    why: localized(
      'Follow cluster/NAME/RUNBOOK.md. Nothing else is restarted: it registers itself.',
      "Suivez cluster/NAME/RUNBOOK.md. Rien d'autre n'est redémarré : il s'inscrit lui-même.",
    ),
  },
  {
    title: localized('See it work', 'Le voir travailler'),
    commands: ['bbb2pod cluster check --only R07,R10,R11,R15', 'bbb2pod cluster queue'],
  },
];

const removeRunner = ({ user }: EsupRunnerInventory): Step[] => [
  {
    title: localized('Take it out', 'Le sortir du service'),
    why: localized(
      'An idle instant is waited for: a stop in the middle kills the task. Results that Pod has not fetched yet lie on it.',
      "On attend un instant de repos : un arrêt en plein travail tue la tâche. Il garde des résultats que Pod n'a pas encore pris.",
    ),
    commands: ['bbb2pod cluster drain NAME --apply --wait 3600'],
  },
  {
    title: localized('Keep it out', 'Le garder dehors'),
    why: localized('It would come back at the next boot.', 'Il reviendrait au prochain démarrage.'),
    commands: [
      `systemctl --user -M ${user}@.host disable esup-runner-runner   # ${localized('on it, as root', 'sur lui, en root')}`,
    ],
  },
  {
    title: localized('Forget it', "L'oublier"),
    why: localized('Remove it from cluster.toml.', 'Ôtez-le de cluster.toml.'),
    commands: ['bbb2pod cluster check'],
  },
];
