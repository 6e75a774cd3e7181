import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAuthority, issueCertificate } from './certificates.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { BenchProcess, portAnswers, run, waitFor } from './processes.js';

/** Resolves everywhere without a DNS zone of our own. */
export const PUBLIC_NAME = 'localhost';
const MODULES = 'load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\n';

export interface IngestNode {
  name: string;
  rtmpPort: number;
  httpPort: number;
  nginx: BenchProcess;
  source: BenchProcess;
  hlsDirectory: string;
}

/** HAProxy, nginx-rtmp, nginx and a test card on loopback: two of each, as in the streaming cluster. */
export class StreamingBench {
  readonly ingests: IngestNode[] = [];
  readonly broadcasts: { name: string; port: number; nginx: BenchProcess }[] = [];
  readonly balancers: {
    name: string;
    httpPort: number;
    httpsPort: number;
    statsPort: number;
    socket: string;
    haproxy: BenchProcess;
  }[] = [];
  authorityFile = '';

  constructor(readonly directory: string) {}

  async start(): Promise<void> {
    const [r1 = 0, r2 = 0, i1 = 0, i2 = 0, b1 = 0, b2 = 0, ...lb] = await freePorts(12);
    this.authorityFile = createAuthority(this.directory).file;
    issueCertificate(this.directory, 'live', {
      names: [PUBLIC_NAME, 'broadcast1.bench.test', 'broadcast2.bench.test'],
      days: 90,
    });
    this.#addIngest('ingest1', r1, i1);
    this.#addIngest('ingest2', r2, i2);
    this.#addBroadcast('broadcast1', b1);
    this.#addBroadcast('broadcast2', b2);
    this.#addBalancer('lb1', lb.slice(0, 3));
    this.#addBalancer('lb2', lb.slice(3, 6));
    for (const { nginx } of [...this.ingests, ...this.broadcasts]) nginx.start();
    for (const { haproxy } of this.balancers) haproxy.start();
    await Promise.all(
      [
        ...this.ingests.map((i) => i.rtmpPort),
        ...this.broadcasts.map((b) => b.port),
        ...this.balancers.map((l) => l.httpsPort),
      ].map((port) => waitFor(`port ${port}`, () => portAnswers(port))),
    );
    for (const { source } of this.ingests) source.start();
  }

  /** Waits until every broadcast node serves a playlist with enough segments. */
  async ready(): Promise<void> {
    await Promise.all(
      this.broadcasts.flatMap(({ port }) =>
        ['mire_720', 'mire_360'].map((name) =>
          waitFor(
            `${name} on ${port}`,
            async () => {
              const answer = await fetch(`http://127.0.0.1:${port}/hls/${name}.m3u8`).catch(() => null);
              const text = answer?.ok === true ? await answer.text() : '';
              return text.split('#EXTINF').length > 3;
            },
            40_000,
          ),
        ),
      ),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.ingests.map(({ source }) => source.stop('SIGKILL')));
    await Promise.all([
      ...this.balancers.map(({ haproxy }) => haproxy.stop('SIGKILL')),
      ...this.ingests.map(({ nginx }) => nginx.stop()),
      ...this.broadcasts.map(({ nginx }) => nginx.stop()),
    ]);
  }

  /** Rewrites a balancer's configuration and starts it anew. */
  async reconfigureBalancer(index: number, change: (text: string) => string): Promise<void> {
    const balancer = this.balancers[index]!;
    writeFileSync(path.join(this.directory, `${balancer.name}.cfg`), change(this.haproxyText(index)));
    await balancer.haproxy.stop('SIGKILL');
    balancer.haproxy.start();
    await waitFor(balancer.name, () => portAnswers(balancer.statsPort));
  }

  /** Rewrites a broadcast node's configuration and starts it anew. */
  async reconfigureBroadcast(index: number, change: (text: string) => string): Promise<void> {
    const { name, port, nginx } = this.broadcasts[index]!;
    writeFileSync(path.join(this.directory, name, 'nginx.conf'), change(this.broadcastText(name, port)));
    await nginx.stop('SIGKILL');
    nginx.start();
    await waitFor(name, () => portAnswers(port));
  }

  /** Removes what an ingest wrote, as after a new installation. */
  emptyPlaylists(index: number): void {
    const { hlsDirectory } = this.ingests[index]!;
    for (const file of readdirSync(hlsDirectory)) rmSync(path.join(hlsDirectory, file));
  }

  #addIngest(name: string, rtmpPort: number, httpPort: number): void {
    const home = path.join(this.directory, name);
    const hlsDirectory = path.join(home, 'hls');
    mkdirSync(hlsDirectory, { recursive: true });
    mkdirSync(path.join(home, 'logs'), { recursive: true });
    const push = (suffix: string): string =>
      `-c copy -f flv rtmp://127.0.0.1:${rtmpPort}/broadcast/$name_${suffix}`;
    writeFileSync(
      path.join(home, 'nginx.conf'),
      `${MODULES}daemon off; master_process off; pid nginx.pid; error_log logs/error.log warn;
events { worker_connections 128; }
rtmp { server { listen 127.0.0.1:${rtmpPort}; ping 10s; ping_timeout 5s;
  application ingest { live on; allow publish 127.0.0.1; deny publish all;
    exec /usr/bin/ffmpeg -nostdin -loglevel error -i rtmp://127.0.0.1:${rtmpPort}/ingest/$name ${push('720')} ${push('360')}; respawn_timeout 1s; }
  application broadcast { live on; allow publish 127.0.0.1; deny publish all;
    hls on; hls_path ${hlsDirectory}; hls_fragment 2s; hls_playlist_length 12s;
    hls_variant _720 BANDWIDTH=900000,RESOLUTION=320x180,CODECS="avc1.42c00c,mp4a.40.2",FRAME-RATE=10;
    hls_variant _360 BANDWIDTH=600000,RESOLUTION=320x180,CODECS="avc1.42c00c,mp4a.40.2",FRAME-RATE=10; }
} }
http { access_log off; server { listen 127.0.0.1:${httpPort};
  location /stat { rtmp_stat all; allow 127.0.0.1; deny all; } } }
`,
    );
    this.ingests.push({
      name,
      rtmpPort,
      httpPort,
      hlsDirectory,
      nginx: new BenchProcess(`${name}-nginx`, {
        file: '/usr/sbin/nginx',
        args: ['-p', home, '-c', path.join(home, 'nginx.conf'), '-e', 'logs/error.log'],
        cwd: this.directory,
      }),
      source: new BenchProcess(`${name}-source`, {
        file: '/usr/bin/ffmpeg',
        args: ['-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10']
          .concat(['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'])
          .concat(['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'])
          .concat([
            '-g',
            '20',
            '-keyint_min',
            '20',
            '-sc_threshold',
            '0',
            '-b:v',
            '150k',
            '-c:a',
            'aac',
            '-b:a',
            '32k',
            '-threads',
            '1',
          ])
          .concat(['-f', 'flv', `rtmp://127.0.0.1:${rtmpPort}/ingest/mire`]),
        cwd: this.directory,
      }),
    });
  }

  #addBroadcast(name: string, port: number): void {
    const home = path.join(this.directory, name);
    mkdirSync(path.join(home, 'logs'), { recursive: true });
    mkdirSync(path.join(home, 'tmp'), { recursive: true });
    writeFileSync(path.join(home, 'nginx.conf'), this.broadcastText(name, port));
    this.broadcasts.push({
      name,
      port,
      nginx: new BenchProcess(`${name}-nginx`, {
        file: '/usr/sbin/nginx',
        args: ['-p', home, '-c', path.join(home, 'nginx.conf'), '-e', 'logs/error.log'],
        cwd: this.directory,
      }),
    });
  }

  #addBalancer(name: string, ports: number[]): void {
    const [httpPort = 0, httpsPort = 0, statsPort = 0] = ports;
    const socket = path.join(this.directory, `${name}.sock`);
    const index = this.balancers.length;
    this.balancers.push({
      name,
      httpPort,
      httpsPort,
      statsPort,
      socket,
      haproxy: new BenchProcess(`${name}-haproxy`, {
        file: '/usr/sbin/haproxy',
        args: ['-f', path.join(this.directory, `${name}.cfg`)],
        cwd: this.directory,
      }),
    });
    writeFileSync(path.join(this.directory, `${name}.cfg`), this.haproxyText(index));
    run('/usr/sbin/haproxy', ['-c', '-f', `${name}.cfg`], this.directory);
  }

  broadcastText(name: string, port: number): string {
    return `daemon off; master_process off; pid nginx.pid; error_log logs/error.log warn;
events { worker_connections 256; }
http { access_log off; types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; text/html html; }
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  server { listen 127.0.0.1:${port}; add_header X-Node ${name} always;
    location = / { return 200 "ok"; }
    location /hls/ { alias ${path.join(this.directory, 'ingest1', 'hls')}/; add_header X-Node ${name} always;
      add_header Access-Control-Allow-Origin * always; add_header Cache-Control no-cache always; } } }
`;
  }

  haproxyText(index: number): string {
    const { httpPort, httpsPort, statsPort, socket } = this.balancers[index]!;
    const servers = this.broadcasts
      .map(
        ({ name, port }) =>
          `  server ${name} 127.0.0.1:${port} cookie ${name} check inter 500ms fall 2 rise 2 maxconn 200`,
      )
      .join('\n');
    return `global
  maxconn 500
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  option redispatch
frontend web
  bind 127.0.0.1:${httpPort}
  bind 127.0.0.1:${httpsPort} ssl crt ${path.join(this.directory, 'live.pem')} alpn h2,http/1.1
  redirect scheme https code 301 if !{ ssl_fc }
  default_backend nodes
backend nodes
  balance roundrobin
  cookie SERVERUSED insert indirect nocache
  option httpchk GET /
${servers}
frontend statistics
  bind 127.0.0.1:${statsPort}
  stats enable
  stats uri /haproxy?stats
  stats auth watcher:bench-secret
`;
  }
}
