import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { loopbackLayout } from '../../../src/cluster/adapters/rendered-cluster/start-streaming.js';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';

/** The shipped example, judged by the programs that will read it. */
describe('rendered files', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-render-'));
  const certificate = path.join(directory, 'streaming.pem');

  let ports: number[] = [];

  beforeAll(async () => {
    ports = await freePorts(4);
    execFileSync(
      '/usr/bin/openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '30',
      ].concat(['-keyout', 'key.pem', '-out', 'crt.pem', '-subj', '/CN=streaming.univ.example']),
      { cwd: directory, stdio: 'ignore' },
    );
    writeFileSync(
      certificate,
      readFileSync(path.join(directory, 'crt.pem'), 'utf8') +
        readFileSync(path.join(directory, 'key.pem'), 'utf8'),
    );
    write('balancer');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function write(media: 'balancer' | 'direct'): void {
    const text = readFileSync('config/cluster.example.toml', 'utf8')
      .replace(/^certificate = .*$/m, `certificate = "${certificate}"`)
      .replace('media = "balancer"', `media = "${media}"`)
      // nginx -t opens its ports: those of a free moment on this machine.
      .replace(
        'address = "192.0.2.21"',
        `address = "127.0.0.1"\nhttp_port = ${ports[0] ?? 0}\nrtmp_port = ${ports[1] ?? 0}`,
      )
      .replace(
        'address = "192.0.2.31"',
        `address = "127.0.0.1"\nhttp_port = ${ports[2] ?? 0}\nhttps_port = ${ports[3] ?? 0}`,
      )
      .replace('streams = ["direct"]', 'streams = ["direct", "amphi"]')
      .replaceAll(/^#(\w+_file = )/gm, '$1');
    const inventory = loadInventory({ path: 'cluster.toml', text }, () => 'a "difficult" #secret\\ $1');
    for (const node of ['lb1', 'lb2', 'ingest1', 'broadcast1', 'encoder1', 'xapi1', 'source', 'jvb1']) {
      for (const file of renderCluster(inventory, loadTemplates(), loopbackLayout(directory, node))) {
        if (file.node !== node) continue;
        const target = path.join(directory, node, file.path);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, file.text);
      }
      for (const made of ['run/hls', 'var/log/nginx', 'var/lib/nginx', 'var/cache/nginx'])
        mkdirSync(path.join(directory, node, made), { recursive: true });
    }
  }
  const file = (node: string, name: string): string => path.join(directory, node, name);
  const judge = (program: string, args: string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
    return { status, said: stdout + stderr };
  };

  it.each(['lb1', 'lb2'])('haproxy -c accepts %s without a warning', (node) => {
    const { status, said } = judge('/usr/sbin/haproxy', ['-c', '-f', file(node, 'etc/haproxy/haproxy.cfg')]);
    expect(said).not.toMatch(/ALERT/);
    expect(said.replace(/.*log format ignored.*\n/g, '')).not.toMatch(/WARNING/);
    expect(status).toBe(0);
  });

  it.each(['ingest1', 'broadcast1'])('nginx -t accepts %s', (node) => {
    const nginx = ['-t', '-p', path.join(directory, node), '-e', file(node, 'var/log/nginx/error.log')];
    const { status, said } = judge('/usr/sbin/nginx', [...nginx, '-c', file(node, 'etc/nginx/nginx.conf')]);
    expect(said).toContain('test is successful');
    expect(said).not.toMatch(/\[(?:warn|emerg)\]/);
    expect(status).toBe(0);
  });

  it('nginx -t accepts nodes that viewers reach without the balancers', () => {
    write('direct');
    const node = path.join(directory, 'broadcast1');
    const { said } = judge('/usr/sbin/nginx', [
      '-t',
      '-p',
      node,
      '-e',
      path.join(node, 'var/log/nginx/error.log'),
      '-c',
      path.join(node, 'etc/nginx/nginx.conf'),
    ]);
    expect(said).toContain('test is successful');
    write('balancer');
  });

  it('keepalived knows every word of its file', () => {
    const target = file('lb1', 'etc/keepalived/keepalived.conf');
    // A machine without that network interface ends by another way; words it does not know are always named.
    const { said } = judge('/usr/sbin/keepalived', ['-t', '-f', target]);
    expect(said).not.toMatch(/Unknown keyword|Unexpected|invalid/i);
    writeFileSync(
      `${target}.broken`,
      readFileSync(target, 'utf8').replace('virtual_router_id', 'virtual_rooter_id'),
    );
    expect(judge('/usr/sbin/keepalived', ['-t', '-f', `${target}.broken`]).said).toContain(
      "Unknown keyword 'virtual_rooter_id'",
    );
  });

  it('systemd accepts the units', () => {
    const units = [
      file('encoder1', 'etc/systemd/system/celery-encoding.service'),
      file('xapi1', 'etc/systemd/system/celery-xapi.service'),
      file('source', 'etc/systemd/system/test-card.service'),
      file('ingest1', 'etc/systemd/system/hls-watch.service'),
    ];
    for (const unit of units) {
      const { said } = judge('/usr/bin/systemd-analyze', ['verify', '--man=no', unit]);
      const own = said.split('\n').filter((line) => line.includes(path.basename(unit)));
      // Pod's virtualenv and our script are not on this machine; nothing else may be said.
      expect(own.filter((line) => !/is not executable: No such file/.test(line))).toEqual([]);
    }
    const broken = file('encoder1', 'etc/systemd/system/broken.service');
    writeFileSync(broken, '[Service]\nExecStart=relative -Q x\n');
    expect(judge('/usr/bin/systemd-analyze', ['verify', '--man=no', broken]).status).not.toBe(0);
  });

  it('Python reads the settings as they were meant', () => {
    const script =
      'import json,runpy,sys; d=runpy.run_path(sys.argv[1]); print(json.dumps({k:v for k,v in d.items() if k.isupper()}))';
    const said = execFileSync('python3', ['-c', script, file('xapi1', 'settings_local.py')], {
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toMatchObject({
      XAPI_CELERY_BROKER_URL: 'redis://redis.univ.example:6379/6',
      POD_API_TOKEN: 'a "difficult" #secret\\ $1',
      USE_XAPI: true,
    });
  });
});
