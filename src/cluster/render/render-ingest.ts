import { localized } from '../../kit/output/localized.js';
import type { IngestNode, StreamingInventory } from '../streaming/inventory.js';
import { bracket } from '../inventory/values.js';
import { fillTemplate, type TemplateValues } from './fill-template.js';
import { addresses } from './runbook.js';
import { transcoderCommand, variantLines } from './ladder.js';
import { renderMediaMtx } from './render-mediamtx.js';
import {
  hlsPath,
  listenOn,
  nginxTempPaths,
  NGINX_MODULES,
  templateOf,
  type Layout,
  type RenderedFile,
  type Templates,
} from './layout.js';

/** After that many segment durations without a change a playlist is dead. */
const STALE_SEGMENTS = 3;
/** With very short segments a busy encoder pauses longer than three of them. */
const STALE_LEAST_SECONDS = 6;

/** nginx.conf with RTMP, the watch over playlists, and the directory in memory. */
export function renderIngest(
  name: string,
  streaming: StreamingInventory,
  templates: Templates,
  layout: Layout,
): RenderedFile[] {
  const ingest = streaming.ingests[name];
  if (ingest === undefined) return [];
  const { server } = streaming;
  // OvenMediaEngine and SRS keep their own files: they are checked, not rendered.
  if (server === 'ovenmediaengine' || server === 'srs') return [];
  const path = hlsPath(layout);
  const template = server === 'mediamtx' ? 'nginx-ingest-static.conf' : 'nginx-ingest.conf';
  const nginx = fillTemplate(templateOf(templates, template), nginxValues(name, ingest, streaming, layout));
  const watch = {
    hlsPath: path,
    staleSeconds: Math.max(STALE_LEAST_SECONDS, streaming.segment_seconds * STALE_SEGMENTS),
  };
  const file = (place: string, text: string, mode: RenderedFile['mode'] = 0o644): RenderedFile => ({
    node: name,
    path: place,
    text,
    mode,
  });
  return [
    file('etc/nginx/nginx.conf', nginx),
    ...(server === 'mediamtx' ? renderMediaMtx(name, streaming, templates, path) : []),
    file('usr/local/sbin/hls-watch', fillTemplate(templateOf(templates, 'hls-watch.sh'), watch), 0o755),
    file(
      'etc/systemd/system/hls-watch.service',
      fillTemplate(templateOf(templates, 'hls-watch.service'), watch),
    ),
    file(
      'etc/tmpfiles.d/hls.conf',
      `# ${localized('HLS files live in memory. Written by', 'Les fichiers HLS vivent en mémoire. Écrit par')} \`bbb2pod cluster render\`.\nd ${path} 0755 www-data www-data -\n`,
    ),
  ];
}

function nginxValues(
  name: string,
  ingest: IngestNode,
  streaming: StreamingInventory,
  layout: Layout,
): TemplateValues {
  const { publishers, supervisors } = streaming;
  return {
    node: name,
    publicName: streaming.public_name,
    modules: NGINX_MODULES,
    user: layout.nginxUser,
    root: layout.root,
    address: bracket(ingest.address),
    rtmpPort: ingest.rtmp_port,
    rtmpListen: listenOn(layout, ingest.address, ingest.rtmp_port),
    httpListen: listenOn(layout, ingest.address, ingest.http_port),
    serverNames: [name, ingest.address].join(' '),
    publishRules: [...publishers.map((address) => `allow publish ${address};`), 'deny publish all;'].join(
      '\n',
    ),
    record: streaming.record
      ? `record all;\nrecord_path ${layout.root}/var/lib/streaming-records;\nrecord_suffix -%Y%m%d-%H%M%S.flv;`
      : '',
    transcoder: transcoderCommand(streaming, ingest.rtmp_port),
    hlsPath: hlsPath(layout),
    // A little less than the key frames' distance: rounding must not make a segment twice as long.
    fragmentMs: streaming.segment_seconds * 1000 - 200,
    playlistSeconds: streaming.playlist_seconds,
    variants: variantLines(streaming),
    tempPaths: nginxTempPaths(layout),
    statPath: ingest.stat_path,
    statRules: accessRules(supervisors),
    hlsRules: hlsRules(streaming),
  };
}

/** Names in place of addresses cannot be resolved into rules here: then the firewall decides. */
function hlsRules({ supervisors, broadcasts, ingests }: StreamingInventory): string {
  const nodes = addresses(broadcasts);
  if (!nodes.every(isAddress)) return '';
  return accessRules([...supervisors, ...nodes, ...addresses(ingests)].filter(isAddress));
}

const isAddress = (text: string): boolean => /^[0-9A-Fa-f.:]+(?:\/\d+)?$/.test(text) && /[.:]/.test(text);

const accessRules = (addresses: readonly string[]): string =>
  [...[...new Set(['127.0.0.1', ...addresses])].map((address) => `allow ${address};`), 'deny all;'].join(
    '\n',
  );
