import { localized } from '../../kit/output/localized.js';
import type { BalancerNode, StreamingInventory } from '../streaming/inventory.js';
import { clientSockets } from '../plan/formulas.js';
import { ACME_PATH, acmeServers } from './acme.js';
import { fillTemplate } from './fill-template.js';
import { bracket } from '../inventory/values.js';
import { listenOn, templateOf, type Layout, type RenderedFile, type Templates } from './layout.js';

const DEFAULT_VIEWERS = 2000;

/** haproxy.cfg, keepalived.conf (two balancers and a virtual address), and certbot's deploy hook. */
export function renderBalancer(
  name: string,
  streaming: StreamingInventory,
  templates: Templates,
  layout: Layout,
): RenderedFile[] {
  const balancer = streaming.balancers[name];
  if (balancer === undefined) return [];
  const file = (path: string, text: string, mode: RenderedFile['mode'] = 0o644): RenderedFile => ({
    node: name,
    path,
    text,
    mode,
  });
  const { certificate, virtual_address: virtualAddress } = streaming;
  const names = Object.keys(streaming.balancers);
  return [
    // 0600: it may hold the password of the statistics page.
    file(
      'etc/haproxy/haproxy.cfg',
      haproxyConfiguration(name, balancer, streaming, templates, layout),
      0o600,
    ),
    ...(virtualAddress !== undefined && names.length > 1
      ? [
          file(
            'etc/keepalived/keepalived.conf',
            fillTemplate(templateOf(templates, 'keepalived.conf'), {
              node: name,
              virtualAddress,
              statsAddress: `${bracket(balancer.address)}:${balancer.stats_port}`,
              interface: balancer.interface,
              routerId: streaming.virtual_router_id,
              priority: 150 - names.indexOf(name) * 10,
              address: balancer.address,
              peers: names
                .filter((other) => other !== name)
                .map((other) => streaming.balancers[other]?.address ?? '')
                .join('\n'),
            }),
          ),
        ]
      : []),
    ...(certificate === undefined
      ? []
      : [
          file(
            'etc/letsencrypt/renewal-hooks/deploy/haproxy',
            fillTemplate(templateOf(templates, 'certbot-hook.sh'), {
              ...{ program: 'HAProxy', name: streaming.public_name, certificate },
              directory: certificate.replace(/\/[^/]*$/, ''),
              reload: 'systemctl reload haproxy',
            }),
            0o755,
          ),
        ]),
  ];
}

function haproxyConfiguration(
  node: string,
  balancer: BalancerNode,
  streaming: StreamingInventory,
  templates: Templates,
  layout: Layout,
): string {
  const viewers = streaming.expected.viewers ?? DEFAULT_VIEWERS;
  const maxconn = Math.max(2000, clientSockets(viewers, 1));
  const certificate = streaming.certificate;
  const bind = (port: number): string =>
    (layout.ownAddress ? '' : '*:') + listenOn(layout, balancer.address, port);
  return fillTemplate(templateOf(templates, 'haproxy.cfg'), {
    node,
    publicName: streaming.public_name,
    globalSystem: layout.systemUsers
      ? 'log /dev/log local0\nchroot /var/lib/haproxy\nuser haproxy\ngroup haproxy\ndaemon'
      : '',
    socket: socketOf(balancer, layout),
    maxconn: maxconn + 500,
    serverMaxconn: Math.max(
      500,
      Math.ceil((maxconn * 2) / Math.max(1, Object.keys(streaming.broadcasts).length)),
    ),
    httpBind: bind(balancer.http_port),
    httpsBind:
      certificate === undefined
        ? localized(
            '# No certificate in cluster.toml: plain HTTP only.',
            '# Pas de certificat dans cluster.toml : HTTP simple seulement.',
          )
        : `bind ${bind(balancer.https_port)} ssl crt ${certificate} alpn h2,http/1.1`,
    redirect:
      certificate === undefined
        ? ''
        : `http-request redirect scheme https code 301 unless { ssl_fc } or { path_beg ${ACME_PATH} }`,
    acmeRule: certificate === undefined ? '' : `use_backend acme if { path_beg ${ACME_PATH} }`,
    acmeBackend: certificate === undefined ? '' : acmeBackend(streaming, balancer.address),
    nodeBackendRules: nodeBackendRules(streaming),
    mediaServers: servers(streaming),
    siteServers: servers(streaming),
    nodeBackends: nodeBackends(streaming),
    statsBind: `${bracket(balancer.address)}:${balancer.stats_port}`,
    supervisors: [
      ...streaming.supervisors,
      ...Object.values(streaming.balancers).map(({ address }) => address),
    ]
      .filter((address, i, all) => /^[0-9A-Fa-f.:/]+$/.test(address) && all.indexOf(address) === i)
      .join(' '),
    statsAuth:
      streaming.stats_password === undefined
        ? ''
        : `stats auth ${streaming.stats_user}:${escapeWord(streaming.stats_password.reveal())}`,
  });
}

/** A path of the node, or host:port. Under another root the socket moves there. */
function socketOf(balancer: BalancerNode, { root }: Layout): string {
  if (/^[\w.-]*:\d+$/.test(balancer.socket)) return `ipv4@${balancer.socket}`;
  return `${root}${balancer.socket}`;
}

/** Nodes, then slots declared beforehand: HAProxy refuses cookies on servers that are added at run time. */
function servers(streaming: StreamingInventory): string {
  const present = Object.entries(streaming.broadcasts).map(
    ([name, { address, http_port: port, weight }]) =>
      `server ${name} ${bracket(address)}:${port} cookie ${name} weight ${weight} check`,
  );
  const slots = Array.from(
    { length: streaming.spare_slots },
    (_, i) => `server spare${i + 1} 192.0.2.${i + 1}:80 cookie spare${i + 1} weight 100 check disabled`,
  );
  return [...present, ...slots].join('\n');
}

/** Nodes with a public name are also reached by it through the balancers, for checks and for one certificate. */
const named = ({ broadcasts }: StreamingInventory): [string, string, string][] =>
  Object.entries(broadcasts).flatMap(([name, { public_name: host, address, http_port: port }]) =>
    host === undefined ? [] : [[name, host, `${bracket(address)}:${port}`] as [string, string, string]],
  );

const nodeBackendRules = (streaming: StreamingInventory): string =>
  named(streaming)
    .map(([name, host]) => `use_backend node_${name} if { hdr(host),field(1,:) -i ${host} }`)
    .join('\n');

const nodeBackends = (streaming: StreamingInventory): string =>
  named(streaming)
    .map(
      ([name, host, target]) =>
        `backend node_${name}\n    option httpchk\n    http-check send meth GET uri /health/playlist ver HTTP/1.1 hdr Host ${host}\n    http-check expect rstring ^#EXTM3U\n    server ${name} ${target} check inter 5s`,
    )
    .join('\n');

/**
 * The challenge of a certificate authority: certbot listens only while it renews, and on the balancer that asked. One
 * that refuses, or knows no such challenge, is passed over for the next.
 */
const acmeBackend = (streaming: StreamingInventory, own: string): string =>
  [
    'backend acme',
    '    balance first',
    '    retries 4',
    '    retry-on conn-failure 404 503',
    '    option redispatch 1',
    '    timeout connect 1s',
    ...acmeServers(streaming, own).map((address, i) => `    server certbot${i + 1} ${address}`),
  ].join('\n');

/** HAProxy reads words with backslash escapes; a password may hold spaces and quotes. */
const escapeWord = (text: string): string => text.replace(/[\\ #"']/g, (character) => `\\${character}`);
