import { localized } from '../../kit/output/localized.js';
import type { BroadcastNode, StreamingInventory } from '../streaming/inventory.js';
import { ACME_PATH, acmeServers, isDirect } from './acme.js';
import { bracket } from '../inventory/values.js';
import { fillTemplate } from './fill-template.js';
import {
  listenOn,
  nginxTempPaths,
  templateOf,
  type Layout,
  type RenderedFile,
  type Templates,
} from './layout.js';

const PLAYLIST_PROXY = [
  'proxy_cache playlists;',
  'proxy_cache_valid 200 1s;',
  'proxy_cache_lock on;',
  // The next ingest is asked when one does not answer, or has no such playlist (any more).
  'proxy_next_upstream error timeout http_404 http_500 http_502 http_503 http_504;',
  'proxy_next_upstream_timeout 4s;',
  'add_header Cache-Control "no-cache" always;',
];
const HEALTH_PROXY = [
  'proxy_next_upstream error timeout http_404 http_500 http_502 http_503 http_504;',
  'proxy_next_upstream_timeout 2s;',
  'proxy_cache playlists;',
  'proxy_cache_valid 200 1s;',
  'proxy_intercept_errors on;',
];

/** nginx.conf with failover between the ingests, and the site with its player. */
export function renderBroadcast(
  name: string,
  streaming: StreamingInventory,
  templates: Templates,
  layout: Layout,
): RenderedFile[] {
  const broadcast = streaming.broadcasts[name];
  if (broadcast === undefined) return [];
  const nginx = fillTemplate(templateOf(templates, 'nginx-broadcast.conf'), {
    node: name,
    publicName: streaming.public_name,
    user: layout.nginxUser,
    root: layout.root,
    tempPaths: nginxTempPaths(layout),
    httpListen: listenOn(layout, broadcast.address, broadcast.http_port),
    serverNames: [streaming.public_name, broadcast.public_name, name]
      .filter((word) => word !== undefined)
      .join(' '),
    tls: tlsLines(streaming, broadcast, layout),
    upstreams: upstreams(streaming),
    acmeUpstream: acmeUpstream(streaming, broadcast.address),
    acmeLocation: acmeLocation(streaming),
    connectSources: directNodes(streaming)
      .map((url) => ` ${url}`)
      .join(''),
    playlistProxy: withHeaders(PLAYLIST_PROXY, name).join('\n'),
    ...healthLocations(streaming),
    ingestLocations: Object.keys(streaming.ingests)
      .map((ingest) => ingestLocation(ingest, name))
      .join('\n'),
  });
  return [
    { node: name, path: 'etc/nginx/nginx.conf', text: nginx, mode: 0o644 },
    ...(isDirect(streaming) && broadcast.public_name !== undefined
      ? [
          {
            node: name,
            path: 'etc/letsencrypt/renewal-hooks/deploy/nginx',
            text: fillTemplate(templateOf(templates, 'certbot-hook.sh'), {
              ...{ program: 'nginx', name: broadcast.public_name, certificate: streaming.certificate ?? '' },
              directory: (streaming.certificate ?? '').replace(/\/[^/]*$/, ''),
              reload: 'systemctl reload nginx',
            }),
            mode: 0o755 as const,
          },
        ]
      : []),
    ...site(name, streaming, templates),
  ];
}

/** A node that viewers reach by its own name is reached by the authority, too: for its own certificate, or a balancer's. */
function acmeUpstream(streaming: StreamingInventory, own: string): string {
  if (!isDirect(streaming)) return '';
  const servers = acmeServers(streaming, own).map((address) => `    server ${address} max_fails=0;`);
  return ['upstream acme {', ...servers, '}'].join('\n');
}

const acmeLocation = (streaming: StreamingInventory): string =>
  isDirect(streaming)
    ? [
        localized(
          '# The challenge of a certificate authority, for whoever asked.',
          "# Le défi d'une autorité de certification, pour qui l'a demandé.",
        ),
        `location ${ACME_PATH} {`,
        '    proxy_pass http://acme;',
        '    proxy_set_header Host $host;',
        '    proxy_next_upstream error timeout http_404;',
        '}',
      ].join('\n')
    : '';

/** Viewers who come straight to the node need its certificate there. */
function tlsLines(
  streaming: StreamingInventory,
  { address, https_port: port }: BroadcastNode,
  layout: Layout,
): string {
  const { certificate, media } = streaming;
  if (media !== 'direct' || certificate === undefined) return '';
  return [
    `listen ${listenOn(layout, address, port)} ssl http2;`,
    `ssl_certificate ${certificate};`,
    `ssl_certificate_key ${certificate};`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
  ].join('\n');
}

/** nginx inherits add_header only where a block has none of its own: each block says them all. */
const withHeaders = (lines: readonly string[], node: string): string[] => [
  ...lines,
  `add_header X-Node ${node} always;`,
  'add_header Access-Control-Allow-Origin * always;',
  // The player tells a playlist that stands still by both dates.
  'add_header Access-Control-Expose-Headers Date always;',
];

/** One upstream over all ingests, for master playlists, and one per ingest, for what carries its name. */
function upstreams({ ingests }: StreamingInventory): string {
  const target = (name: string): string => {
    const ingest = ingests[name];
    return ingest === undefined ? '' : `${bracket(ingest.address)}:${ingest.http_port}`;
  };
  const names = Object.keys(ingests);
  const block = (title: string, order: readonly string[]): string =>
    [
      `upstream ${title} {`,
      ...order.map(
        (name, i) => `    server ${target(name)} max_fails=1 fail_timeout=3s${i === 0 ? '' : ' backup'};`,
      ),
      '    keepalive 16;',
      '}',
    ].join('\n');
  return [
    block('ingests', names),
    ...names.map(
      (name) => `upstream only_${name} {\n    server ${target(name)} max_fails=0;\n    keepalive 16;\n}`,
    ),
  ].join('\n');
}

/**
 * Renditions and segments carry the name of their ingest and come from it only: numbers of two ingests never
 * match, and a player whose playlist went back in numbers would wait until they were reached again. When the
 * ingest dies the rendition fails, and the player begins anew with the master of the other one.
 */
function ingestLocation(ingest: string, node: string): string {
  const playlist = withHeaders(PLAYLIST_PROXY, node).map((line) => `    ${line}`);
  const segment = withHeaders(
    [
      'proxy_cache segments;',
      'proxy_cache_valid 200 2m;',
      'proxy_cache_lock on;',
      'proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;',
      'add_header Cache-Control "public, max-age=120, immutable" always;',
    ],
    node,
  ).map((line) => `    ${line}`);
  return [
    `location ~ ^/hls/${escapeRegex(ingest)}/(?<playlist>[A-Za-z0-9_.-]+\\.m3u8)$ {`,
    `    proxy_pass http://only_${ingest}/hls/$playlist;`,
    ...playlist,
    '}',
    `location ~ ^/hls/${escapeRegex(ingest)}/(?<segment>[A-Za-z0-9_.-]+\\.ts)$ {`,
    `    proxy_pass http://only_${ingest}/hls/$segment;`,
    ...segment,
    '}',
  ].join('\n');
}

const escapeRegex = (text: string): string => text.replace(/[.]/g, '\\.');

/** Streams are tried in turn: a node is healthy when one of them is on air. */
function healthLocations({ streams }: StreamingInventory): { healthFirst: string; healthNext: string } {
  const body = (i: number): string[] => [
    `proxy_pass http://ingests/hls/${streams[i] ?? ''}.m3u8;`,
    ...HEALTH_PROXY,
    ...(streams[i + 1] === undefined ? [] : [`error_page 404 502 503 504 = @health_${i + 1};`]),
  ];
  return {
    healthFirst: body(0).join('\n'),
    healthNext: streams
      .slice(1)
      .map((stream, at) => {
        const lines = body(at + 1).map((line) =>
          line.startsWith('proxy_pass ')
            ? `rewrite ^ /hls/${stream}.m3u8 break;\n    proxy_pass http://ingests;`
            : line,
        );
        return `location @health_${at + 1} {\n${lines.map((line) => `    ${line}`).join('\n')}\n}`;
      })
      .join('\n'),
  };
}

/** Public addresses of the nodes, for players that skip the balancers. */
const directNodes = (streaming: StreamingInventory): string[] =>
  Object.values(streaming.broadcasts).flatMap(
    ({ public_name: host, http_port: port, https_port: tlsPort }) => {
      if (host === undefined) return [];
      if (streaming.certificate !== undefined)
        return [`https://${host}${tlsPort === 443 ? '' : `:${tlsPort}`}`];
      return [`http://${host}${port === 80 ? '' : `:${port}`}`];
    },
  );

function site(node: string, streaming: StreamingInventory, templates: Templates): RenderedFile[] {
  const file = (path: string, text: string): RenderedFile => ({
    node,
    path: `var/www/streaming/${path}`,
    text,
    mode: 0o644,
  });
  const sources = {
    streams: streaming.streams,
    direct: streaming.media === 'direct',
    nodes: directNodes(streaming),
    // Longer than the segment that is being waited for, shorter than a viewer's patience.
    stallMs: 1000 + streaming.segment_seconds * 1000,
  };
  return [
    file(
      'index.html',
      fillTemplate(templateOf(templates, 'player/index.html'), {
        publicName: streaming.public_name,
      }),
    ),
    file('player.css', templateOf(templates, 'player/player.css')),
    file('player.js', templateOf(templates, 'player/player.js')),
    file('hls.min.js', templateOf(templates, 'hls.min.js')),
    file('sources.json', `${JSON.stringify(sources, null, 2)}\n`),
  ];
}
