import type { StreamingInventory } from '../streaming/inventory.js';
import type { RenderedFile } from './layout.js';
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
  return runbook(name, `${name}: ingest of ${streaming.public_name}`, [
    { title: 'Install', commands: ['apt update', 'apt install nginx libnginx-mod-rtmp ffmpeg'] },
    {
      title: 'Open the ports',
      why: 'RTMP for the publishers, HTTP for the broadcast nodes, nothing for the public.',
      commands: openPorts([
        { from: streaming.publishers, to: `tcp dport ${ingest?.rtmp_port ?? 1935}` },
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
        'systemctl enable --now nginx hls-watch',
      ],
    },
    {
      title: 'Publish to both ingests',
      why:
        streaming.publishers.length === 0
          ? 'cluster.toml names no publisher: nobody may publish. Add `publishers = ["ADDRESS"]`, render and reload.'
          : 'The encoder (OBS: two outputs) sends to every ingest at once; a relay from one to the other would die with the first.',
      commands: [`rtmp://${address}:${ingest?.rtmp_port ?? 1935}/ingest/${stream}`],
    },
    {
      title: 'Verify',
      commands: [
        `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}${ingest?.stat_path ?? '/stat'} | grep -c '<publishing/>'   # 1 and one per rendition`,
        `curl -s http://127.0.0.1:${ingest?.http_port ?? 80}/hls/${stream}.m3u8`,
      ],
    },
    check(name),
  ]);
}

function broadcastRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const node = streaming.broadcasts[name];
  const port = node?.http_port ?? 80;
  const certificate = streaming.certificate ?? '';
  const direct = streaming.media === 'direct' && certificate !== '';
  const [stream = 'direct'] = streaming.streams;
  return runbook(name, `${name}: broadcast node of ${streaming.public_name}`, [
    { title: 'Install', commands: ['apt update', 'apt install nginx'] },
    {
      title: 'Open the port',
      why: streaming.media === 'direct' ? 'Viewers come straight here.' : 'Only the balancers come here.',
      commands: openPorts([
        { from: streaming.media === 'direct' ? [] : addresses(streaming.balancers), to: `tcp dport ${port}` },
        ...(direct ? [{ from: [], to: `tcp dport ${node?.https_port ?? 443}` }] : []),
      ]),
    },
    ...(direct
      ? [
          {
            title: 'Bring the certificate',
            why: "The node answers viewers under its own name. Copy the balancers' file after each renewal, too (add it to certbot's hook).",
            commands: [
              `install -d -m 700 ${dirname(certificate)}`,
              `scp root@BALANCER:${certificate} ${certificate} && chmod 600 ${certificate}`,
            ],
          },
        ]
      : []),
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
    {
      title: 'Verify',
      commands: [
        `curl -si http://127.0.0.1:${port}/hls/${stream}.m3u8 | head   # 200, X-Node: ${name}`,
        `curl -s http://127.0.0.1:${port}/health/playlist | head -1     # #EXTM3U while the stream is on`,
      ],
    },
    { title: 'Let viewers come', commands: [`bbb2pod cluster ready ${name} --apply`] },
    check(name),
  ]);
}

function balancerRunbook(name: string, streaming: StreamingInventory): RenderedFile {
  const balancer = streaming.balancers[name];
  const twins = Object.keys(streaming.balancers).filter((other) => other !== name);
  const keepalived = streaming.virtual_address !== undefined && twins.length > 0;
  const { certificate } = streaming;
  return runbook(name, `${name}: balancer of ${streaming.public_name}`, [
    {
      title: 'Install',
      commands: [
        'apt update',
        `apt install haproxy curl${keepalived ? ' keepalived' : ''}${certificate === undefined ? '' : ' certbot'}`,
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
      : [
          {
            title: 'Get the certificate',
            why: 'One certificate for the main name and every node that has a public name; a page over https refuses media without it.',
            commands: [
              `install -d -m 700 ${dirname(certificate)}`,
              `certbot certonly --standalone ${[streaming.public_name, ...publicNames(streaming)].map((n) => `-d ${n}`).join(' ')}`,
              `RENEWED_DOMAINS='${streaming.public_name}' RENEWED_LINEAGE=/etc/letsencrypt/live/${streaming.public_name} sh -x ${name}/etc/letsencrypt/renewal-hooks/deploy/haproxy   # after the next step`,
            ],
          },
        ]),
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
    {
      title: 'Verify',
      commands: [
        `curl -si ${certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/ | head`,
        "echo 'show stat' | socat - /run/haproxy/admin.sock | cut -d, -f1,2,18   # broadcasts UP, spares MAINT",
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

const publicNames = ({ broadcasts }: StreamingInventory): string[] =>
  Object.values(broadcasts).flatMap(({ public_name: host }) => (host === undefined ? [] : [host]));

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
      commands: [`${streaming.certificate === undefined ? 'http' : 'https'}://${streaming.public_name}/`],
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
