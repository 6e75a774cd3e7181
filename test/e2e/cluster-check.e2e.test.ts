import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDirectory, root, runCli } from './run-cli.js';

const fixture = (name: string): string => path.join(root, 'fixtures/cluster', name);
const trees = (generation: string): string[] =>
  ['jms', 'jvb1', 'jvb2'].flatMap((node) => ['--root', `${node}=${fixture(`${generation}/${node}`)}`]);

describe('cluster check without any network', () => {
  it.each(['legacy', 'modern'])('finds no critical in the sound %s trees', async (generation) => {
    const { status, stdout } = await runCli(['cluster', 'check', ...trees(generation)], {
      cwd: emptyDirectory(),
    });
    expect(stdout).toMatch(/^0 critical/m);
    expect(status).toBe(0);
  });

  it('names file, line and fix of a fault, with status 1', async () => {
    const cwd = emptyDirectory();
    const file = path.join(cwd, 'haproxy.cfg');
    writeFileSync(
      file,
      readFileSync(fixture('haproxy.cfg'), 'utf8').replace('cookie broadcast2', 'cookie broadcast1'),
    );
    const { status, stdout } = await runCli(['cluster', 'check', '--file', 'haproxy.cfg'], { cwd });
    expect(stdout).toContain('CRITICAL S21 haproxy.cfg:24');
    expect(stdout).toMatch(/^\+.*cookie broadcast2$/m);
    expect(status).toBe(1);
  });

  it.each([
    ['haproxy.cfg', 'balance roundrobin', 'balance sideways', /S21 haproxy\.cfg:\d+: balance only supports/],
    [
      'nginx.conf',
      'worker_connections',
      'worker_conections',
      /S21 nginx\.conf:\d+: unknown directive "worker_conections"/,
    ],
  ])("has %s judged by its own program: '%s' mistyped", async (name, sound, wrong, said) => {
    const cwd = emptyDirectory();
    const text = readFileSync(fixture(name), 'utf8');
    expect(text).toContain(sound);
    writeFileSync(path.join(cwd, name), text);
    const before = await runCli(['cluster', 'check', '--file', name], { cwd });
    expect(before.stdout).not.toMatch(said);
    writeFileSync(path.join(cwd, name), text.replace(sound, wrong));
    const { status, stdout } = await runCli(['cluster', 'check', '--file', name], { cwd });
    expect(stdout).toMatch(said);
    expect(status).toBe(1);
  });

  it('tells the whole story of a check', async () => {
    const { status, stdout } = await runCli(['cluster', 'check', '--explain', 's09'], {
      cwd: emptyDirectory(),
    });
    expect(stdout).toMatch(/^S09 {2}The playlists move/);
    expect(stdout).toContain('S09-frozen');
    expect(status).toBe(0);
  });

  it('judges no file that it does not know, and refuses a tree without Jitsi', async () => {
    const cwd = emptyDirectory();
    writeFileSync(path.join(cwd, 'letter.txt'), 'Dear colleague');
    mkdirSync(path.join(cwd, 'empty'));
    expect((await runCli(['cluster', 'check', '--file', 'letter.txt'], { cwd })).status).toBe(3);
    expect((await runCli(['cluster', 'check', '--root', 'jvb1=empty'], { cwd })).status).toBe(2);
  });
});

describe('cluster check of files for machines', () => {
  const cwd = emptyDirectory();
  const faulty = readFileSync(fixture('haproxy.cfg'), 'utf8').replace(
    'cookie broadcast2',
    'cookie broadcast1',
  );
  writeFileSync(path.join(cwd, 'faulty.cfg'), faulty);
  writeFileSync(path.join(cwd, 'letter.txt'), 'Dear colleague');
  it.each([
    ['a critical', ['--file', 'faulty.cfg'], 2, /^CLUSTER CRITICAL - S21 /],
    ['a file that is not known', ['--file', 'letter.txt'], 3, /^CLUSTER UNKNOWN - /],
    ['a warning (a checkout is readable by everybody)', trees('modern'), 1, /^CLUSTER WARNING - J17 /],
    ['a critical that was not asked for', ['--file', 'faulty.cfg', '--only', 'S19'], 0, /^CLUSTER OK - /],
  ])('--nagios: %s', async (_, words, wanted, said) => {
    const { status, stdout } = await runCli(['cluster', 'check', '--nagios', ...words], { cwd });
    expect(stdout).toMatch(said);
    expect(status).toBe(wanted);
  });
  it('--json, --junit and --prometheus have the exit status of live checks', async () => {
    for (const [flag, said] of [
      ['--json', /"schema": 1/],
      ['--junit', /<testsuite/],
      ['--prometheus', /^# /m],
    ] as const) {
      const { status, stdout } = await runCli(['cluster', 'check', '--file', 'faulty.cfg', flag], { cwd });
      expect(stdout).toMatch(said);
      expect(status).toBe(1);
    }
  });
  it('keeps a command in one line when it goes into a pipe', async () => {
    const { stdout } = await runCli(['cluster', 'check', '--file', 'faulty.cfg'], { cwd });
    expect(stdout).toMatch(/^ {2}-> /m);
    expect(stdout).not.toMatch(/^ {2}-> .*\n {5}\S/m);
  });
  it('refuses a rate with a comma for its decimals', async () => {
    const { status, stderr } = await runCli(
      ['cluster', 'plan', '--offline', '--viewers', '9', '--ladder', '3,5M'],
      {
        cwd,
      },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('3.5M');
  });
});

describe('cluster check as a monitoring plugin', () => {
  let server: net.Server;
  let port = 0;
  const accepted = new Set<net.Socket>();
  beforeAll(async () => {
    server = net.createServer((socket) => {
      accepted.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as net.AddressInfo).port;
  });
  afterAll(() => {
    for (const socket of accepted) socket.destroy();
    server.close();
  });

  it.each([['--no-such-flag'], ['--only', 'X99'], ['--inventory', 'nowhere.toml']])(
    'ends 3 with one line on %s',
    async (...args) => {
      const { status, stdout } = await runCli(['cluster', 'check', '--nagios', ...args], {
        cwd: emptyDirectory(),
      });
      expect(status).toBe(3);
      expect(stdout.trim().split('\n')).toHaveLength(1);
      expect(stdout).toMatch(/^CLUSTER UNKNOWN - /);
    },
  );

  it('answers within --timeout when every target accepts and never answers', async () => {
    const cwd = emptyDirectory();
    writeFileSync(path.join(cwd, 'cluster.toml'), silentInventory(port));
    const startedAt = Date.now();
    const { status, stdout } = await runCli(['cluster', 'check', '--nagios', '--timeout', '8'], { cwd });
    expect(Date.now() - startedAt).toBeLessThan(8000);
    const [first = ''] = stdout.split('\n');
    // A machine that starves does not blame those that it asks.
    if (!/overloaded/.test(stdout)) expect(status).toBe(2);
    else expect([2, 3]).toContain(status);
    expect(first).toMatch(/^CLUSTER (CRITICAL - |UNKNOWN - .*overloaded)/);
    expect(first.split(' | ')[0]?.length).toBeLessThanOrEqual(80);
  });
});

const silentInventory = (port: number): string => `
[streaming]
public_name = "localhost"
certificate = "/etc/haproxy/live.pem"
[streaming.balancers.lb1]
address = "127.0.0.1"
http_port = ${port}
https_port = ${port}
stats_port = ${port}
stats_url = "http://127.0.0.1:${port}/haproxy?stats;csv"
[streaming.broadcasts.broadcast1]
address = "127.0.0.1"
http_port = ${port}
[streaming.ingests.ingest1]
address = "127.0.0.1"
rtmp_port = ${port}
http_port = ${port}
[jitsi]
domain = "jitsi.example.test"
jvb_password = "secret"
[jitsi.jms]
address = "127.0.0.1"
https_port = ${port}
xmpp_port = ${port}
jicofo_url = "http://127.0.0.1:${port}"
[jitsi.jvbs.jvb1]
address = "127.0.0.1"
rest_url = "http://127.0.0.1:${port}"
[encoding]
pod_url = "http://127.0.0.1:${port}/rest/"
lrs_url = "http://127.0.0.1:${port}/xAPI"
[encoding.brokers.main]
url = "redis://:secret@127.0.0.1:${port}/5"
queues = ["encoding"]
[encoding.workers.encode1]
address = "192.0.2.1"
queue = "encoding"
`;
