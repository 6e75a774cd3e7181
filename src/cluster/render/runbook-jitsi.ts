import { authDomainOf, breweryOf, nicknameOf, type JitsiInventory } from '../jitsi/inventory.js';
import type { RenderedFile } from './layout.js';
import { copyFiles, openPorts, runbook, type Step } from './runbook.js';

const REPOSITORY: Step = {
  title: "Add Jitsi's repository",
  why: 'The old page pipes a key into apt-key, on one line with `apt update`: apt-key is gone from Debian; the key has its own file now.',
  commands: [
    'apt install curl gnupg apt-transport-https',
    'curl -fsSL https://download.jitsi.org/jitsi-key.gpg.key | gpg --dearmor -o /usr/share/keyrings/jitsi.gpg',
    "echo 'deb [signed-by=/usr/share/keyrings/jitsi.gpg] https://download.jitsi.org stable/' > /etc/apt/sources.list.d/jitsi-stable.list",
    'apt update',
  ],
};

/** What became of each step of the page of 2020 (jitsi-jmb, README-JitsiMeetCluster). */
const OLD_STEPS: readonly (readonly [string, string])[] = [
  [
    'JMS also works as a bridge at first',
    'kept as a rehearsal only; the runbook disables that bridge, and `cluster check` (J18) finds it when it runs',
  ],
  ['apt-key add', 'replaced by a key file in /usr/share/keyrings'],
  [
    'Apache before jitsi-meet, for Shibboleth',
    'jicofo dropped Shibboleth in April 2023: authentication is JWT now; nginx is the default web server and does',
  ],
  ['install-letsencrypt-cert.sh', 'unchanged'],
  [
    'edit sip-communicator.properties',
    'replaced by jvb.conf, which the package writes since March 2025; an old properties file still wins, so it is removed',
  ],
  [
    'DISABLE_TCP_HARVESTER, ENABLE_STATISTICS, STATISTICS_TRANSPORT',
    'dropped: ignored since 2024, 2021 and 2024',
  ],
  ['DISABLE_CERTIFICATE_VERIFICATION', "kept: prosody's certificate is its own"],
  [
    'DOMAIN=auth.jtisi…, MUC_JIDS …jtisi…',
    "the page's typing error, twice: copied, no bridge ever registers; rendered from `domain`",
  ],
  ['HOSTNAME=localhost on the bridge', 'the address of the JMS; the most frequent fault'],
  ['MUC_NICKNAME by hand', "rendered, the bridge's short name, unique"],
  [
    'JVB_SECRET in videobridge/config',
    "no longer read: the password is in jvb.conf; it must be the one of prosody's account",
  ],
  [
    'service jisti-videobridge2 stop',
    'typing error: that bridge went on running; now `systemctl disable --now jitsi-videobridge2`',
  ],
  [
    'ports 5222 and 5347 from the bridges',
    '5222 only: 5347 is for components, which a bridge of today is not',
  ],
  ['upd/10000', 'udp/10000'],
  ['tests with at least 3 participants', 'kept: two participants talk to each other without any bridge'],
];

/** Runbooks of the JMS (with the rehearsal) and of each bridge, and the pages for adding and removing one. */
export function jitsiRunbooks(jitsi: JitsiInventory): RenderedFile[] {
  return [
    jmsRunbook(jitsi),
    ...Object.keys(jitsi.jvbs).map((name) => jvbRunbook(name, jitsi)),
    runbook(
      'runbooks',
      'Add a videobridge',
      [
        {
          title: 'Write it down',
          why: 'Add `[jitsi.jvbs.NAME]` to cluster.toml, with its own name.',
          commands: ['bbb2pod cluster render --output cluster --diff'],
        },
        {
          title: 'Build it',
          why: 'Follow cluster/NAME/RUNBOOK.md. jicofo finds it by itself, nothing is restarted.',
        },
        {
          title: 'See it in the brewery',
          commands: [
            'bbb2pod cluster check --only J05',
            "journalctl -u jicofo | grep 'Added new videobridge'",
          ],
        },
      ],
      'add-jvb.md',
    ),
    runbook(
      'runbooks',
      'Remove a videobridge',
      [
        {
          title: 'Take it out',
          why: 'No new conference goes there; those under way end in peace. Refused when too few bridges would be left.',
          commands: ['bbb2pod cluster drain NAME --apply'],
        },
        { title: 'Stop it', commands: ['systemctl disable --now jitsi-videobridge2'] },
        { title: 'Forget it', why: 'Remove it from cluster.toml.', commands: ['bbb2pod cluster check'] },
      ],
      'remove-jvb.md',
    ),
  ];
}

function jmsRunbook(jitsi: JitsiInventory): RenderedFile {
  const bridges = Object.values(jitsi.jvbs).map(({ address }) => address);
  return runbook('jms', `JMS: ${jitsi.domain}`, [
    {
      title: 'What became of the old page',
      why: [
        '| step of 2020 | now |',
        '|---|---|',
        ...OLD_STEPS.map(([then, now]) => `| ${then} | ${now} |`),
      ].join('\n'),
    },
    {
      title: 'Name the machine',
      commands: [
        `hostnamectl set-hostname ${jitsi.domain}`,
        `getent hosts ${jitsi.domain}   # its public address`,
      ],
    },
    {
      title: 'Open the ports',
      why: 'The public on 80 and 443; the bridges, and only they, on 5222. Bridge addresses given by name must be resolved for the firewall.',
      commands: openPorts([
        { from: [], to: `tcp dport { 80, ${jitsi.jms.https_port} }` },
        { from: bridges, to: `tcp dport ${jitsi.jms.xmpp_port}` },
      ]),
    },
    REPOSITORY,
    {
      title: 'Install',
      why: `The question is the name of the JMS: ${jitsi.domain}.`,
      commands: [
        'apt install jitsi-meet rsync nftables',
        '/usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh',
      ],
    },
    {
      title: 'Let bridges log in from elsewhere',
      why: `prosody must listen on more than localhost, and has the account ${jitsi.jvb_user}@${authDomainOf(jitsi)}. Its password goes to \`jvb_password_file\` of cluster.toml.`,
      commands: [
        'grep -n interfaces /etc/prosody/prosody.cfg.lua   # not only 127.0.0.1',
        'install -m 600 /dev/null /etc/bbb2pod/jvb.secret && openssl rand -hex 16 > /etc/bbb2pod/jvb.secret',
        `prosodyctl passwd ${jitsi.jvb_user}@${authDomainOf(jitsi)}   # type that password: it is never on the command line`,
        'systemctl restart prosody',
      ],
    },
    {
      title: 'Put the files',
      why: 'jicofo.conf stays as the package wrote it, with one line more at its end: blocks of its own (authentication) are kept.',
      commands: [
        ...copyFiles('jms', jitsi.jms.address, ['etc']),
        'chown root:jitsi /etc/jitsi/jicofo/bbb2pod.conf && chmod 640 /etc/jitsi/jicofo/bbb2pod.conf',
        `grep -q bbb2pod.conf /etc/jitsi/jicofo/jicofo.conf || echo 'include "bbb2pod.conf"' >> /etc/jitsi/jicofo/jicofo.conf`,
        'systemctl restart jicofo',
      ],
    },
    {
      title: "Stop the JMS's own bridge",
      why: 'Else it takes conferences on the machine that must stay free for signalling.',
      commands: [
        'systemctl disable --now jitsi-videobridge2',
        'systemctl is-active jitsi-videobridge2   # inactive',
      ],
    },
    {
      title: 'Verify',
      why: `Every bridge of cluster.toml stands in ${breweryOf(jitsi)}.`,
      commands: [
        `curl -s ${jitsi.jms.jicofo_url}/stats | grep -o '"operational_bridge_count":[0-9]*'`,
        'bbb2pod cluster check   # from the supervision machine',
      ],
    },
    rehearsal(jitsi),
  ]);
}

function rehearsal(jitsi: JitsiInventory): Step {
  const names = Object.entries(jitsi.jvbs).map(([name, jvb]) => nicknameOf(name, jvb));
  return {
    title: 'Rehearsal with 3 participants',
    why: 'UDP 10000 never answers a stranger: only a real conference proves it. Three browsers, one of them outside the university (a telephone); two would talk to each other without any bridge.',
    ticks: [
      `three participants in https://${jitsi.domain}/rehearsal see and hear each other`,
      'the one outside the university, too (UDP 10000, public address of the bridge)',
      ...names.flatMap((name) => [
        `stop ${name} (systemctl stop jitsi-videobridge2): pictures stand still for a few seconds, nobody is thrown out`,
        `start ${name} again: jicofo's log says "Added new videobridge" with ${name}`,
      ]),
      'bbb2pod cluster check ends with 0',
    ],
  };
}

function jvbRunbook(name: string, jitsi: JitsiInventory): RenderedFile {
  const jvb = jitsi.jvbs[name];
  const rest = jvb?.rest_url ?? 'http://127.0.0.1:8080';
  return runbook(name, `${name}: videobridge of ${jitsi.domain}`, [
    {
      title: 'Open the port',
      why: `Media from everybody; towards the JMS, ${jitsi.jms.address}:${jitsi.jms.xmpp_port} must be reachable.`,
      commands: [
        ...openPorts([{ from: [], to: `udp dport ${jvb?.media_port ?? 10_000}` }]),
        `timeout 3 bash -c '</dev/tcp/${jitsi.jms.address}/${jitsi.jms.xmpp_port}' && echo reachable`,
      ],
    },
    REPOSITORY,
    {
      title: 'Install',
      why: `The question is the name of the JMS, ${jitsi.domain}, not that of this machine.`,
      commands: ['apt install jitsi-videobridge2 rsync nftables'],
    },
    {
      title: 'Put the files',
      why:
        jitsi.jvb_password === undefined
          ? "cluster.toml has no jvb_password_file: write the password of prosody's account in place of CHANGE-ME."
          : "The file holds the password of prosody's account.",
      commands: [
        ...copyFiles(name, jvb?.address ?? name, ['etc']),
        'rm -f /etc/jitsi/videobridge/sip-communicator.properties   # its keys would win',
        'chown jvb:jitsi /etc/jitsi/videobridge/jvb.conf && chmod 640 /etc/jitsi/videobridge/jvb.conf',
        'sysctl --system',
      ],
    },
    {
      title: 'Start',
      commands: [
        'systemctl daemon-reload',
        'systemctl enable --now jitsi-videobridge2',
        'systemctl restart jitsi-videobridge2',
      ],
    },
    {
      title: 'Verify',
      why: 'Health says only that it runs; registered is what counts.',
      commands: [
        `curl -s ${rest}/about/health && echo healthy`,
        `curl -s ${rest}/colibri/stats | grep -o '"mucs_joined":[0-9]*'   # 1`,
        'bbb2pod cluster check   # from the supervision machine',
      ],
    },
    {
      title: 'Rehearse',
      why: 'The rehearsal with 3 participants at the end of jms/RUNBOOK.md, this bridge included.',
    },
  ]);
}
