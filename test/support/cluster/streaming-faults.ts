import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { ClusterBench } from './cluster-bench.js';
import { issueCertificate, selfSign } from './certificates.js';
import type { RuntimeFault } from './faults.js';
import { run, waitFor, portAnswers } from './processes.js';
import { PUBLIC_NAME } from './streaming-bench.js';
import { runtimeCommand } from '../../../src/cluster/adapters/haproxy/statistics.js';

const NAMES = [PUBLIC_NAME, 'broadcast1.bench.test', 'broadcast2.bench.test'];
type Change = (text: string) => string;

/** Rewrites the first balancer's haproxy.cfg. */
const balancer = (change: Change) => (bench: ClusterBench) => bench.streaming.reconfigureBalancer(0, change);
const balancerHealed = (bench: ClusterBench) => bench.streaming.reconfigureBalancer(0, (text) => text);

/** Rewrites a broadcast node's nginx.conf. */
const node = (index: number, change: Change) => (bench: ClusterBench) =>
  bench.streaming.reconfigureBroadcast(index, change);
const nodeHealed = (index: number) => node(index, (text) => text);

const certificate =
  (options: { names: string[]; days: number } | 'self-signed') => async (bench: ClusterBench) => {
    const { streaming } = bench;
    if (options === 'self-signed') selfSign(streaming.directory, 'live', PUBLIC_NAME);
    else issueCertificate(streaming.directory, 'live', options);
    await streaming.reconfigureBalancer(0, (text) => text);
  };
const certificateHealed = certificate({ names: NAMES, days: 90 });

const command = (bench: ClusterBench, line: string) =>
  Promise.all(
    bench.streaming.balancers.map(({ socket }) =>
      runtimeCommand({ path: socket }, line, AbortSignal.timeout(5000)),
    ),
  ).then(() => undefined);

/** Answers one path of a node with a fixed text. */
const answer =
  (location: string, body: string, more = '') =>
  (text: string) =>
    text.replace(
      'location = / {',
      `location ${location} { default_type application/vnd.apple.mpegurl; add_header X-Node broken; add_header Access-Control-Allow-Origin *; add_header Cache-Control no-cache; ${more} return 200 '${body}'; }\n    location = / {`,
    );

const MASTER = (bandwidth: number, names: string[]): string =>
  `#EXTM3U\n${names
    .map(
      (name) =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=320x180,CODECS="avc1.42c00c"\nmire_${name}.m3u8`,
    )
    .join('\n')}\n`;

async function restartIngest(bench: ClusterBench, change: Change): Promise<void> {
  const ingest = bench.streaming.ingests[0]!;
  const file = path.join(bench.streaming.directory, ingest.name, 'nginx.conf');
  const original = `${file}.sound`;
  const sound = (() => {
    try {
      return readFileSync(original, 'utf8');
    } catch {
      const text = readFileSync(file, 'utf8');
      writeFileSync(original, text);
      return text;
    }
  })();
  writeFileSync(file, change(sound));
  await ingest.source.stop('SIGKILL');
  await ingest.nginx.stop();
  ingest.nginx.start();
  await waitFor('the ingest', () => portAnswers(ingest.rtmpPort));
  ingest.source.start();
}

/** Connections that say nothing, and count. */
const waiting: net.Socket[] = [];

const ingestOf = (bench: ClusterBench) => bench.streaming.ingests[0]!;

/** The ffmpeg that the ingest's nginx started. */
const transcoder = (bench: ClusterBench, signal: NodeJS.Signals): void => {
  for (const pid of ingestOf(bench).nginx.children()) process.kill(pid, signal);
};

export const streamingFaults: readonly RuntimeFault[] = [
  {
    name: 'a broadcast node is stopped',
    system: 'streaming',
    family: true,
    inject: ({ streaming }) => streaming.broadcasts[1]!.nginx.stop('SIGKILL'),
    heal: ({ streaming }) => streaming.broadcasts[1]!.nginx.start(),
    first: /^S08-silent/,
    status: 'critical',
    explains: /^S05-down@broadcast2/,
  },
  {
    name: 'a broadcast node hangs',
    system: 'streaming',
    inject: ({ streaming }) => streaming.broadcasts[1]!.nginx.signal('SIGSTOP'),
    heal: ({ streaming }) => streaming.broadcasts[1]!.nginx.signal('SIGCONT'),
    first: /^S08-silent/,
    status: 'critical',
  },
  {
    name: 'a balancer is stopped',
    system: 'streaming',
    family: true,
    inject: ({ streaming }) => streaming.balancers[0]!.haproxy.stop('SIGKILL'),
    heal: balancerHealed,
    first: /^S01-silent/,
    status: 'critical',
    explains: /^S05-unknown/,
  },
  {
    name: 'a balancer hangs',
    system: 'streaming',
    inject: ({ streaming }) => streaming.balancers[1]!.haproxy.signal('SIGSTOP'),
    heal: ({ streaming }) => streaming.balancers[1]!.haproxy.signal('SIGCONT'),
    first: /^S01-silent/,
    status: 'critical',
  },
  {
    name: 'both nodes are in maintenance',
    system: 'streaming',
    inject: async (bench) => {
      await command(bench, 'set server nodes/broadcast1 state maint');
      await command(bench, 'set server nodes/broadcast2 state maint');
    },
    heal: async (bench) => {
      await command(bench, 'set server nodes/broadcast1 state ready');
      await command(bench, 'set server nodes/broadcast2 state ready');
    },
    first: /^S05-maintenance/,
    status: 'critical',
    explains: /^S01-error/,
  },
  {
    name: 'a node is being drained',
    system: 'streaming',
    inject: (bench) => command(bench, 'set server nodes/broadcast2 state drain'),
    heal: (bench) => command(bench, 'set server nodes/broadcast2 state ready'),
    first: /^S05-draining/,
    status: 'warning',
  },
  {
    name: 'the certificate is expired',
    system: 'streaming',
    family: true,
    inject: certificate({ names: NAMES, days: -1 }),
    heal: certificateHealed,
    first: /^S02-expired/,
    status: 'critical',
  },
  {
    name: 'the certificate is that of another name',
    system: 'streaming',
    inject: certificate({
      names: ['other.bench.test', 'broadcast1.bench.test', 'broadcast2.bench.test'],
      days: 90,
    }),
    heal: certificateHealed,
    first: /^S02-name/,
    status: 'critical',
  },
  {
    name: 'the certificate is self-signed',
    system: 'streaming',
    inject: certificate('self-signed'),
    heal: certificateHealed,
    first: /^S02-untrusted/,
    status: 'critical',
  },
  {
    name: 'the certificate expires in ten days',
    system: 'streaming',
    inject: certificate({ names: NAMES, days: 10 }),
    heal: certificateHealed,
    first: /^S02-expires/,
    status: 'warning',
  },
  {
    name: 'the certificate does not cover the nodes',
    system: 'streaming',
    inject: certificate({ names: [PUBLIC_NAME], days: 90 }),
    heal: certificateHealed,
    first: /^S02-node-names/,
    status: 'warning',
  },
  {
    name: 'HTTP is not led to HTTPS',
    system: 'streaming',
    inject: balancer((text) => text.replace(/.*redirect scheme.*\n/, '')),
    heal: balancerHealed,
    first: /^S01-no-redirect/,
    status: 'warning',
  },
  {
    name: 'the balancer sets no cookie',
    system: 'streaming',
    inject: balancer((text) =>
      text.replace(/.*cookie SERVERUSED.*\n/, '').replaceAll(/ cookie broadcast\d/g, ''),
    ),
    heal: balancerHealed,
    first: /^S04-no-cookie/,
    status: 'warning',
  },
  {
    name: 'one cookie leads to several nodes',
    system: 'streaming',
    inject: balancer((text) =>
      text
        .replace(/.*cookie SERVERUSED.*\n/, '  http-response set-header Set-Cookie SERVERUSED=same\n')
        .replaceAll(/ cookie broadcast\d/g, ''),
    ),
    heal: balancerHealed,
    first: /^S04-switching/,
    status: 'critical',
  },
  {
    name: 'a server has no health check',
    system: 'streaming',
    inject: balancer((text) => text.replace(/(server broadcast2.*) check inter 500ms fall 2 rise 2/, '$1')),
    heal: balancerHealed,
    first: /^S05-unchecked/,
    status: 'warning',
  },
  {
    name: 'the statistics page opens with admin:admin',
    system: 'streaming',
    family: true,
    inject: balancer((text) => text.replace(/( +stats auth watcher.*\n)/, '$1  stats auth admin:admin\n')),
    heal: balancerHealed,
    first: /^S18-default-password/,
    status: 'critical',
  },
  {
    name: 'the statistics page is on the public front, without a password',
    system: 'streaming',
    inject: balancer((text) =>
      text.replace(
        '  default_backend nodes',
        '  stats enable\n  stats uri /haproxy?stats\n  default_backend nodes',
      ),
    ),
    heal: balancerHealed,
    first: /^S18-statistics/,
    status: 'warning',
  },
  {
    name: 'the source stops',
    system: 'streaming',
    family: true,
    inject: (bench) => ingestOf(bench).source.stop('SIGKILL'),
    heal: (bench) => ingestOf(bench).source.start(),
    first: /^S15-absent/,
    status: 'critical',
  },
  {
    name: 'the source hangs',
    system: 'streaming',
    inject: (bench) => ingestOf(bench).source.signal('SIGSTOP'),
    heal: (bench) => ingestOf(bench).source.signal('SIGCONT'),
    first: /^S15-stalled/,
    status: 'critical',
    explains: /^S09-frozen/,
  },
  {
    name: 'the ingest is stopped, and its playlists stay for ever',
    system: 'streaming',
    inject: (bench) => ingestOf(bench).nginx.stop('SIGKILL'),
    heal: (bench) => restartIngest(bench, (text) => text),
    first: /^S14-silent/,
    status: 'critical',
    explains: /^S09-frozen/,
  },
  {
    name: 'the ingest hangs',
    system: 'streaming',
    inject: (bench) => ingestOf(bench).nginx.signal('SIGSTOP'),
    heal: (bench) => ingestOf(bench).nginx.signal('SIGCONT'),
    first: /^S14-silent/,
    status: 'critical',
  },
  {
    name: 'the transcoder hangs: input alive, outputs at 0',
    system: 'streaming',
    family: true,
    inject: (bench) => transcoder(bench, 'SIGSTOP'),
    heal: (bench) => transcoder(bench, 'SIGCONT'),
    first: /^S16-stalled/,
    status: 'critical',
    explains: /^S09-frozen/,
  },
  {
    name: 'the transcoder makes one rendition less',
    system: 'streaming',
    inject: (bench) => restartIngest(bench, (text) => text.replace(/ -c copy -f flv \S+\$name_360/, '')),
    heal: (bench) => restartIngest(bench, (text) => text),
    first: /^S16-absent/,
    status: 'critical',
  },
  {
    name: 'the application of the ingest has another name',
    system: 'streaming',
    inject: (bench) => restartIngest(bench, (text) => text.replace('application ingest', 'application live')),
    heal: (bench) => restartIngest(bench, (text) => text),
    first: /^S14-refused/,
    status: 'critical',
  },
  {
    name: 'a node has no playlist of one rendition',
    system: 'streaming',
    inject: node(1, (text) =>
      text.replace('location = / {', 'location = /hls/mire_360.m3u8 { return 404; }\n    location = / {'),
    ),
    heal: nodeHealed(1),
    first: /^S10-missing/,
    status: 'critical',
  },
  {
    name: 'a node does not serve segments',
    system: 'streaming',
    family: true,
    inject: node(1, (text) =>
      text.replace('location = / {', 'location ~ \\.ts$ { return 404; }\n    location = / {'),
    ),
    heal: nodeHealed(1),
    first: /^S11-missing/,
    status: 'critical',
  },
  {
    name: 'segments are empty',
    system: 'streaming',
    inject: node(0, (text) =>
      text.replace('location = / {', "location ~ \\.ts$ { return 200 ''; }\n    location = / {"),
    ),
    heal: nodeHealed(0),
    first: /^S11-empty/,
    status: 'critical',
  },
  {
    name: 'segments are no MPEG',
    system: 'streaming',
    inject: node(0, (text) =>
      text.replace('location = / {', "location ~ \\.ts$ { return 200 'not a segment'; }\n    location = / {"),
    ),
    heal: nodeHealed(0),
    first: /^S11-damaged/,
    status: 'critical',
  },
  {
    name: 'a page of an error stands where the master was',
    system: 'streaming',
    inject: node(1, answer('= /hls/mire.m3u8', '<html>Not found</html>')),
    heal: nodeHealed(1),
    first: /^S10-invalid/,
    status: 'critical',
  },
  {
    name: 'a node refuses the playlists',
    system: 'streaming',
    inject: node(1, (text) => text.replace('location /hls/ {', 'location /hls/ { deny all;')),
    heal: nodeHealed(1),
    first: /^S08-error/,
    status: 'critical',
  },
  {
    name: 'a node sends no CORS header',
    system: 'streaming',
    inject: node(1, (text) => text.replace('add_header Access-Control-Allow-Origin * always;', '')),
    heal: nodeHealed(1),
    first: /^S08-cors/,
    status: 'warning',
  },
  {
    name: 'a node lets playlists be cached for an hour',
    system: 'streaming',
    inject: node(1, (text) => text.replace('Cache-Control no-cache', 'Cache-Control max-age=3600')),
    heal: nodeHealed(1),
    first: /^S08-cache/,
    status: 'warning',
  },
  {
    name: 'a node serves playlists as text',
    system: 'streaming',
    inject: node(1, (text) => text.replace('application/vnd.apple.mpegurl m3u8', 'text/plain m3u8')),
    heal: nodeHealed(1),
    first: /^S08-type/,
    status: 'warning',
  },
  {
    name: 'the declared rate is a tenth of the real one',
    system: 'streaming',
    inject: node(0, answer('= /hls/mire.m3u8', MASTER(20_000, ['720', '360']))),
    heal: nodeHealed(0),
    first: /^S12-above/,
    status: 'warning',
  },
  {
    name: 'the master forgets a rendition',
    system: 'streaming',
    inject: node(1, answer('= /hls/mire.m3u8', MASTER(900_000, ['720']))),
    heal: nodeHealed(1),
    first: /^S10-unannounced/,
    status: 'warning',
  },
  {
    name: 'the second stream has no source',
    system: 'streaming',
    inject: (bench) =>
      bench.writeInventory((text) => text.replace('streams = ["mire"]', 'streams = ["mire", "amphi"]')),
    heal: (bench) => bench.writeInventory(),
    first: /^S15-absent/,
    status: 'critical',
    // Its playlists are missing for that reason; those of the first stream are sound.
    explains: /^S08-error@broadcast1\/amphi/,
  },
  {
    name: 'the disk of an ingest is full',
    system: 'streaming',
    inject: (bench) => {
      const disk = path.join(bench.directory, 'full');
      mkdirSync(disk, { recursive: true });
      run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk], bench.directory);
      writeFileSync(path.join(disk, 'record.flv'), Buffer.alloc(64 * 1024));
      bench.writeInventory((text) =>
        text.replace(
          '[streaming.ingests.ingest1]\n',
          `[streaming.ingests.ingest1]\ndirectories = ["${disk}"]\n`,
        ),
      );
    },
    heal: (bench) => {
      run('umount', [path.join(bench.directory, 'full')], bench.directory);
      bench.writeInventory();
    },
    first: /^S20-full/,
    status: 'critical',
  },
  {
    name: 'a directory of an ingest is not there',
    system: 'streaming',
    inject: (bench) =>
      bench.writeInventory((text) =>
        text.replace(
          '[streaming.ingests.ingest1]\n',
          '[streaming.ingests.ingest1]\ndirectories = ["/srv/not-there"]\n',
        ),
      ),
    heal: (bench) => bench.writeInventory(),
    first: /^S20-missing/,
    status: 'critical',
  },
  {
    name: 'there is one balancer only',
    system: 'streaming',
    inject: (bench) =>
      bench.writeInventory((text) => text.replace(/\[streaming\.balancers\.lb2\][\s\S]*?(?=\n\[)/, '')),
    heal: (bench) => bench.writeInventory(),
    first: /^S03-single/,
    status: 'warning',
  },
  {
    name: 'the front of a balancer is nearly full',
    system: 'streaming',
    inject: async (bench) => {
      await bench.streaming.reconfigureBalancer(0, (text) =>
        text.replace('frontend web', 'frontend web\n  maxconn 100'),
      );
      bench.writeInventory((text) =>
        text.replace(
          '[streaming.expected]',
          '[streaming.thresholds]\nsessions_percent = 40\n[streaming.expected]',
        ),
      );
      const { httpPort } = bench.streaming.balancers[0]!;
      for (let i = 0; i < 55; i++) {
        const socket = net.connect({ host: '127.0.0.1', port: httpPort });
        socket.on('error', () => undefined);
        waiting.push(socket);
      }
    },
    heal: async (bench) => {
      for (const socket of waiting.splice(0)) socket.destroy();
      bench.writeInventory();
      await balancerHealed(bench);
    },
    first: /^S07-near/,
    status: 'warning',
  },
  {
    name: 'the nodes follow different ingests',
    system: 'streaming',
    inject: async (bench) => {
      const second = bench.streaming.ingests[1]!;
      await second.source.stop('SIGKILL');
      await second.nginx.stop();
      bench.streaming.emptyPlaylists(1);
      second.nginx.start();
      await waitFor('the second ingest', () => portAnswers(second.rtmpPort));
      second.source.start();
      await node(1, (text) => text.replace('/ingest1/hls/', '/ingest2/hls/'))(bench);
    },
    heal: nodeHealed(1),
    first: /^S17-diverged/,
    status: 'critical',
  },
];
