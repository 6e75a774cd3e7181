import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { startChild, type Child } from '../../../src/kit/adapters/process/start-child.js';
import { freePort } from './free-port.js';

export interface NginxRtmp {
  readonly rtmpUrl: string;
  readonly hlsUrl: string;
  readonly statUrl: string;
  readonly hlsDirectory: string;
  stop(): Promise<void>;
  /** Same ports, same directory. */
  start(): Promise<void>;
}

/** A real nginx with libnginx-mod-rtmp on loopback: RTMP in, HLS out, statistics. `denied` refuses publishers. */
export async function startNginxRtmp(directory: string): Promise<NginxRtmp> {
  const [rtmp, http] = [await freePort(), await freePort()];
  const hlsDirectory = path.join(directory, 'hls');
  mkdirSync(hlsDirectory, { recursive: true });
  const configuration = path.join(directory, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(directory, rtmp, http));
  let child: Child | null = null;
  const start = async (): Promise<void> => {
    child = await startChild({
      file: '/usr/sbin/nginx',
      args: ['-p', directory, '-c', configuration, '-g', 'daemon off;'],
      diesWithParent: true,
    });
    await listening(http, child);
  };
  await start();
  return {
    rtmpUrl: `rtmp://127.0.0.1:${rtmp}/live/`,
    hlsUrl: `http://127.0.0.1:${http}/hls/`,
    statUrl: `http://127.0.0.1:${http}/stat`,
    hlsDirectory,
    start,
    stop: async () => {
      await child?.stop('SIGTERM');
    },
  };
}

async function listening(port: number, child: Child): Promise<void> {
  const state = { ended: false };
  void child.exited.then(() => (state.ended = true));
  for (let i = 0; i < 100; i++) {
    if (state.ended) break;
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false)); // too busy a machine: the timer was quicker
      setTimeout(() => socket.destroy(), 500).unref();
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nginx does not listen: ${child.stderrTail.join('\n')}`);
}

const nginxConfiguration = (directory: string, rtmp: number, http: number): string => `
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log warn;
events { worker_connections 256; }
rtmp {
  server {
    listen 127.0.0.1:${rtmp};
    application live {
      live on;
      hls on;
      hls_path ${directory}/hls;
      hls_fragment 1s;
      hls_playlist_length 20s;
      drop_idle_publisher 10s;
      allow publish 127.0.0.1;
      deny publish all;
    }
    application denied { live on; deny publish all; }
  }
}
http {
  access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy; fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  server {
    listen 127.0.0.1:${http};
    location /hls { root ${directory}; types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; } }
    location /stat { rtmp_stat all; }
  }
}
`;
