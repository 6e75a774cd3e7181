import { localized } from '../../kit/output/localized.js';
import type { StreamingInventory } from '../streaming/inventory.js';
import { ACME_PORT, balancerNames, isDirect } from './acme.js';
import type { TemplateValues } from './fill-template.js';
import type { RenderedFile, Templates } from './layout.js';
import { addresses, nodeRunbook, openPorts, rolePage } from './runbook.js';

/** Runbooks of balancers, ingests, broadcast nodes and the source, and the pages for adding and removing. */
export function streamingRunbooks(streaming: StreamingInventory, templates: Templates): RenderedFile[] {
  const { publishers, certificate, public_name: site } = streaming;
  return [
    ...Object.keys(streaming.ingests).map((name) => ingestRunbook(name, streaming, templates)),
    ...Object.keys(streaming.broadcasts).map((name) => broadcastRunbook(name, streaming, templates)),
    ...Object.keys(streaming.balancers).map((name) => balancerRunbook(name, streaming, templates)),
    nodeRunbook(templates, 'source', 'source', {
      publishers: publishers.join(', '),
      certificate: certificate ?? '',
      site,
    }),
    rolePage(templates, 'add-broadcast', {
      balancers: Object.keys(streaming.balancers).join(localized(' and ', ' et ')),
      spareSlots: streaming.spare_slots > 0,
    }),
    ...['remove-broadcast', 'add-ingest', 'remove-ingest', 'add-balancer'].map((page) =>
      rolePage(templates, page),
    ),
  ];
}

function ingestRunbook(name: string, streaming: StreamingInventory, templates: Templates): RenderedFile {
  const { server, public_name: site, publishers, supervisors, record } = streaming;
  // OvenMediaEngine and SRS are checked, not rendered: their files are the site's own.
  if (server === 'ovenmediaengine' || server === 'srs')
    return nodeRunbook(templates, 'foreign-ingest', name, { site, server });
  const ingest = streaming.ingests[name];
  const { rtmp_port: rtmpPort = 1935, http_port: httpPort = 80, srt_port: srtPort } = ingest ?? {};
  const mediaMtx = server === 'mediamtx';
  return nodeRunbook(templates, 'ingest', name, {
    site,
    mediaMtx,
    address: ingest?.address ?? name,
    stream: streaming.streams[0] ?? 'direct',
    publishers: publishers.join(', '),
    record,
    rtmpPort,
    httpPort,
    statPath: ingest?.stat_path ?? '/stat',
    ports: openPorts([
      { from: publishers, to: `tcp dport ${rtmpPort}` },
      ...(mediaMtx && srtPort !== undefined ? [{ from: publishers, to: `udp dport ${srtPort}` }] : []),
      {
        from: [...addresses(streaming.broadcasts), ...supervisors.filter((a) => a !== '127.0.0.1')],
        to: `tcp dport ${httpPort}`,
      },
    ]),
  });
}

function broadcastRunbook(name: string, streaming: StreamingInventory, templates: Templates): RenderedFile {
  const node = streaming.broadcasts[name];
  const { http_port: httpPort = 80, https_port: httpsPort = 443, public_name: ownName } = node ?? {};
  const { media, public_name: site } = streaming;
  const direct = isDirect(streaming);
  const address = node?.address ?? name;
  return nodeRunbook(templates, 'broadcast', name, {
    site,
    address,
    httpPort,
    stream: streaming.streams[0] ?? 'direct',
    viewersComeHere: media === 'direct',
    direct,
    ports: openPorts([
      { from: media === 'direct' ? [] : addresses(streaming.balancers), to: `tcp dport ${httpPort}` },
      ...(direct ? [{ from: [], to: `tcp dport ${httpsPort}` }] : []),
    ]),
    ownCertificate: direct && ownName !== undefined,
    ...certificateValues(streaming, ownName ?? site, ownName === undefined ? [] : [ownName]),
    program: 'nginx',
    programName: 'nginx',
  });
}

function balancerRunbook(name: string, streaming: StreamingInventory, templates: Templates): RenderedFile {
  const balancer = streaming.balancers[name];
  const { public_name: site, virtual_address: virtualAddress = '' } = streaming;
  const twins = Object.keys(streaming.balancers).filter((other) => other !== name);
  return nodeRunbook(templates, 'balancer', name, {
    site,
    address: balancer?.address ?? name,
    keepalived: virtualAddress !== '' && twins.length > 0,
    ports: balancerPorts(name, streaming),
    socket: socketOf(balancer?.socket),
    interface: balancer?.interface ?? 'eth0',
    virtualAddress,
    virtualHost: virtualAddress.split('/')[0] ?? '',
    ...certificateValues(streaming, site, balancerNames(streaming)),
    program: 'haproxy',
    programName: 'HAProxy',
  });
}

function balancerPorts(name: string, streaming: StreamingInventory): string {
  const balancer = streaming.balancers[name];
  const { certificate, supervisors, virtual_address: virtualAddress } = streaming;
  const twins = Object.entries(streaming.balancers)
    .filter(([other]) => other !== name)
    .map(([, { address }]) => address);
  // Whoever the authority comes to passes its question on to the balancer that asked.
  const certbotPeers = [...twins, ...(isDirect(streaming) ? addresses(streaming.broadcasts) : [])].filter(
    (address) => /^[0-9A-Fa-f.:]+$/.test(address),
  );
  const rules = openPorts([
    { from: [], to: `tcp dport { ${balancer?.http_port ?? 80}, ${balancer?.https_port ?? 443} }` },
    { from: supervisors.filter((a) => a !== '127.0.0.1'), to: `tcp dport ${balancer?.stats_port ?? 8404}` },
    ...(certificate === undefined || certbotPeers.length === 0
      ? []
      : [{ from: certbotPeers, to: `tcp dport ${ACME_PORT}` }]),
  ]);
  return virtualAddress === undefined || twins.length === 0
    ? rules
    : `${rules}\nnft add rule inet filter input ip saddr { ${twins.join(', ')} } ip protocol vrrp accept`;
}

/** Of the steps that begin with a certificate of our own, under `first`, and ask for one with these names. */
const certificateValues = (
  { certificate = '' }: StreamingInventory,
  first: string,
  names: readonly string[],
): TemplateValues => ({
  certificate,
  certificateFolder: certificate.replace(/\/[^/]*$/, ''),
  certificateName: first,
  domains: names.map((one) => `-d ${one}`).join(' '),
  acmePort: ACME_PORT,
});

/** The runtime socket as socat takes it, on the balancer itself. */
const socketOf = (socket = '/run/haproxy/admin.sock'): string =>
  /^[\w.-]*:\d+$/.test(socket) ? `TCP:${socket.replace(/^:/, '127.0.0.1:')}` : `UNIX-CONNECT:${socket}`;
