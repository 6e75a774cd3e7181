import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { prepareDrain } from '../../../src/cli/cluster/drain.js';
import { Context } from '../../../src/cli/kit/context.js';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { startChild, type Child } from '../../../src/kit/adapters/process/start-child.js';

/** Drains on a HAProxy that nobody here rendered: the layout of the streaming-cluster repository (e15c499). */
const home = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-layouts-'));
const nodes: http.Server[] = [];
let ports: number[] = [];
let haproxy: Child;

beforeAll(async () => {
  ports = await Promise.all([1, 2].map((n) => listen(n)));
  const [front = 0, runtime = 0, operator = 0] = await freePorts(3);
  ports.push(front, runtime, operator);
  const server = (n: number): string => `server broadcast${n} 127.0.0.1:${ports[n - 1] ?? 0}`;
  writeFileSync(
    path.join(home, 'haproxy.cfg'),
    `global
  stats socket ipv4@127.0.0.1:${runtime} level admin
  stats socket ipv4@127.0.0.1:${operator} level operator
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend streaming-cluster
  bind 127.0.0.1:${front}
  use_backend broadcast1 if { hdr(host) -i -m beg broadcast1. }
  default_backend web_servers
backend broadcast1
  ${server(1)}
backend web_servers
  cookie SERVERUSED insert indirect nocache
  default-server check inter 200 fall 2 rise 1 maxconn 200
  ${server(1)} cookie broadcast1
  ${server(2)} cookie broadcast2
`,
  );
  const nodeLines = [1, 2].map(
    (n) => `[streaming.broadcasts.broadcast${n}]\naddress = "127.0.0.1"\nhttp_port = ${ports[n - 1] ?? 0}`,
  );
  for (const [name, port] of [
    ['admin', runtime],
    ['operator', operator],
  ] as const)
    writeFileSync(
      path.join(home, `${name}.toml`),
      [
        '[streaming]\npublic_name = "127.0.0.1"\nsegment_seconds = 1',
        `[streaming.balancers.lb1]\naddress = "127.0.0.1"\nsocket = "127.0.0.1:${port}"`,
        ...nodeLines,
      ].join('\n'),
    );
  haproxy = await startChild({ file: 'haproxy', args: ['-db', '-f', path.join(home, 'haproxy.cfg')] });
  await vi.waitFor(async () => expect(await nodeOf('')).toMatch(/^[12]$/), {
    timeout: 30_000,
    interval: 100,
  });
});
afterAll(async () => {
  await haproxy.stop();
  for (const node of nodes) node.close();
  rmSync(home, { recursive: true, force: true });
});

const change = (direction: 'drain' | 'ready', file: string, said: string[] = []) =>
  prepareDrain(
    new Context({
      configFile: undefined,
      configurationRequired: false,
      logLevel: 'error',
      logFile: undefined,
      signal: new AbortController().signal,
    }),
    direction,
    {
      inventory: path.join(home, `${file}.toml`),
      node: 'broadcast1',
      address: undefined,
      waitSeconds: 20,
      belowPlan: false,
      say: (line) => said.push(line),
    },
  );

it('takes a node out of the backends that are there, when its viewers have gone, and back', async () => {
  const listed = await change('drain', 'admin').listCommands();
  expect(listed.join('\n')).toContain('set server web_servers/broadcast1 state maint');
  expect(await nodeOf('SERVERUSED=broadcast1')).toBe('1');
  const askedAt = Date.now();
  const said: string[] = [];
  await change('drain', 'admin', said).apply();
  // A viewer of HLS has no connection between two requests: two target durations of silence are waited for.
  expect(Date.now() - askedAt).toBeGreaterThan(1000);
  expect(said.at(-1)).toBe('broadcast1 is out and empty on 1 balancer');
  expect(await nodeOf('SERVERUSED=broadcast1')).toBe('2');
  expect(await nodeOf('', 'broadcast1.example')).toBe('503');
  await change('ready', 'admin').apply();
  expect(await nodeOf('SERVERUSED=broadcast1')).toBe('1');
  expect(await nodeOf('', 'broadcast1.example')).toBe('1');
});

it('fails, and says why, on a socket that may only read', async () => {
  await expect(change('drain', 'operator').apply()).rejects.toMatchObject({
    code: 'cluster-command-refused',
    parameters: { detail: expect.stringContaining('Permission denied') as string },
  });
  expect(await nodeOf('SERVERUSED=broadcast1')).toBe('1');
});

/** Which node answers; the status when none does. */
function nodeOf(cookie: string, host = 'live.example'): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port: ports[2] ?? 0, headers: { host, cookie }, agent: false }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['x-node'] ?? answer.statusCode));
      })
      .on('error', reject);
  });
}

async function listen(n: number): Promise<number> {
  const server = http.createServer((_, answer) => answer.setHeader('x-node', n).end());
  nodes.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}
