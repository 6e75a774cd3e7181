import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterBench } from '../support/cluster/cluster-bench.js';
import { emptyDirectory, root, runCli } from './run-cli.js';

const json = async (args: string[], cwd: string) => {
  const { status, stdout, stderr } = await runCli([...args, '--json'], { cwd });
  expect(stderr).not.toMatch(/error/i);
  return { status, said: JSON.parse(stdout) as Record<string, unknown> };
};
const wide = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('cluster commands that need no server', () => {
  it.each([
    ['--core-minutes', 'four'],
    ['--price', '40,much'],
  ])('plan refuses %s %s instead of reckoning with it', async (flag, typed) => {
    const args = ['cluster', 'plan', '--minutes-per-hour', '60', flag, typed];
    const { status, stderr } = await runCli(args, { cwd: emptyDirectory() });
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${flag}: `)]);
  });

  it('init writes an inventory that plan and render read', async () => {
    const cwd = emptyDirectory();
    const fixtures = path.join(root, 'fixtures/cluster');
    const from = ['haproxy.cfg', 'settings_local.py', 'modern'].flatMap((name) => [
      '--from',
      path.join(fixtures, name),
    ]);
    const written = await runCli(['cluster', 'init', ...from, '--output', 'cluster.toml'], { cwd });
    expect(written.stderr).toContain('Wrote cluster.toml');
    expect(written.status).toBe(0);
    const again = await runCli(['cluster', 'init', ...from, '--output', 'cluster.toml'], { cwd });
    expect(again.status).not.toBe(0);
    expect(readFileSync(path.join(cwd, 'cluster.toml'), 'utf8')).not.toMatch(/^\s*\w*password = /m);
    expect(written.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'put the URL in /etc/bbb2pod/broker-main.url (mode 0600)',
    );
    // What the remarks ask for: the passwords go into files.
    const file = path.join(cwd, 'cluster.toml');
    writeFileSync(path.join(cwd, 'broker.url'), 'redis://:secret@redis.univ.example:6379/5\n');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/url_file = ".*"/g, 'url_file = "broker.url"'));
    const plan = await runCli(['cluster', 'plan', '--viewers', '5000', '--offline'], { cwd });
    expect(plan.stdout).toMatch(/short for 5000 viewers/);
    expect(plan.status).toBe(0);
    const rendered = await runCli(['cluster', 'render', '--output', 'tree'], { cwd });
    expect(rendered.status).toBe(0);
    expect(existsSync(path.join(cwd, 'tree', 'runbooks', 'add-broadcast.md'))).toBe(true);
  });

  it('plan gives the figures of the page, and 457 viewers for four servers of 20', async () => {
    const flags = ['--viewers', '5000', '--ladder', '3.5M', '--nic', '10G,1G', '--maxconn', '80', '--table'];
    const { status, stdout } = await runCli(['cluster', 'plan', ...flags], { cwd: emptyDirectory() });
    expect(status).toBe(0);
    expect(wide(stdout)).toBeLessThanOrEqual(100);
    for (const figure of [
      '18.9 Gb/s',
      '3,333 per second',
      '875',
      "457 (servers' maxconn: 80): TOO FEW",
      '17.5 Gb/s *',
    ])
      expect(stdout).toContain(figure);
    expect(stdout).toMatch(/10 Gb\/s +4 /);
    expect(stdout).toMatch(/1 Gb\/s +28 /);
  });

  it('render says what would change in an existing tree, and changes nothing of it', async () => {
    const cwd = emptyDirectory();
    writeFileSync(
      path.join(cwd, 'cluster.toml'),
      readFileSync(path.join(root, 'config/cluster.example.toml')),
    );
    expect((await runCli(['cluster', 'render', '--output', 'tree'], { cwd })).status).toBe(0);
    const file = path.join(cwd, 'tree', 'lb1', 'etc/haproxy/haproxy.cfg');
    const changed = readFileSync(file, 'utf8').replace('broadcast2', 'broadcast9');
    writeFileSync(file, changed);
    const { status, stdout } = await runCli(['cluster', 'render', '--output', 'tree', '--diff'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^-.*broadcast9/m);
    expect(readFileSync(file, 'utf8')).toBe(changed);
    const lint = await runCli(['cluster', 'check', '--file', 'tree/ingest1/etc/nginx/nginx.conf'], { cwd });
    expect(lint.stdout).toMatch(/^0 critical/m);
    expect(lint.status).toBe(0);
  });

  it('drain prints the commands and does nothing; --apply asks for --yes without a terminal', async () => {
    const cwd = emptyDirectory();
    writeFileSync(
      path.join(cwd, 'cluster.toml'),
      readFileSync(path.join(root, 'config/cluster.example.toml')),
    );
    const { status, stdout, stderr } = await runCli(['cluster', 'drain', 'broadcast1'], { cwd });
    expect(stdout).toMatch(/set server \S+\/broadcast1 state drain/);
    expect(stderr).toContain('Nothing was done');
    expect(status).toBe(0);
    const unsure = await runCli(['cluster', 'drain', 'broadcast1', '--apply'], { cwd });
    expect(unsure.stderr).toContain('--yes');
    expect(unsure.status).toBe(2);
    expect((await runCli(['cluster', 'drain', 'brodcast1'], { cwd })).stderr).toContain(
      'did you mean broadcast1',
    );
  });
});

describe('cluster demo', () => {
  it('runs the rendered cluster, prints the page to watch, and leaves nothing', async () => {
    const cwd = emptyDirectory();
    const temporary = emptyDirectory();
    const { status, stdout, stderr } = await runCli(['cluster', 'demo', '--copied', '--seconds', '1'], {
      cwd,
      env: { TMPDIR: temporary },
    });
    expect(stderr).not.toMatch(/Error/);
    expect(stdout).toMatch(/^Watch: +http:\/\/127\.0\.0\.1:\d+\//m);
    expect(stdout).toMatch(/^Health: +bbb2pod cluster check --inventory \S+cluster\.toml$/m);
    expect(status).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('cluster commands on the bench', () => {
  const bench = new ClusterBench();
  const cwd = bench.directory;
  const inventory = ['--inventory', bench.inventoryFile];
  beforeAll(async () => {
    await bench.start();
  });
  afterAll(async () => {
    await bench.stop();
  });

  it('plan counts what runs, and one less while a node is down', async () => {
    const nodes = async () => {
      const { said } = await json(['cluster', 'plan', '--viewers', '100', ...inventory], cwd);
      const all = said['comparison'] as { role: string; available: number; by: { told: string } }[];
      return Object.fromEntries(all.map(({ role, available }) => [role, available]));
    };
    expect(await nodes()).toEqual({ balancer: 2, ingest: 2, broadcast: 2, jvb: 2 });
    const text = await runCli(['cluster', 'plan', '--viewers', '100', ...inventory], { cwd });
    expect(text.stdout).toContain('RUNNING CLUSTER');
    expect(text.stdout).toMatch(/maxconn allows +\d[\d,]* \(servers' maxconn: 400\)/);
    const { nginx } = bench.streaming.broadcasts[1]!;
    await nginx.stop('SIGKILL');
    try {
      // HAProxy takes two failed checks, half a second apart.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(await nodes()).toMatchObject({ broadcast: 1 });
    } finally {
      nginx.start();
    }
  });

  it('queue shows what runs', async () => {
    await bench.pod.enqueue(41, bench.pod.writeVideo('e2e.mp4'));
    const seen = async (): Promise<string> =>
      (await runCli(['cluster', 'queue', ...inventory], { cwd })).stdout;
    let text = await seen();
    for (let i = 0; i < 10 && !/\b41\b/.test(text); i++) text = await seen();
    expect(text).toMatch(/\b41\b/);
    expect(wide(text)).toBeLessThanOrEqual(80);
    const { said } = await json(['cluster', 'queue', ...inventory], cwd);
    expect(said['brokers']).toHaveLength(2);
  });

  it('queue --watch sees a job come, and ends with Ctrl-C', async () => {
    let text = '';
    let looks = 0;
    const { status } = await runCli(['cluster', 'queue', '--watch', '--interval', '1', ...inventory], {
      cwd,
      onStart: (child) =>
        child.stdout!.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (looks++ === 0) void bench.pod.enqueue(42, bench.pod.writeVideo('watched.mp4'));
          if (/\b42\b/.test(text)) child.kill('SIGINT');
        }),
    });
    expect(text).toMatch(/\b42\b/);
    expect(looks).toBeGreaterThan(1);
    expect(status).toBe(0);
  });

  it('drain waits until a bridge is empty, looks again, and ready takes it back', async () => {
    const bridge = bench.jitsi.bridges[0]!;
    bridge.leavingEach = 5;
    const apply = ['--apply', '--yes', '--wait', '20', ...inventory];
    const refused = await runCli(['cluster', 'drain', 'jvb1', ...apply], { cwd });
    // 60 participants take one bridge and one to spare: the other one would do.
    expect(refused.stderr).toContain('at work besides: jvb2 (jicofo)');
    expect(refused.stderr).toContain('jvb1 is empty: systemctl stop jitsi-videobridge2');
    expect(refused.status).toBe(0);
    expect(bridge.statistics['participants']).toBe(0);
    const back = await runCli(['cluster', 'ready', 'jvb1', ...apply], { cwd });
    expect(back.stderr).toContain('jvb1 takes conferences again');
    expect(bridge.asked).toEqual(['/colibri/drain/enable', '/colibri/drain/disable']);
  });

  it('drain says who is still there when the time is over, and leaves the way back', async () => {
    const bridge = bench.jitsi.bridges[0]!;
    Object.assign(bridge.statistics, { participants: 7 });
    bridge.leavingEach = 0;
    const { status, stderr } = await runCli(
      ['cluster', 'drain', 'jvb1', '--apply', '--yes', '--wait', '1', ...inventory],
      { cwd },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('7 participants, drain on');
    await runCli(['cluster', 'ready', 'jvb1', '--apply', '--yes', ...inventory], { cwd });
    expect(bridge.statistics['drain']).toBe(false);
  });

  it('drain refuses when the other bridge does not work', async () => {
    const asked = bench.jitsi.bridges[0]!.asked.length;
    bench.jitsi.jicofo = {
      health: 200,
      selector: { bridge_count: 2, operational_bridge_count: 1 },
      bridges: {
        'brewery/jvb1': { healthy: true, operational: true },
        'brewery/jvb2': { healthy: false, operational: false },
      },
    };
    try {
      const { status, stderr } = await runCli(
        ['cluster', 'drain', 'jvb1', '--apply', '--yes', ...inventory],
        { cwd },
      );
      expect(stderr).toContain('Refused: without jvb1, 0 jvb nodes would work');
      expect(status).toBe(1);
      expect(bench.jitsi.bridges[0]!.asked).toHaveLength(asked);
    } finally {
      bench.jitsi.jicofo = null;
    }
  });

  it('drain tells what to type for a bridge that knows no drain', async () => {
    const bridge = bench.jitsi.bridges[0]!;
    bridge.drains = false;
    const { status, stderr } = await runCli(['cluster', 'drain', 'jvb1', '--apply', '--yes', ...inventory], {
      cwd,
    });
    bridge.drains = true;
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('/usr/share/jitsi-videobridge/graceful_shutdown.sh');
    expect(status).toBe(1);
  });

  it('drain waits for a worker that does nothing, and ready gives it its queue back', async () => {
    const name = 'transcript1';
    const apply = ['--apply', '--yes', '--below-plan', '--wait', '20', ...inventory];
    const out = await runCli(['cluster', 'drain', name, ...apply], { cwd });
    expect(out.stderr).toContain(`${name}@${os.hostname()} is idle: systemctl stop celery-transcripting`);
    expect(out.status).toBe(0);
    // Critical, or on a machine that is overloaded itself, a consequence of that.
    await expect
      .poll(async () => (await runCli(['cluster', 'check', '--only', 'P05', ...inventory], { cwd })).stdout, {
        timeout: 90_000,
        interval: 2000,
      })
      .toMatch(/(?:<-|CRITICAL) P05 No worker consumes the queue\s+transcripting/);
    const back = await runCli(['cluster', 'ready', name, '--apply', '--yes', ...inventory], { cwd });
    expect(back.stderr).toContain('takes jobs of transcripting again');
  });

  it('check --watch marks what changed, and --until ok ends when all is well', async () => {
    bench.jitsi.bridges[1]!.closeMediaPort();
    const child = spawn(
      process.execPath,
      [
        path.join(root, 'bin/run.js'),
        ...['cluster', 'check', '--watch', '--until', 'ok', '--interval', '1', '--only', 'J09', ...inventory],
      ],
      { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NODE_ENV: 'production', COLUMNS: '80' } },
    );
    let text = '';
    let healed = false;
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (healed || !/^1 critical/m.test(text)) return;
      healed = true;
      void bench.jitsi.bridges[1]!.openMediaPort();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const status = await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    expect(status).toBe(0);
    expect(text).toMatch(/CRITICAL J09/);
    // The row of the bridge that came back is marked; the other one is not.
    const last = text.slice(text.lastIndexOf('JITSI MEET'));
    expect(last).toMatch(/^\* jvb2/m);
    expect(last).toMatch(/^jvb1/m);
    expect(last).toMatch(/^0 critical/m);
  });

  it('check --until crit ends 1 at the first critical', async () => {
    bench.jitsi.bridges[1]!.closeMediaPort();
    try {
      const { status, stdout } = await runCli(
        ['cluster', 'check', '--until', 'crit', '--interval', '1', '--only', 'J09', ...inventory],
        { cwd },
      );
      expect(status).toBe(1);
      expect(stdout).toMatch(/CRITICAL J09/);
    } finally {
      await bench.jitsi.bridges[1]!.openMediaPort();
    }
  });

  it('check says nothing of writing to a prosody that does not answer', async () => {
    await bench.jitsi.prosody.stop('SIGKILL');
    const { status, stdout } = await runCli(['cluster', 'check', '--only', 'J03', ...inventory], { cwd });
    expect(status).toBe(1);
    expect(stdout).toContain('J03');
    expect(stdout).not.toContain('Wrote to');
  });
});
