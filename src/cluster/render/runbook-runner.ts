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
    runbook('runbooks', 'Add a runner', addRunner(), 'add-runner.md'),
    runbook('runbooks', 'Remove a runner', removeRunner(inventory), 'remove-runner.md'),
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
    { title: 'Install', commands: ['apt update', `apt install git make curl ${packages}`.trim()] },
    {
      title: 'Make the user, let it linger',
      why: 'Units of a user stop with its session and do not start at boot, unless it lingers.',
      commands: [
        `id ${user} || useradd --create-home --shell /bin/bash ${user}`,
        `loginctl enable-linger ${user}`,
        `install -d -o ${user} -g ${user} -m 750 /var/log/esup-runner${role === 'runner' ? ` ${storage}` : ''}`,
      ],
    },
    {
      title: 'Fetch esup-runner',
      why: 'The same MAJOR.MINOR everywhere: the manager answers 409 to any other runner.',
      commands: [
        `git clone https://github.com/EsupPortail/esup-runner ${root} && chown -R ${user}: ${root}`,
        `su - ${user} -c 'curl -LsSf https://astral.sh/uv/install.sh | sh'`,
        `su - ${user} -c 'cd ${root}/${role} && make sync init'`,
      ],
    },
  ];
}

const startUnit = ({ root, user }: EsupRunnerInventory, role: 'manager' | 'runner'): Step => ({
  title: 'Start',
  why: `The unit belongs to the user (/${unitPath(user, role)}). An old one in /etc/systemd/system takes its port: it goes.`,
  commands: [
    `chown -R ${user}: /home/${user}/.config ${root}/${role}/.env && chmod 600 ${root}/${role}/.env`,
    `systemctl disable --now esup-runner-${role}.service; rm -f /etc/systemd/system/esup-runner-${role}.service; systemctl daemon-reload`,
    `su - ${user} -c 'cd ${root}/${role} && uv run scripts/check_config.py'   # 2: invalid`,
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
  return runbook('manager', `esup-runner's manager (${url})`, [
    ...install(inventory, 'manager', secure ? 'nginx certbot' : ''),
    {
      title: 'Open the ports',
      why: `Runners report to ${reportUrlOf(inventory)}; Pod asks at ${url}.`,
      commands: openPorts([
        { from: runners, to: `tcp dport ${manager.port}` },
        ...(secure ? [{ from: [], to: 'tcp dport { 80, 443 }' }] : []),
      ]),
    },
    {
      title: 'Copy the files',
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
            title: 'Make the tokens',
            why: 'They are not in cluster.toml. The one of Pod has 50 characters at most; write both down for Pod and for the runners.',
            commands: missing.map(
              (name) => `sed -i "s/^${name}=.*/${name}=$(openssl rand -hex 24)/" ${root}/manager/.env`,
            ),
          },
        ]),
    ...(secure
      ? [
          {
            title: 'Certificate',
            commands: [
              `certbot certonly --webroot -w /var/www/html -d ${host} --deploy-hook 'systemctl reload nginx'   # before the 443 block is linked: nginx needs the file`,
              'ln -sf ../sites-available/esup-runner-manager.conf /etc/nginx/sites-enabled/ && nginx -t && systemctl reload nginx',
            ],
          },
        ]
      : []),
    startUnit(inventory, 'manager'),
    {
      title: 'Verify',
      commands: [
        `curl -s ${url}/manager/health   # {"detail":"Missing authentication token"}: it lives`,
        'bbb2pod cluster check --only R01,R02,R03,R04,R05',
        `journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50   # uid of ${user}`,
      ],
    },
  ]);
}

function runnerRunbook(name: string, node: RunnerNode, inventory: EsupRunnerInventory): RenderedFile {
  const { root, user, manager, runner_token: token, shared_storage: shared, storage } = inventory;
  const instances = instancesOf(name, node);
  const last = node.base_port + node.instances - 1;
  const range = node.instances === 1 ? String(node.base_port) : `${node.base_port}-${last}`;
  return runbook(name, `${name}: runner of esup-runner (${node.task_types.join(', ')})`, [
    ...install(inventory, 'runner', `ffmpeg${shared ? ' nfs-common' : ''}`),
    ...(shared
      ? [
          {
            title: 'Mount the share',
            why: `${storage} here and on the manager is one directory.`,
            commands: [`findmnt -T ${storage}`],
          },
        ]
      : []),
    {
      title: 'Open the ports',
      why: 'For the manager alone: ping and status ask for no token.',
      commands: openPorts([{ from: [manager.address], to: `tcp dport ${range}` }]),
    },
    {
      title: 'Copy the files',
      commands: copyFiles(name, node.address, [root.split('/')[1] ?? 'opt', 'home']),
    },
    ...(token === undefined
      ? [
          {
            title: 'Give it the token',
            why: 'AUTHORIZED_TOKENS__runners of the manager.',
            commands: [`editor ${root}/runner/.env   # RUNNER_TOKEN=`],
          },
        ]
      : []),
    {
      title: 'Look at its programs',
      commands: [
        `su - ${user} -c 'cd ${root}/runner && uv run scripts/check_ffmpeg.py'`,
        ...(node.gpu ? [`su - ${user} -c 'cd ${root}/runner && uv run scripts/check_gpu.py'`] : []),
      ],
    },
    startUnit(inventory, 'runner'),
    {
      title: 'Verify',
      commands: [
        ...instances.map(({ url }) => `curl -s ${url}/runner/ping   # "registered":true`),
        'bbb2pod cluster check --only R06,R10,R11,R12',
        'bbb2pod cluster queue',
      ],
    },
  ]);
}

function podRunbook(inventory: EsupRunnerInventory): RenderedFile {
  const url = managerUrlOf(inventory);
  const site = inventory.pod_url ?? 'https://POD/';
  return runbook(POD_NODE, 'Pod sends its work to esup-runner', [
    {
      title: 'Settings',
      why: `Paste ${POD_NODE}/settings_local.py into ${inventory.settings_file ?? `${inventory.pod_root}/pod/custom/settings_local.py`}. With USE_RUNNER_MANAGER Celery gets no encoding and no transcription more; xAPI stays with it.`,
    },
    {
      title: 'nginx',
      why: 'The import of the results happens inside the manager’s call: an hour, as for uwsgi (harakiri = 3600).',
      commands: [
        'install -m 644 pod-runner/etc/nginx/snippets/pod-runner.conf /etc/nginx/snippets/',
        '# include snippets/pod-runner.conf; in Pod’s server block, then',
        'nginx -t && systemctl reload nginx',
      ],
    },
    {
      title: 'Every three minutes',
      why: 'Without it nothing that waits is ever sent.',
      commands: ['install -m 644 pod-runner/etc/cron.d/pod-process-tasks /etc/cron.d/'],
    },
    {
      title: 'Restart Pod',
      commands: [
        'systemctl restart uwsgi-pod',
        `curl -si ${site.replace(/\/*$/, '/')}runner/notify_task_end/ | head -1   # 405: the webhook is there`,
      ],
    },
    {
      title: 'Tell Pod of the manager',
      ticks: [
        `Admin > Sites: the domain is ${new URL(site === 'https://POD/' ? 'https://pod.example' : site).host}`,
        `Admin > Runner managers: url ${url}, token AUTHORIZED_TOKENS__pod, active`,
        'Test connection says 200',
        'One short video: Admin > Tasks goes pending, running, completed',
      ],
    },
    { title: 'See it work', commands: ['bbb2pod cluster check', 'bbb2pod cluster queue'] },
  ]);
}

const addRunner = (): Step[] => [
  {
    title: 'Write it down',
    why: 'Add `[esup_runner.runners.NAME]` to cluster.toml.',
    commands: ['bbb2pod cluster render --output cluster --diff'],
  },
  {
    title: 'Build it',
    why: 'Follow cluster/NAME/RUNBOOK.md. Nothing else is restarted: it registers itself.',
  },
  {
    title: 'See it work',
    commands: ['bbb2pod cluster check --only R07,R10,R11,R15', 'bbb2pod cluster queue'],
  },
];

const removeRunner = ({ user }: EsupRunnerInventory): Step[] => [
  {
    title: 'Take it out',
    why: 'An idle instant is waited for: a stop in the middle kills the task. Results that Pod has not fetched yet lie on it.',
    commands: ['bbb2pod cluster drain NAME --apply --wait 3600'],
  },
  {
    title: 'Keep it out',
    why: 'It would come back at the next boot.',
    commands: [`systemctl --user -M ${user}@.host disable esup-runner-runner   # on it, as root`],
  },
  { title: 'Forget it', why: 'Remove it from cluster.toml.', commands: ['bbb2pod cluster check'] },
];
