import { localized } from '../../kit/output/localized.js';
import { authDomainOf, breweryOf, nicknameOf, type JitsiInventory } from '../jitsi/inventory.js';
import { ACME_PATH } from './acme.js';
import type { RenderedFile } from './layout.js';
import { copyFiles, openPorts, runbook, type Step } from './runbook.js';

/** Webroot of jitsi-meet's own script and location (jitsi-meet-web-config, jitsi-meet.example of nginx). */
const CHALLENGES = `/usr/share/jitsi-meet${ACME_PATH.replace(/\/$/, '')}`;

const repository = (): Step => ({
  title: localized("Add Jitsi's repository", 'Ajouter le dépôt de Jitsi'),
  why: localized(
    'The old page pipes a key into apt-key, on one line with `apt update`: apt-key is gone from Debian; the key has its own file now.',
    "L'ancienne page passe une clé à apt-key, sur la même ligne que `apt update` : apt-key a disparu de Debian ; la clé a maintenant son propre fichier.",
  ),
  commands: [
    'apt install curl gnupg apt-transport-https',
    'curl -fsSL https://download.jitsi.org/jitsi-key.gpg.key | gpg --dearmor -o /usr/share/keyrings/jitsi.gpg',
    "echo 'deb [signed-by=/usr/share/keyrings/jitsi.gpg] https://download.jitsi.org stable/' > /etc/apt/sources.list.d/jitsi-stable.list",
    'apt update',
  ],
});

/** What became of each step of the page of 2020 (jitsi-jmb, README-JitsiMeetCluster). */
const oldSteps = (): readonly (readonly [string, string])[] => [
  [
    localized('JMS also works as a bridge at first', "le JMS sert d'abord aussi de pont"),
    localized(
      'kept as a rehearsal only; the runbook disables that bridge, and `cluster check` (J18) finds it when it runs',
      "gardé comme répétition seulement ; cette fiche désactive ce pont, et `cluster check` (J18) le trouve s'il tourne",
    ),
  ],
  [
    'apt-key add',
    localized(
      'replaced by a key file in /usr/share/keyrings',
      'remplacé par un fichier de clé dans /usr/share/keyrings',
    ),
  ],
  [
    localized('Apache before jitsi-meet, for Shibboleth', 'Apache avant jitsi-meet, pour Shibboleth'),
    localized(
      'jicofo dropped Shibboleth in April 2023: authentication is JWT now; nginx is the default web server and does',
      "jicofo a abandonné Shibboleth en avril 2023 : l'authentification passe par JWT ; nginx est le serveur web par défaut et suffit",
    ),
  ],
  ['install-letsencrypt-cert.sh', localized('unchanged', 'inchangé')],
  [
    localized('edit sip-communicator.properties', 'modifier sip-communicator.properties'),
    localized(
      'replaced by jvb.conf, which the package writes since March 2025; an old properties file still wins, so it is removed',
      "remplacé par jvb.conf, que le paquet écrit depuis mars 2025 ; un ancien fichier properties l'emporte encore, il est donc supprimé",
    ),
  ],
  [
    'DISABLE_TCP_HARVESTER, ENABLE_STATISTICS, STATISTICS_TRANSPORT',
    localized('dropped: ignored since 2024, 2021 and 2024', 'supprimés : ignorés depuis 2024, 2021 et 2024'),
  ],
  [
    'DISABLE_CERTIFICATE_VERIFICATION',
    localized("kept: prosody's certificate is its own", 'gardé : le certificat de prosody est le sien'),
  ],
  [
    'DOMAIN=auth.jtisi…, MUC_JIDS …jtisi…',
    localized(
      "the page's typing error, twice: copied, no bridge ever registers; rendered from `domain`",
      "faute de frappe de la page, deux fois : recopiée, aucun pont ne s'inscrit jamais ; généré depuis `domain`",
    ),
  ],
  [
    localized('HOSTNAME=localhost on the bridge', 'HOSTNAME=localhost sur le pont'),
    localized(
      'the address of the JMS; the most frequent fault',
      "l'adresse du JMS ; la faute la plus fréquente",
    ),
  ],
  [
    localized('MUC_NICKNAME by hand', 'MUC_NICKNAME à la main'),
    localized("rendered, the bridge's short name, unique", 'généré, le nom court du pont, unique'),
  ],
  [
    localized('JVB_SECRET in videobridge/config', 'JVB_SECRET dans videobridge/config'),
    localized(
      "no longer read: the password is in jvb.conf; it must be the one of prosody's account",
      'plus lu : le mot de passe est dans jvb.conf ; il doit être celui du compte de prosody',
    ),
  ],
  [
    'service jisti-videobridge2 stop',
    localized(
      'typing error: that bridge went on running; now `systemctl disable --now jitsi-videobridge2`',
      'faute de frappe : ce pont continuait de tourner ; maintenant `systemctl disable --now jitsi-videobridge2`',
    ),
  ],
  [
    localized('ports 5222 and 5347 from the bridges', 'ports 5222 et 5347 depuis les ponts'),
    localized(
      '5222 only: 5347 is for components, which a bridge of today is not',
      "5222 seulement : 5347 est pour les composants, ce qu'un pont d'aujourd'hui n'est pas",
    ),
  ],
  ['upd/10000', 'udp/10000'],
  [
    localized('tests with at least 3 participants', 'essais à 3 participants au moins'),
    localized(
      'kept: two participants talk to each other without any bridge',
      'gardés : deux participants se parlent sans aucun pont',
    ),
  ],
];

/** Runbooks of the JMS (with the rehearsal) and of each bridge, and the pages for adding and removing one. */
export function jitsiRunbooks(jitsi: JitsiInventory): RenderedFile[] {
  return [
    jmsRunbook(jitsi),
    ...Object.keys(jitsi.jvbs).map((name) => jvbRunbook(name, jitsi)),
    runbook(
      'runbooks',
      localized('Add a videobridge', 'Ajouter un pont'),
      [
        {
          title: localized('Write it down', 'Le noter'),
          why: localized(
            'Add `[jitsi.jvbs.NAME]` to cluster.toml, with its own name.',
            'Ajoutez `[jitsi.jvbs.NAME]` à cluster.toml, avec son propre nom.',
          ),
          commands: ['bbb2pod cluster render --output cluster --diff'],
        },
        {
          title: localized('Build it', 'Le construire'),
          why: localized(
            'Follow cluster/NAME/RUNBOOK.md. jicofo finds it by itself, nothing is restarted.',
            "Suivez cluster/NAME/RUNBOOK.md. jicofo le trouve de lui-même, rien n'est redémarré.",
          ),
        },
        {
          title: localized('See it in the brewery', 'Le voir dans la brasserie'),
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
      localized('Remove a videobridge', 'Retirer un pont'),
      [
        {
          title: localized('Take it out', 'Le sortir du service'),
          why: localized(
            'No new conference goes there; those under way end in peace. Refused when too few bridges would be left.',
            "Aucune nouvelle conférence n'y va ; celles en cours finissent en paix. Refusé quand il resterait trop peu de ponts.",
          ),
          commands: ['bbb2pod cluster drain NAME --apply'],
        },
        {
          title: localized('Stop it', "L'arrêter"),
          commands: ['systemctl disable --now jitsi-videobridge2'],
        },
        {
          title: localized('Forget it', "L'oublier"),
          why: localized('Remove it from cluster.toml.', 'Ôtez-le de cluster.toml.'),
          commands: ['bbb2pod cluster check'],
        },
      ],
      'remove-jvb.md',
    ),
  ];
}

function jmsRunbook(jitsi: JitsiInventory): RenderedFile {
  const bridges = Object.values(jitsi.jvbs).map(({ address }) => address);
  return runbook('jms', localized(`JMS: ${jitsi.domain}`, `JMS : ${jitsi.domain}`), [
    {
      title: localized('What became of the old page', "Ce qu'est devenue l'ancienne page"),
      why: [
        localized('| step of 2020 | now |', '| étape de 2020 | maintenant |'),
        '|---|---|',
        ...oldSteps().map(([then, now]) => `| ${then} | ${now} |`),
      ].join('\n'),
    },
    {
      title: localized('Name the machine', 'Nommer la machine'),
      commands: [
        `hostnamectl set-hostname ${jitsi.domain}`,
        `getent hosts ${jitsi.domain}   # ${localized('its public address', 'son adresse publique')}`,
      ],
    },
    {
      title: localized('Open the ports', 'Ouvrir les ports'),
      why: localized(
        'The public on 80 and 443; the bridges, and only they, on 5222. Bridge addresses given by name must be resolved for the firewall.',
        'Le public sur 80 et 443 ; les ponts, et eux seuls, sur 5222. Les adresses des ponts données par un nom doivent être résolues pour le pare-feu.',
      ),
      commands: openPorts([
        { from: [], to: `tcp dport { 80, ${jitsi.jms.https_port} }` },
        { from: bridges, to: `tcp dport ${jitsi.jms.xmpp_port}` },
      ]),
    },
    repository(),
    {
      title: localized('Install', 'Installer'),
      why: localized(
        `The question is the name of the JMS: ${jitsi.domain}.`,
        `La question posée est le nom du JMS : ${jitsi.domain}.`,
      ),
      commands: [
        'apt install jitsi-meet rsync nftables',
        '/usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh',
      ],
    },
    {
      title: localized(
        'See that the certificate can be renewed',
        'Voir que le certificat peut être renouvelé',
      ),
      why: localized(
        'The script left a job that renews. The authority asks on port 80, below a directory of the package: this is what it will find.',
        'Le script a laissé une tâche qui renouvelle. L’autorité demande sur le port 80, sous un dossier du paquet : voici ce qu’elle trouvera.',
      ),
      commands: [
        `install -d ${CHALLENGES} && echo found > ${CHALLENGES}/bbb2pod`,
        `curl -s http://${jitsi.domain}${ACME_PATH}bbb2pod; rm ${CHALLENGES}/bbb2pod   # found`,
        'ls /etc/cron.weekly/letsencrypt-renew /opt/acmesh/.acme.sh 2>/dev/null',
      ],
    },
    {
      title: localized('Let bridges log in from elsewhere', "Laisser les ponts se connecter d'ailleurs"),
      why: localized(
        `prosody must listen on more than localhost, and has the account ${jitsi.jvb_user}@${authDomainOf(jitsi)}. Its password goes to \`jvb_password_file\` of cluster.toml.`,
        `prosody doit écouter ailleurs que sur localhost, et a le compte ${jitsi.jvb_user}@${authDomainOf(jitsi)}. Son mot de passe va dans \`jvb_password_file\` de cluster.toml.`,
      ),
      commands: [
        `grep -n interfaces /etc/prosody/prosody.cfg.lua   # ${localized('not only 127.0.0.1', 'pas seulement 127.0.0.1')}`,
        'install -m 600 /dev/null /etc/bbb2pod/jvb.secret && openssl rand -hex 16 > /etc/bbb2pod/jvb.secret',
        `prosodyctl passwd ${jitsi.jvb_user}@${authDomainOf(jitsi)}   # ${localized('type that password: it is never on the command line', 'tapez ce mot de passe, jamais sur la ligne de commande')}`,
        'systemctl restart prosody',
      ],
    },
    {
      title: localized('Put the files', 'Déposer les fichiers'),
      why: localized(
        'jicofo.conf stays as the package wrote it, with one line more at its end: blocks of its own (authentication) are kept.',
        "jicofo.conf reste tel que le paquet l'a écrit, avec une ligne de plus à la fin : ses propres blocs (authentication) sont gardés.",
      ),
      commands: [
        ...copyFiles('jms', jitsi.jms.address, ['etc']),
        'chown root:jitsi /etc/jitsi/jicofo/bbb2pod.conf && chmod 640 /etc/jitsi/jicofo/bbb2pod.conf',
        `grep -q bbb2pod.conf /etc/jitsi/jicofo/jicofo.conf || echo 'include "bbb2pod.conf"' >> /etc/jitsi/jicofo/jicofo.conf`,
        'systemctl restart jicofo',
      ],
    },
    {
      title: localized("Stop the JMS's own bridge", 'Arrêter le pont du JMS lui-même'),
      why: localized(
        'Else it takes conferences on the machine that must stay free for signalling.',
        'Sinon il prend des conférences sur la machine qui doit rester libre pour la signalisation.',
      ),
      commands: [
        'systemctl disable --now jitsi-videobridge2',
        'systemctl is-active jitsi-videobridge2   # inactive',
      ],
    },
    {
      title: localized('Verify', 'Vérifier'),
      why: localized(
        `Every bridge of cluster.toml stands in ${breweryOf(jitsi)}.`,
        `Chaque pont de cluster.toml figure dans ${breweryOf(jitsi)}.`,
      ),
      commands: [
        `curl -s ${jitsi.jms.jicofo_url}/stats | grep -o '"operational_bridge_count":[0-9]*'`,
        `bbb2pod cluster check   # ${localized('from the supervision machine', 'depuis la machine de supervision')}`,
      ],
    },
    rehearsal(jitsi),
  ]);
}

function rehearsal(jitsi: JitsiInventory): Step {
  const names = Object.entries(jitsi.jvbs).map(([name, jvb]) => nicknameOf(name, jvb));
  return {
    title: localized('Rehearsal with 3 participants', 'Répétition à 3 participants'),
    why: localized(
      'UDP 10000 never answers a stranger: only a real conference proves it. Three browsers, one of them outside the university (a telephone); two would talk to each other without any bridge.',
      "UDP 10000 ne répond jamais à un inconnu : seule une vraie conférence le prouve. Trois navigateurs, dont un hors de l'établissement (un téléphone) ; deux se parleraient sans aucun pont.",
    ),
    ticks: [
      localized(
        `three participants in https://${jitsi.domain}/rehearsal see and hear each other`,
        `trois participants dans https://${jitsi.domain}/rehearsal se voient et s'entendent`,
      ),
      localized(
        'the one outside the university, too (UDP 10000, public address of the bridge)',
        "celui de l'extérieur aussi (UDP 10000, adresse publique du pont)",
      ),
      ...names.flatMap((name) => [
        localized(
          `stop ${name} (systemctl stop jitsi-videobridge2): pictures stand still for a few seconds, nobody is thrown out`,
          `arrêter ${name} (systemctl stop jitsi-videobridge2) : les images se figent quelques secondes, personne n'est éjecté`,
        ),
        localized(
          `start ${name} again: jicofo's log says "Added new videobridge" with ${name}`,
          `redémarrer ${name} : le journal de jicofo dit « Added new videobridge » avec ${name}`,
        ),
      ]),
      localized('bbb2pod cluster check ends with 0', 'bbb2pod cluster check se termine par 0'),
    ],
  };
}

function jvbRunbook(name: string, jitsi: JitsiInventory): RenderedFile {
  const jvb = jitsi.jvbs[name];
  const rest = jvb?.rest_url ?? 'http://127.0.0.1:8080';
  return runbook(
    name,
    localized(`${name}: videobridge of ${jitsi.domain}`, `${name} : pont vidéo de ${jitsi.domain}`),
    [
      {
        title: localized('Open the port', 'Ouvrir le port'),
        why: localized(
          `Media from everybody; towards the JMS, ${jitsi.jms.address}:${jitsi.jms.xmpp_port} must be reachable.`,
          `Les médias de tous ; vers le JMS, ${jitsi.jms.address}:${jitsi.jms.xmpp_port} doit être joignable.`,
        ),
        commands: [
          ...openPorts([{ from: [], to: `udp dport ${jvb?.media_port ?? 10_000}` }]),
          `timeout 3 bash -c '</dev/tcp/${jitsi.jms.address}/${jitsi.jms.xmpp_port}' && echo reachable`,
        ],
      },
      repository(),
      {
        title: localized('Install', 'Installer'),
        why: localized(
          `The question is the name of the JMS, ${jitsi.domain}, not that of this machine.`,
          `La question posée est le nom du JMS, ${jitsi.domain}, pas celui de cette machine.`,
        ),
        commands: ['apt install jitsi-videobridge2 rsync nftables'],
      },
      {
        title: localized('Put the files', 'Déposer les fichiers'),
        why:
          jitsi.jvb_password === undefined
            ? localized(
                "cluster.toml has no jvb_password_file: write the password of prosody's account in place of CHANGE-ME.",
                "cluster.toml n'a pas de jvb_password_file : écrivez le mot de passe du compte de prosody à la place de CHANGE-ME.",
              )
            : localized(
                "The file holds the password of prosody's account.",
                'Le fichier contient le mot de passe du compte de prosody.',
              ),
        commands: [
          ...copyFiles(name, jvb?.address ?? name, ['etc']),
          `rm -f /etc/jitsi/videobridge/sip-communicator.properties   # ${localized('its keys would win', "ses clés l'emporteraient")}`,
          'chown jvb:jitsi /etc/jitsi/videobridge/jvb.conf && chmod 640 /etc/jitsi/videobridge/jvb.conf',
          'sysctl --system',
        ],
      },
      {
        title: localized('Start', 'Démarrer'),
        commands: [
          'systemctl daemon-reload',
          'systemctl enable --now jitsi-videobridge2',
          'systemctl restart jitsi-videobridge2',
        ],
      },
      {
        title: localized('Verify', 'Vérifier'),
        why: localized(
          'Health says only that it runs; registered is what counts.',
          "« health » dit seulement qu'il tourne ; c'est l'inscription qui compte.",
        ),
        commands: [
          `curl -s ${rest}/about/health && echo healthy`,
          `curl -s ${rest}/colibri/stats | grep -o '"mucs_joined":[0-9]*'   # 1`,
          `bbb2pod cluster check   # ${localized('from the supervision machine', 'depuis la machine de supervision')}`,
        ],
      },
      {
        title: localized('Rehearse', 'Répéter'),
        why: localized(
          'The rehearsal with 3 participants at the end of jms/RUNBOOK.md, this bridge included.',
          'La répétition à 3 participants à la fin de jms/RUNBOOK.md, avec ce pont.',
        ),
      },
    ],
  );
}
