import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import {
  loopbackLayout,
  startRenderedStreaming,
  type RunningCluster,
} from '../../../src/cluster/adapters/rendered-cluster/start-streaming.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { startChild, type Child } from '../../../src/kit/adapters/process/start-child.js';
import { AcmeAuthority, askHttp } from '../../support/cluster/acme-authority.js';
import { CERTBOT, HomeCertbot } from '../../support/cluster/certbot.js';
import { selfSign } from '../../support/cluster/certificates.js';

/* One balancer alone, one node that viewers reach by its own name, and the web machine of Jitsi. */

const home = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-alone-'));
/** Machines of this run alone: certbot's port is the same on each. */
const net = `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}`;
const [LB, NODE, WEB] = [`${net}.11`, `${net}.12`, `${net}.13`];
let ports: number[] = [];
const running: (RunningCluster | Child)[] = [];

/** The nodes of an inventory, rendered and started from its text. */
async function start(directory: string, text: string, balancers: string[], broadcasts: string[]) {
  const inventory = loadInventory({ path: 'cluster.toml', text }, () => '');
  const templates = loadTemplates();
  const files = [...balancers, ...broadcasts].flatMap((node) =>
    renderCluster(inventory, templates, loopbackLayout(directory, node)).filter((file) => file.node === node),
  );
  running.push(await startRenderedStreaming(files, { balancers, broadcasts, ingests: [] }, { directory }));
}

const inventoryOf = (
  certificate: string,
  media: string,
  [web, tls, stats, nodeWeb, nodeTls]: number[],
) => `[streaming]
public_name = "live.example.test"
certificate = "${certificate}"
media = "${media}"
[streaming.balancers.lb1]
address = "${LB}"
http_port = ${web}
https_port = ${tls}
stats_port = ${stats}
[streaming.broadcasts.broadcast1]
address = "${NODE}"
http_port = ${nodeWeb}
https_port = ${nodeTls}
${media === 'direct' ? 'public_name = "node1.example.test"' : ''}
[streaming.ingests.ingest1]
address = "${NODE}"
http_port = ${nodeWeb}
`;

const answers = (place: string) =>
  vi.waitFor(() => askHttp(place, 'x', '/'), { timeout: 30_000, interval: 100 });

beforeAll(async () => {
  ports = await freePorts(6);
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  rmSync(home, { recursive: true, force: true });
});

// Certbot is a large Python program: on a loaded machine it takes its time.
describe.runIf(existsSync(CERTBOT))('certbot, by the commands of the runbook', { timeout: 300_000 }, () => {
  const renews = async (directory: string, node: string, place: string, program: string): Promise<void> => {
    const certificate = path.join(directory, 'live.pem');
    const authority = new AcmeAuthority(() => place);
    const server = await authority.start();
    try {
      const certbot = new HomeCertbot(directory);
      const before = readFileSync(certificate, 'utf8');
      await certbot.getAsTheRunbookSays(node, server);
      const first = readFileSync(certificate, 'utf8');
      expect(first).not.toBe(before);
      await certbot.renew();
      expect(readFileSync(certificate, 'utf8')).not.toBe(first);
      expect(certbot.reloads()).toBe(`reload ${program}\n`.repeat(2));
      expect(new Set(authority.questions)).toEqual(new Set([`${place} 200`]));
    } finally {
      authority.stop();
    }
  };

  it('renews on one balancer alone', async () => {
    const directory = path.join(home, 'one');
    mkdirSync(directory);
    selfSign(directory, 'live', 'live.example.test');
    await start(directory, inventoryOf(path.join(directory, 'live.pem'), 'balancer', ports), ['lb1'], []);
    const place = `${LB}:${ports[0] ?? 0}`;
    await answers(place);
    await renews(directory, 'lb1', place, 'haproxy');
  });

  it('renews on a node that viewers reach by its own name', async () => {
    const directory = path.join(home, 'direct');
    mkdirSync(directory);
    selfSign(directory, 'live', 'node1.example.test');
    await start(
      directory,
      inventoryOf(path.join(directory, 'live.pem'), 'direct', ports),
      [],
      ['broadcast1'],
    );
    const place = `${NODE}:${ports[3] ?? 0}`;
    await answers(place);
    await renews(directory, 'broadcast1', place, 'nginx');
  });
});

describe("Jitsi's own renewal", () => {
  it('is shown by the commands of the runbook, on the web machine as the package sets it up', async () => {
    const web = path.join(home, 'web');
    const share = path.join(web, 'usr/share/jitsi-meet');
    for (const folder of [share, path.join(web, 'log'), path.join(web, 'tmp')])
      mkdirSync(folder, { recursive: true });
    const [, , , , , port = 0] = ports;
    // The port 80 server of jitsi-meet-web-config (doc/debian/jitsi-meet/jitsi-meet.example, jitsi-meet 2.0.9xxx).
    writeFileSync(
      path.join(web, 'nginx.conf'),
      `worker_processes 1;
user ${os.userInfo().username};
pid ${web}/nginx.pid;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${web}/tmp;`).join(' ')}
  server {
    listen ${WEB}:${port};
    server_name visio.example.test;
    location ^~ /.well-known/acme-challenge/ { default_type "text/plain"; root ${share}; }
    location = /.well-known/acme-challenge/ { return 404; }
    location / { return 301 https://$host$request_uri; }
  }
}
`,
    );
    running.push(
      await startChild({
        file: '/usr/sbin/nginx',
        args: ['-e', `${web}/log/error.log`, '-c', `${web}/nginx.conf`, '-g', 'daemon off;'],
        diesWithParent: true,
      }),
    );
    const place = `${WEB}:${port}`;
    await answers(place);
    const inventory = loadInventory(
      { path: 'cluster.toml', text: readFileSync('config/cluster.example.toml', 'utf8') },
      () => 'secret',
    );
    const page = renderCluster(inventory, loadTemplates()).find(
      ({ node, path: name }) => node === 'jms' && name === 'RUNBOOK.md',
    );
    const commands = /^install -d \S+acme-challenge.*\n.*$/m.exec(page?.text ?? '')?.[0] ?? '';
    expect(commands).toContain(`http://${inventory.jitsi?.domain ?? '?'}/.well-known/acme-challenge/`);
    const said = execFileSync(
      '/bin/sh',
      [
        '-c',
        commands
          .replaceAll('/usr/share/jitsi-meet', share)
          .replaceAll(`http://${inventory.jitsi?.domain ?? '?'}/`, `http://${place}/`),
      ],
      { encoding: 'utf8' },
    );
    expect(said).toBe('found\n');
    expect(existsSync(path.join(share, '.well-known/acme-challenge/bbb2pod'))).toBe(false);
  });
});
