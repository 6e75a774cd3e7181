import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import {
  loopbackLayout,
  startRenderedStreaming,
  type RunningCluster,
} from '../../../src/cluster/adapters/rendered-cluster/start-streaming.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { ACME_PORT } from '../../../src/cluster/render/acme.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { AcmeAuthority, askHttp } from '../../support/cluster/acme-authority.js';
import { CERTBOT, HomeCertbot } from '../../support/cluster/certbot.js';
import { selfSign } from '../../support/cluster/certificates.js';

/** Three machines of this run alone: certbot's port is the same on each. */
const net = `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}`;
const [LB1, LB2, NODE] = [`${net}.1`, `${net}.2`, `${net}.3`];
const home = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-certificates-'));
const certificate = path.join(home, 'live.pem');
const listening: http.Server[] = [];
let cluster: RunningCluster;
let ports: number[] = [];
const nodes = ['lb1', 'lb2', 'broadcast1', 'ingest1'];

beforeAll(async () => {
  ports = await freePorts(8);
  const [web, tls, stats1, stats2, nodeWeb, nodeTls, rtmp, ingest] = ports;
  selfSign(home, 'live', 'live.example.test');
  const text = `[streaming]
public_name = "live.example.test"
certificate = "${certificate}"
media = "direct"
[streaming.balancers.lb1]
address = "${LB1}"
http_port = ${web}
https_port = ${tls}
stats_port = ${stats1}
[streaming.balancers.lb2]
address = "${LB2}"
http_port = ${web}
https_port = ${tls}
stats_port = ${stats2}
[streaming.broadcasts.broadcast1]
address = "${NODE}"
http_port = ${nodeWeb}
https_port = ${nodeTls}
public_name = "node1.example.test"
[streaming.ingests.ingest1]
address = "${NODE}"
rtmp_port = ${rtmp}
http_port = ${ingest}
`;
  const inventory = loadInventory({ path: 'cluster.toml', text }, () => '');
  const templates = loadTemplates();
  const files = nodes.flatMap((node) =>
    renderCluster(inventory, templates, loopbackLayout(home, node)).filter((file) => file.node === node),
  );
  cluster = await startRenderedStreaming(
    files.filter(({ node }) => node !== 'ingest1'),
    { balancers: ['lb1', 'lb2'], broadcasts: ['broadcast1'], ingests: [] },
    { directory: home },
  );
  for (const place of [`${LB1}:${web}`, `${LB2}:${web}`, `${NODE}:${nodeWeb}`])
    await vi.waitFor(() => askHttp(place, 'x', '/'), { timeout: 30_000, interval: 100 });
});
afterEach(() => {
  for (const server of listening.splice(0)) server.close();
});
afterAll(async () => {
  await cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

const fronts = (): string[] => [
  `${LB1}:${ports[0] ?? 0}`,
  `${LB2}:${ports[0] ?? 0}`,
  `${NODE}:${ports[4] ?? 0}`,
];

/** What certbot --standalone is while it renews: it knows its own challenge, and no other. */
async function standIn(address: string, token: string): Promise<void> {
  const server = http.createServer((request, answer) => {
    const known = request.url === `/.well-known/acme-challenge/${token}`;
    answer.writeHead(known ? 200 : 404).end(known ? `${token}.key` : 'no');
  });
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(ACME_PORT, address, resolve));
}

describe('the challenge of a certificate authority', () => {
  it.each([
    ['the first balancer', [[LB1, 'one']]],
    ['the second balancer', [[LB2, 'one']]],
    [
      'both at once',
      [
        [LB1, 'one'],
        [LB2, 'two'],
      ],
    ],
    ['the node itself', [[NODE, 'one']]],
  ])('reaches the certbot of %s', async (who, asking) => {
    for (const [address = '', token = ''] of asking) await standIn(address, token);
    for (const [, token = ''] of asking)
      for (const front of who === 'the node itself' ? fronts().slice(2) : fronts()) {
        const { status, text } = await askHttp(
          front,
          'live.example.test',
          `/.well-known/acme-challenge/${token}`,
        );
        expect([front, status, text]).toEqual([front, 200, `${token}.key`]);
      }
  });

  it('stands behind nothing else: pages still go to HTTPS', async () => {
    const { status } = await askHttp(fronts()[0] ?? '', 'live.example.test', '/');
    expect(status).toBe(301);
  });

  // With a real certbot where it is installed (apt install certbot): the commands of the runbook, then a renewal.
  it.runIf(existsSync(CERTBOT))(
    'gets and renews a certificate with certbot, through either balancer',
    async () => {
      const authority = new AcmeAuthority((_, question) => fronts()[(question + 1) % 2] ?? '');
      const server = await authority.start();
      try {
        const certbot = new HomeCertbot(home);
        const before = readFileSync(certificate, 'utf8');
        await certbot.getAsTheRunbookSays('lb1', server);
        const first = readFileSync(certificate, 'utf8');
        expect(first).not.toBe(before);
        expect(first).toContain('PRIVATE KEY');
        await certbot.renew();
        expect(readFileSync(certificate, 'utf8')).not.toBe(first);
        expect(certbot.reloads()).toBe('reload haproxy\nreload haproxy\n');
        // Both balancers were asked, and passed the question on.
        expect(new Set(authority.questions)).toEqual(
          new Set(
            fronts()
              .slice(0, 2)
              .map((front) => `${front} 200`),
          ),
        );
      } finally {
        authority.stop();
      }
    },
  );
});
