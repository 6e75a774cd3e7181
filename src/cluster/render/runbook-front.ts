import { localized } from '../../kit/output/localized.js';
import type { StreamingInventory } from '../streaming/inventory.js';
import { ACME_PORT, balancerNames, isDirect } from './acme.js';
import type { RenderedFile } from './layout.js';
import { addresses, copyFiles, lookAtTheWhole, openPorts, runbook, type Step } from './runbook.js';

const dirname = (file: string): string => file.replace(/\/[^/]*$/, '');

/** The runbook of a broadcast node. */
export function broadcastRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const node = streaming.broadcasts[name];
  const port = node?.http_port ?? 80;
  const certificate = streaming.certificate ?? '';
  const direct = isDirect(streaming);
  const [stream = 'direct'] = streaming.streams;
  return runbook(
    name,
    localized(
      `${name}: broadcast node of ${streaming.public_name}`,
      `${name} : nœud de diffusion de ${streaming.public_name}`,
    ),
    [
      {
        title: localized('Install', 'Installer'),
        commands: ['apt update', `apt install nginx curl rsync nftables${direct ? ' certbot openssl' : ''}`],
      },
      {
        title: localized('Open the port', 'Ouvrir le port'),
        why:
          streaming.media === 'direct'
            ? localized('Viewers come straight here.', 'Les spectateurs viennent directement ici.')
            : localized('Only the balancers come here.', 'Seuls les répartiteurs viennent ici.'),
        commands: openPorts([
          {
            from: streaming.media === 'direct' ? [] : addresses(streaming.balancers),
            to: `tcp dport ${port}`,
          },
          ...(direct ? [{ from: [], to: `tcp dport ${node?.https_port ?? 443}` }] : []),
        ]),
      },
      ...(direct ? [placeholder(certificate, node?.public_name ?? streaming.public_name)] : []),
      {
        title: localized('Put the files', 'Déposer les fichiers'),
        commands: copyFiles(name, node?.address ?? name, ['etc', 'var']),
      },
      {
        title: localized('Start', 'Démarrer'),
        commands: [
          'install -d -o www-data /var/cache/nginx',
          'nginx -t',
          'systemctl enable --now nginx',
          'systemctl reload nginx',
        ],
      },
      ...(direct && node?.public_name !== undefined
        ? [askCertificate([node.public_name], node.address, 'nginx')]
        : []),
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          `curl -si http://127.0.0.1:${port}/hls/${stream}.m3u8 | head   # 200, X-Node: ${name}`,
          `curl -s http://127.0.0.1:${port}/health/playlist | head -1     # ${localized('#EXTM3U while the stream is on', '#EXTM3U quand le flux est là')}`,
        ],
      },
      {
        title: localized('Let viewers come', 'Laisser venir les spectateurs'),
        why: localized('From the supervision machine.', 'Depuis la machine de supervision.'),
        commands: [`bbb2pod cluster ready ${name} --apply`],
      },
      lookAtTheWhole(name),
    ],
  );
}

/** The runbook of a balancer. */
export function balancerRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const balancer = streaming.balancers[name];
  const twins = Object.keys(streaming.balancers).filter((other) => other !== name);
  const keepalived = streaming.virtual_address !== undefined && twins.length > 0;
  const { certificate } = streaming;
  const certbotPeers = [
    ...twins.map((twin) => streaming.balancers[twin]?.address ?? ''),
    ...(isDirect(streaming) ? addresses(streaming.broadcasts) : []),
  ].filter((address) => /^[0-9A-Fa-f.:]+$/.test(address));
  return runbook(
    name,
    localized(
      `${name}: balancer of ${streaming.public_name}`,
      `${name} : répartiteur de ${streaming.public_name}`,
    ),
    [
      {
        title: localized('Install', 'Installer'),
        commands: [
          'apt update',
          `apt install haproxy curl socat rsync nftables${keepalived ? ' keepalived' : ''}${certificate === undefined ? '' : ' certbot openssl'}`,
        ],
      },
      {
        title: localized('Open the ports', 'Ouvrir les ports'),
        commands: [
          ...openPorts([
            { from: [], to: `tcp dport { ${balancer?.http_port ?? 80}, ${balancer?.https_port ?? 443} }` },
            {
              from: streaming.supervisors.filter((a) => a !== '127.0.0.1'),
              to: `tcp dport ${balancer?.stats_port ?? 8404}`,
            },
            // Whoever the authority comes to passes its question on to the balancer that asked.
            ...(certificate === undefined || certbotPeers.length === 0
              ? []
              : [{ from: certbotPeers, to: `tcp dport ${ACME_PORT}` }]),
          ]),
          ...(keepalived
            ? [
                `nft add rule inet filter input ip saddr { ${twins.map((t) => streaming.balancers[t]?.address ?? '').join(', ')} } ip protocol vrrp accept`,
              ]
            : []),
        ],
      },
      ...(certificate === undefined
        ? [
            {
              title: localized('Decide about TLS', 'Décider du TLS'),
              why: localized(
                'cluster.toml names no certificate: viewers come by plain HTTP, and a player inside an https page will not load. Set `certificate`, render again.',
                'cluster.toml ne nomme aucun certificat : les spectateurs viennent en HTTP simple, et un lecteur placé dans une page https ne chargera pas. Renseignez `certificate`, générez de nouveau.',
              ),
            },
          ]
        : [placeholder(certificate, streaming.public_name)]),
      {
        title: localized('Put the files', 'Déposer les fichiers'),
        commands: copyFiles(name, balancer?.address ?? name, ['etc']),
      },
      {
        title: localized('Start', 'Démarrer'),
        commands: [
          'haproxy -c -f /etc/haproxy/haproxy.cfg',
          'systemctl enable --now haproxy && systemctl reload haproxy',
          ...(keepalived
            ? ['keepalived -t -f /etc/keepalived/keepalived.conf', 'systemctl enable --now keepalived']
            : []),
        ],
      },
      ...(certificate === undefined
        ? []
        : [askCertificate(balancerNames(streaming), balancer?.address ?? name, 'haproxy')]),
      {
        title: localized('Verify', 'Vérifier'),
        commands: [
          `curl -si ${certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/ | head`,
          `echo 'show stat' | socat - ${socketOf(balancer?.socket)} | cut -d, -f1,2,18   # ${localized('broadcasts UP, spares MAINT', 'nœuds UP, réserves MAINT')}`,
          ...(keepalived
            ? [
                `ip address show ${balancer?.interface ?? 'eth0'} | grep ${(streaming.virtual_address ?? '').split('/')[0] ?? ''}   # ${localized('on one balancer only', 'sur un seul répartiteur')}`,
              ]
            : []),
        ],
      },
      ...(keepalived
        ? [
            {
              title: localized('Rehearse the failover', 'Répéter la bascule'),
              ticks: [
                localized(
                  `systemctl stop haproxy on the balancer that has ${streaming.virtual_address ?? ''}: within 5 s the other one has it`,
                  `systemctl stop haproxy sur le répartiteur qui a ${streaming.virtual_address ?? ''} : en moins de 5 s, l'autre l'a prise`,
                ),
                localized('a player that was running goes on', 'un lecteur en marche continue'),
                localized(
                  'systemctl start haproxy: the address comes back',
                  "systemctl start haproxy : l'adresse revient",
                ),
              ],
            },
          ]
        : []),
      lookAtTheWhole(name),
    ],
  );
}

/** The runtime socket as socat takes it, on the balancer itself. */
const socketOf = (socket = '/run/haproxy/admin.sock'): string =>
  /^[\w.-]*:\d+$/.test(socket) ? `TCP:${socket.replace(/^:/, '127.0.0.1:')}` : `UNIX-CONNECT:${socket}`;

/** The program does not start without a certificate, and the authority asks the program: a first one is our own. */
const placeholder = (certificate: string, name: string): Step => ({
  title: localized('Begin with a certificate of our own', 'Commencer avec un certificat à nous'),
  why: localized(
    'The program does not start without one. The next steps replace it.',
    'Le programme ne démarre pas sans certificat. Les étapes suivantes le remplacent.',
  ),
  commands: [
    `install -d -m 700 ${dirname(certificate)}`,
    `[ -e ${certificate} ] || (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=${name} -keyout /tmp/first.key -out /tmp/first.crt && cat /tmp/first.crt /tmp/first.key > ${certificate} && rm /tmp/first.key /tmp/first.crt)`,
  ],
});

const askCertificate = (names: readonly string[], address: string, program: 'haproxy' | 'nginx'): Step => ({
  title: localized('Get the certificate', 'Obtenir le certificat'),
  why: localized(
    `Certbot answers on port ${ACME_PORT} behind ${program === 'haproxy' ? 'HAProxy' : 'nginx'}: nothing is stopped, now or at a renewal. Every name must already lead here, or to another machine of this cluster. Debian's certbot.timer renews; the last command proves that it can.`,
    `Certbot répond sur le port ${ACME_PORT} derrière ${program === 'haproxy' ? 'HAProxy' : 'nginx'} : rien n'est arrêté, ni maintenant ni au renouvellement. Chaque nom doit déjà mener ici, ou à une autre machine de ce cluster. Le certbot.timer de Debian renouvelle ; la dernière commande prouve qu'il le peut.`,
  ),
  commands: [
    `certbot certonly --standalone --http-01-address ${address} --http-01-port ${ACME_PORT} --deploy-hook /etc/letsencrypt/renewal-hooks/deploy/${program} ${names.map((one) => `-d ${one}`).join(' ')}`,
    'certbot renew --dry-run',
  ],
});
