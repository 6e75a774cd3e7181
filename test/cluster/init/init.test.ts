import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inventoryFrom } from '../../../src/cli/cluster/init.js';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { listNodes } from '../../../src/cluster/inventory/nodes.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-init-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const put = (name: string, text: string): string => {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const load = (text: string) => loadInventory({ path: 'cluster.toml', text }, () => 'redis://:kept@r:6379/5');

const HAPROXY = `global
  stats socket /run/haproxy/admin.sock mode 660 level admin
frontend web
  bind *:80
  bind *:443 ssl crt /etc/ssl/live.pem alpn h2
  use_backend node1 if { hdr(host) -i broadcast1.live.test }
  use_backend node2 if { hdr(host) -i broadcast2.live.test }
  default_backend nodes
backend nodes
  cookie SERVERUSED insert
  server broadcast1 192.0.2.31:8080 cookie b1 check weight 50 # first
  server broadcast2 192.0.2.32:8080 cookie b2 check
  #server broadcast3 192.0.2.33:8080
  server spare 192.0.2.34:80 disabled
listen stats
  bind *:8404
  stats auth admin:hidden-word
`;
const JVB = (nickname: string) => `videobridge { apis.xmpp-client.configs { shard {
  HOSTNAME=jms.univ.test
  DOMAIN="auth.jitsi.univ.test"
  USERNAME=jvb
  PASSWORD="hidden#word"
  MUC_JIDS="JvbBrewery@internal.auth.jitsi.univ.test"
  MUC_NICKNAME="${nickname}"
} } }
`;
const PROPERTIES = `# org.jitsi.videobridge.xmpp.user.shard.HOSTNAME=localhost
org.jitsi.videobridge.xmpp.user.shard.HOSTNAME=jms.univ.test
org.jitsi.videobridge.xmpp.user.shard.PASSWORD=hidden-word
org.jitsi.videobridge.xmpp.user.shard.MUC_JIDS=JvbBrewery@internal.auth.jitsi.univ.test
org.jitsi.videobridge.xmpp.user.shard.MUC_NICKNAME=bridge-two
`;

describe('cluster init', () => {
  it('takes a line of any length of haproxy.cfg, and names the one that HAProxy refuses', () => {
    const long = put(
      'haproxy.cfg',
      HAPROXY.replace('server spare', `acl x hdr(x) ${'x'.repeat(10_000_000)}\n server spare`),
    );
    expect(inventoryFrom([long]).text).toContain('[streaming.broadcasts.broadcast2]');
    for (const [line, detail] of [
      [`acl many src ${'x '.repeat(62)}`, 'line 10: more than 64 words'],
      ['cookie "SERVERUSED insert', 'line 10: a quote is not closed'],
    ] as const) {
      const file = put('haproxy.cfg', HAPROXY.replace('cookie SERVERUSED insert', line));
      expect(() => inventoryFrom([file])).toThrow(
        expect.objectContaining({ code: 'config-unreadable', parameters: { file, detail } }),
      );
    }
  });

  it('reads haproxy.cfg: nodes, names, ports, socket, and leaves the password', () => {
    const { text, remarks } = inventoryFrom([put('haproxy.cfg', HAPROXY)]);
    const { streaming } = load(text);
    expect(streaming).toMatchObject({
      public_name: 'live.test',
      certificate: '/etc/ssl/live.pem',
      spare_slots: 1,
      stats_user: 'admin',
      balancers: { lb1: { http_port: 80, https_port: 443, socket: '/run/haproxy/admin.sock' } },
      broadcasts: {
        broadcast1: {
          address: '192.0.2.31',
          http_port: 8080,
          public_name: 'broadcast1.live.test',
          weight: 50,
        },
        broadcast2: { address: '192.0.2.32', weight: 100 },
      },
    });
    expect(Object.keys(streaming!.broadcasts)).toHaveLength(2);
    expect(text + remarks.join()).not.toContain('hidden');
  });

  it('leaves the other services of a shared balancer alone', () => {
    const shared = `global
  stats socket /run/haproxy/monitor.sock level operator
  stats socket ipv4@127.0.0.1:9999 level admin
frontend web
  mode http
  bind 192.0.2.11:443 ssl crt /etc/haproxy/certs/
  acl live hdr(host) -i -m beg live.univ.example
  acl pod hdr(host) -i pod.univ.example
  use_backend pod if pod
  use_backend hls if live
backend pod
  cookie P insert
  server pod1 192.0.2.80:8000 check cookie pod1
backend hls
  mode http
  cookie S insert indirect nocache
  server-template b 1-4 192.0.2.31:80 check
  server h1 192.0.2.31 check cookie h1
  server h2 192.0.2.32:8080 check cookie h2
backend h2-alone
  server h2 192.0.2.32:8080
listen rtmp
  mode tcp
  bind *:1935
  server ingest-a 192.0.2.41:1935 check
listen stats
  mode http
  bind 192.0.2.11:9000
  stats enable
  stats uri /
  stats auth ops:hidden-word
`;
    const { text, remarks } = inventoryFrom([put('shared.cfg', shared)]);
    const { streaming } = load(text);
    expect(streaming).toMatchObject({
      public_name: 'live.univ.example',
      balancers: {
        lb1: {
          address: '192.0.2.11',
          https_port: 443,
          stats_port: 9000,
          stats_url: 'http://192.0.2.11:9000/;csv',
          socket: '127.0.0.1:9999',
        },
      },
      ingests: { 'ingest-a': { address: '192.0.2.41', rtmp_port: 1935 } },
    });
    expect(streaming?.balancers['lb1']?.http_port).toBe(80);
    expect(Object.keys(streaming?.broadcasts ?? {})).toEqual(['h1', 'h2']);
    expect(text).toContain('#  backend pod: pod1 192.0.2.80:8000');
    expect(text).toContain('#http_port = 80   # haproxy.cfg names no port');
    expect(text).toContain('server-template b 1-4');
    expect(remarks.join()).toContain('pod: taken for other services');
    expect(text + remarks.join()).not.toContain('hidden');
  });

  it('reads the trees of Jitsi machines of both generations', () => {
    put(
      'trees/jms/etc/jitsi/jicofo/jicofo.conf',
      'jicofo { xmpp { client { xmpp-domain = "jitsi.univ.test" } }\n bridge { brewery-jid = "JvbBrewery@internal.auth.jitsi.univ.test" } }\n',
    );
    put('trees/jms/etc/jitsi/videobridge/jvb.conf', JVB('0a1b'));
    put('trees/jvb1/etc/jitsi/videobridge/jvb.conf', JVB('jvb1'));
    put('trees/jvb2/etc/jitsi/videobridge/sip-communicator.properties', PROPERTIES);
    const { text } = inventoryFrom([path.join(directory, 'trees')]);
    const { jitsi } = load(text);
    expect(jitsi).toMatchObject({ domain: 'jitsi.univ.test', jms: { address: 'jms.univ.test' } });
    expect(Object.entries(jitsi!.jvbs).map(([name, { nickname }]) => [name, nickname])).toEqual([
      ['jvb1', undefined],
      ['jvb2', 'bridge-two'],
    ]);
    expect(text).not.toContain('hidden');
  });

  it('reads settings_local.py without running it', () => {
    const marker = path.join(directory, 'executed');
    const settings = put(
      'settings_local.py',
      [
        `open(${JSON.stringify(marker)}, "w")`,
        'USE_REMOTE_ENCODING_TRANSCODING = True',
        'ENCODING_TRANSCODING_CELERY_BROKER_URL = "redis://:hidden@redis.test:6379/5"',
        'POD_API_URL = "https://pod.test/rest/"',
        'POD_API_TOKEN = "hidden"',
        'USE_XAPI = True',
        'XAPI_LRS_URL = "https://lrs.test/xAPI/statements/"',
        'XAPI_CELERY_BROKER_URL = "redis://redis.test:6379/6"',
        'MEDIA_ROOT = os.path.join(BASE, "media")',
      ].join('\n'),
    );
    const { text, remarks } = inventoryFrom([settings]);
    const { encoding } = load(text);
    expect(encoding).toMatchObject({
      pod_url: 'https://pod.test/rest/',
      lrs_url: 'https://lrs.test/xAPI/statements/',
    });
    expect(encoding?.brokers['xapi']?.url.reveal()).toBe('redis://redis.test:6379/6');
    expect(encoding?.brokers['main']?.queues).toEqual(['encoding', 'transcripting']);
    expect(text).not.toContain('hidden');
    expect(remarks.join()).toContain('MEDIA_ROOT is computed');
    expect(() => inventoryFrom([marker])).toThrow('executed');
  });

  it('joins systems into one inventory that renders', () => {
    const { text } = inventoryFrom([
      path.join(directory, 'haproxy.cfg'),
      path.join(directory, 'trees'),
      path.join(directory, 'settings_local.py'),
    ]);
    const inventory = load(text);
    expect(listNodes(inventory).map(({ name }) => name)).toEqual([
      'lb1',
      'broadcast1',
      'broadcast2',
      'jms',
      'jvb1',
      'jvb2',
    ]);
    expect(renderCluster(inventory, loadTemplates()).length).toBeGreaterThan(15);
  });

  it('says what it does not know', () => {
    expect(() => inventoryFrom([put('notes.txt', 'hello')])).toThrow(/notes\.txt/);
  });
});
