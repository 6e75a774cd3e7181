import type { StreamingInventory } from '../streaming/inventory.js';
import type { RenderedFile } from './layout.js';
import { ACME_PORT, balancerNames, isDirect } from './acme.js';
import { copyFiles, openPorts, runbook, type Step } from './runbook.js';

const check = (name: string): Step => ({
  title: 'Look at the whole',
  why: 'From the supervision machine. Exit 0 and no critical.',
  commands: [`bbb2pod cluster check   # then: ${name} is listed and ok`],
});

/** Runbooks of balancers, ingests, broadcast nodes and the source, and the pages for adding and removing. */
export function streamingRunbooks(streaming: StreamingInventory): RenderedFile[] {
  return [
    ...Object.keys(streaming.ingests).map((name) => ingestRunbook(name, streaming)),
    ...Object.keys(streaming.broadcasts).map((name) => broadcastRunbook(name, streaming)),
    ...Object.keys(streaming.balancers).map((name) => balancerRunbook(name, streaming)),
    sourceRunbook(streaming),
    ...nodePages(streaming),
  ];
}

const dirname = (file: string): string => file.replace(/\/[^/]*$/, '');
const addresses = (nodes: Readonly<Record<string, { readonly address: string }>>): string[] =>
  Object.values(nodes).map(({ address }) => address);

function ingestRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const ingest = streaming.ingests[name];
  const address = ingest?.address ?? name;
  const [stream = 'direct'] = streaming.streams;
  const { server } = streaming;
  if (server === 'ovenmediaengine' || server === 'srs') return foreignIngestRunbook(name, streaming);
  const mediaMtx = server === 'mediamtx';
  return runbook(name, `${name}: ingest of ${streaming.public_name}`, [
    {
      title: 'Install',
      commands: [
        'apt update',
        `apt install nginx ${mediaMtx ? '' : 'libnginx-mod-rtmp '}ffmpeg curl rsync nftables`,
      ],
    },
    ...(mediaMtx
      ? [
          {
            title: 'Fetch MediaMTX',
            why: 'No Debian package has it: one program, from https://github.com/bluenviron/mediamtx/releases (1.9 or later), its sum checked against the page.',
            commands: ['install -m 755 mediamtx /usr/local/bin/mediamtx', 'mediamtx --version'],
          },
        ]
      : []),
    {
      title: 'Open the ports',
      why: 'RTMP for the publishers, HTTP for the broadcast nodes, nothing for the public.',
      commands: openPorts([
        { from: streaming.publishers, to: `tcp dport ${ingest?.rtmp_port ?? 1935}` },
        ...(mediaMtx && ingest?.srt_port !== undefined
          ? [{ from: streaming.publishers, to: `udp dport ${ingest.srt_port}` }]
          : []),
        {
          from: [
            ...addresses(streaming.broadcasts),
            ...streaming.supervisors.filter((a) => a !== '127.0.0.1'),
          ],
          to: `tcp dport ${ingest?.http_port ?? 80}`,
        },
      ]),
    },
    { title: 'Put the files', commands: copyFiles(name, address, ['etc', 'usr']) },
    {
      title: 'Start',
      commands: [
        'systemd-tmpfiles --create /etc/tmpfiles.d/hls.conf',
        ...(streaming.record ? ['install -d -o www-data /var/lib/streaming-records'] : []),
        'nginx -t',
        'systemctl restart nginx',
        'systemctl daemon-reload',
        `systemctl enable --now nginx hls-watch${mediaMtx ? ' mediamtx' : ''}`,
      ],
    },
    {
      title: 'Publish to both ingests',
      why:
        streaming.publishers.length === 0
          ? 'cluster.toml names no publisher: nobody may publish. Add `publishers = ["ADDRESS"]`, render and reload.'
          : `The encoder (OBS: two outputs) sends to every ingest at once; a relay from one to the other would die with the first. Its address here: rtmp://${address}:${ingest?.rtmp_port ?? 1935}/${mediaMtx ? 'live' : 'ingest'}/${stream}`,
    },
    {
      title: 'Verify',
      commands: [
        mediaMtx
          ? 'curl -s http://127.0.0.1:9997/v3/paths/list   # the stream, "ready":true'
          : `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}${ingest?.stat_path ?? '/stat'} | grep -c '<publishing/>'   # 1 and one per rendition`,
        `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}/hls/${stream}.m3u8`,
      ],
    },
    ...(mediaMtx
      ? [
          {
            title: 'Tell the checks',
            why: 'The rendered cluster has its playlists below /hls/, whatever the ingest; the API answers on the ingest alone.',
            commands: [
              '# in cluster.toml: [streaming] playlist = "/hls/{stream}.m3u8"',
              `# and, when the checks run here: [streaming.ingests.${name}] api_url = "http://127.0.0.1:9997"`,
            ],
          },
        ]
      : []),
    check(name),
  ]);
}

/** OvenMediaEngine and SRS are checked, not rendered: their files are the site's own. */
const foreignIngestRunbook = (
  name: string,
  { server, public_name: site }: StreamingInventory,
): RenderedFile =>
  runbook(name, `${name}: ${server}, ingest of ${site}`, [
    {
      title: 'Keep its own files',
      why: `${server} is not rendered. Let its API answer the supervisors only, and name it: api_url under [streaming.ingests.${name}].`,
    },
    check(name),
  ]);

function broadcastRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const node = streaming.broadcasts[name];
  const port = node?.http_port ?? 80;
  const certificate = streaming.certificate ?? '';
  const direct = isDirect(streaming);
  const [stream = 'direct'] = streaming.streams;
  return runbook(name, `${name}: broadcast node of ${streaming.public_name}`, [
    {
      title: 'Install',
      commands: ['apt update', `apt install nginx curl rsync nftables${direct ? ' certbot openssl' : ''}`],
    },
    {
      title: 'Open the port',
      why: streaming.media === 'direct' ? 'Viewers come straight here.' : 'Only the balancers come here.',
      commands: openPorts([
        { from: streaming.media === 'direct' ? [] : addresses(streaming.balancers), to: `tcp dport ${port}` },
        ...(direct ? [{ from: [], to: `tcp dport ${node?.https_port ?? 443}` }] : []),
      ]),
    },
    ...(direct ? [placeholder(certificate, node?.public_name ?? streaming.public_name)] : []),
    { title: 'Put the files', commands: copyFiles(name, node?.address ?? name, ['etc', 'var']) },
    {
      title: 'Start',
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
      title: 'Verify',
      commands: [
        `curl -si http://127.0.0.1:${port}/hls/${stream}.m3u8 | head   # 200, X-Node: ${name}`,
        `curl -s http://127.0.0.1:${port}/health/playlist | head -1     # #EXTM3U while the stream is on`,
      ],
    },
    {
      title: 'Let viewers come',
      why: 'From the supervision machine.',
      commands: [`bbb2pod cluster ready ${name} --apply`],
    },
    check(name),
  ]);
}

function balancerRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const balancer = streaming.balancers[name];
  const twins = Object.keys(streaming.balancers).filter((other) => other !== name);
  const keepalived = streaming.virtual_address !== undefined && twins.length > 0;
  const { certificate } = streaming;
  const certbotPeers = [
    ...twins.map((twin) => streaming.balancers[twin]?.address ?? ''),
    ...(isDirect(streaming) ? addresses(streaming.broadcasts) : []),
  ].filter((address) => /^[0-9A-Fa-f.:]+$/.test(address));
  return runbook(name, `${name}: balancer of ${streaming.public_name}`, [
    {
      title: 'Install',
      commands: [
        'apt update',
        `apt install haproxy curl socat rsync nftables${keepalived ? ' keepalived' : ''}${certificate === undefined ? '' : ' certbot openssl'}`,
      ],
    },
    {
      title: 'Open the ports',
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
            title: 'Decide about TLS',
            why: 'cluster.toml names no certificate: viewers come by plain HTTP, and a player inside an https page will not load. Set `certificate`, render again.',
          },
        ]
      : [placeholder(certificate, streaming.public_name)]),
    { title: 'Put the files', commands: copyFiles(name, balancer?.address ?? name, ['etc']) },
    {
      title: 'Start',
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
      title: 'Verify',
      commands: [
        `curl -si ${certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/ | head`,
        `echo 'show stat' | socat - ${socketOf(balancer?.socket)} | cut -d, -f1,2,18   # broadcasts UP, spares MAINT`,
        ...(keepalived
          ? [
              `ip address show ${balancer?.interface ?? 'eth0'} | grep ${(streaming.virtual_address ?? '').split('/')[0] ?? ''}   # on one balancer only`,
            ]
          : []),
      ],
    },
    ...(keepalived
      ? [
          {
            title: 'Rehearse the failover',
            ticks: [
              `systemctl stop haproxy on the balancer that has ${streaming.virtual_address ?? ''}: within 5 s the other one has it`,
              'a player that was running goes on',
              'systemctl start haproxy: the address comes back',
            ],
          },
        ]
      : []),
    check(name),
  ]);
}

/** The runtime socket as socat takes it, on the balancer itself. */
const socketOf = (socket = '/run/haproxy/admin.sock'): string =>
  /^[\w.-]*:\d+$/.test(socket) ? `TCP:${socket.replace(/^:/, '127.0.0.1:')}` : `UNIX-CONNECT:${socket}`;

/** The program does not start without a certificate, and the authority asks the program: a first one is our own. */
const placeholder = (certificate: string, name: string): Step => ({
  title: 'Begin with a certificate of our own',
  why: 'The program does not start without one. The next steps replace it.',
  commands: [
    `install -d -m 700 ${dirname(certificate)}`,
    `[ -e ${certificate} ] || (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=${name} -keyout /tmp/first.key -out /tmp/first.crt && cat /tmp/first.crt /tmp/first.key > ${certificate} && rm /tmp/first.key /tmp/first.crt)`,
  ],
});

const askCertificate = (names: readonly string[], address: string, program: 'haproxy' | 'nginx'): Step => ({
  title: 'Get the certificate',
  why: `Certbot answers on port ${ACME_PORT} behind ${program === 'haproxy' ? 'HAProxy' : 'nginx'}: nothing is stopped, now or at a renewal. Every name must already lead here, or to another machine of this cluster. Debian's certbot.timer renews; the last command proves that it can.`,
  commands: [
    `certbot certonly --standalone --http-01-address ${address} --http-01-port ${ACME_PORT} --deploy-hook /etc/letsencrypt/renewal-hooks/deploy/${program} ${names.map((one) => `-d ${one}`).join(' ')}`,
    'certbot renew --dry-run',
  ],
});

const sourceRunbook = (streaming: StreamingInventory): RenderedFile =>
  runbook('source', 'The test card, for rehearsals', [
    { title: 'Install', commands: ['apt update', 'apt install ffmpeg'] },
    {
      title: 'Be allowed to publish',
      why: `This machine's address must stand in \`publishers\` of cluster.toml (now: ${streaming.publishers.join(', ') || 'nobody'}).`,
    },
    {
      title: 'Start',
      commands: [
        'systemctl daemon-reload',
        'systemctl start test-card',
        'systemctl stop test-card   # when the rehearsal is over',
      ],
    },
    {
      title: 'Watch',
      why: `In a browser: ${streaming.certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/`,
    },
  ]);

function nodePages(streaming: StreamingInventory): RenderedFile[] {
  const page = (name: string, title: string, steps: readonly Step[]): RenderedFile =>
    runbook('runbooks', title, steps, name);
  const balancers = Object.keys(streaming.balancers).join(' and ');
  return [
    page('add-broadcast.md', 'Add a broadcast node', [
      {
        title: 'Write it down',
        why: 'Add `[streaming.broadcasts.NAME]` to cluster.toml.',
        commands: ['bbb2pod cluster render --output cluster --diff'],
      },
      { title: 'Build it', why: 'Follow cluster/NAME/RUNBOOK.md.' },
      ...(streaming.spare_slots > 0
        ? [
            {
              title: 'At once: take a spare slot',
              why: 'HAProxy refuses cookies on servers that are added while it runs; slots were declared beforehand, so no reload is needed now.',
              commands: ['bbb2pod cluster ready spare1 --address ADDRESS:80 --apply'],
            },
          ]
        : []),
      {
        title: `For good: render and reload ${balancers}`,
        why: 'The slot is forgotten at the next restart of HAProxy; the rendered file knows the node by its name. A reload keeps connections.',
        commands: ['haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'],
      },
      check('NAME'),
    ]),
    page('remove-broadcast.md', 'Remove a broadcast node', [
      {
        title: 'Take it out',
        why: 'Refused when too few would be left for the expected viewers.',
        commands: ['bbb2pod cluster drain NAME --apply'],
      },
      {
        title: 'Forget it',
        why: 'Remove it from cluster.toml, render, copy haproxy.cfg to the balancers.',
        commands: ['systemctl reload haproxy'],
      },
      { title: 'Stop it', commands: ['systemctl disable --now nginx'] },
      check('NAME (gone)'),
    ]),
    page('add-ingest.md', 'Add or replace an ingest', [
      { title: 'Write it down and build it', why: 'Add it to cluster.toml, render, follow its RUNBOOK.md.' },
      {
        title: 'Teach the broadcast nodes',
        why: 'Copy the new etc/nginx/nginx.conf to each; a reload is not noticed.',
        commands: ['nginx -t && systemctl reload nginx'],
      },
      { title: 'Add it to the encoder', why: 'The encoder publishes to every ingest.' },
      check('NAME'),
    ]),
    page('remove-ingest.md', 'Remove an ingest', [
      {
        title: 'Turn the broadcast nodes away first',
        why: 'Remove it from cluster.toml, render, reload nginx on each broadcast node; players go on with the other ingest.',
        commands: ['nginx -t && systemctl reload nginx'],
      },
      { title: 'Stop it', commands: ['systemctl disable --now nginx hls-watch'] },
      check('NAME (gone)'),
    ]),
    page('add-balancer.md', 'Add or remove a balancer', [
      {
        title: 'Add',
        why: 'Add it to cluster.toml, render, follow its RUNBOOK.md; copy keepalived.conf to the other one, too (its peers changed).',
        commands: ['systemctl reload keepalived'],
      },
      {
        title: 'Remove',
        why: 'Stopping keepalived gives the address away; then HAProxy may go.',
        commands: ['systemctl disable --now keepalived', 'sleep 5', 'systemctl disable --now haproxy'],
      },
      check('NAME'),
    ]),
  ];
}
