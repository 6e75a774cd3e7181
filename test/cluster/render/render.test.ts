import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { fillTemplate, pythonString } from '../../../src/cluster/render/fill-template.js';
import { keyFrameSeconds, transcoderCommand, videoLevel } from '../../../src/cluster/render/ladder.js';
import { maskSecrets } from '../../../src/cluster/render/mask-secrets.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import { unitWord } from '../../../src/cluster/render/render-source.js';

const EXAMPLE = readFileSync('config/cluster.example.toml', 'utf8');
const render = (change: (text: string) => string = (text) => text) =>
  renderCluster(
    loadInventory({ path: 'cluster.toml', text: change(EXAMPLE) }, () => 's3cret "#$ word'),
    loadTemplates(),
  );
const textOf = (files: ReturnType<typeof render>, node: string, path: string): string =>
  files.find((file) => file.node === node && file.path === path)?.text ?? '';

describe('cluster render', () => {
  it('opens Redis and the share to the workers alone', () => {
    const page = textOf(render(), 'pod-backend', 'RUNBOOK.md');
    const rules = page.split('\n').filter((line) => line.startsWith('nft add rule'));
    expect(rules).toHaveLength(2);
    for (const rule of rules)
      expect(rule).toMatch(/ip saddr \{ encoder1\.univ\.example, .*\} tcp dport (6379|2049) accept/);
  });
  it('gives every node of the inventory its files and its runbook, with nothing left to fill', () => {
    const files = render();
    const nodes = [
      'lb1',
      'lb2',
      'ingest1',
      'ingest2',
      'broadcast1',
      'broadcast2',
      'source',
      'jms',
      'jvb1',
      'jvb2',
    ].concat(['pod-backend', 'encoder1', 'encoder2', 'transcriber1', 'xapi1']);
    for (const node of nodes) {
      expect(textOf(files, node, 'RUNBOOK.md'), node).toContain('## 1. ');
    }
    for (const { path, text } of files.filter((file) => !file.path.endsWith('.js'))) {
      expect(text, path).not.toMatch(/\{\{|undefined|\[object/);
      expect(text.endsWith('\n'), path).toBe(true);
    }
  });

  it('is the same for the same inventory', () => {
    expect(render()).toEqual(render());
  });

  it('keeps secrets in files of their owner alone', () => {
    const files = render((text) => text.replaceAll(/^#(\w+_file = )/gm, '$1'));
    for (const { path, text, mode } of files)
      if (text.includes('s3cret')) expect([path, mode]).toEqual([path, 0o600]);
    expect(files.filter(({ text }) => text.includes('s3cret')).length).toBeGreaterThan(5);
    expect(textOf(files, 'jvb1', 'etc/jitsi/videobridge/jvb.conf')).toContain(
      'PASSWORD = "s3cret \\"#$ word"',
    );
    expect(textOf(files, 'encoder1', 'settings_local.py')).toContain('POD_API_TOKEN = "s3cret \\"#$ word"');
    expect(textOf(files, 'lb1', 'etc/haproxy/haproxy.cfg')).toContain(
      'stats auth supervision:s3cret\\ \\"\\#$\\ word',
    );
    expect(files.map(({ text }) => maskSecrets(text)).join('')).not.toContain('s3cret');
  });

  it('names workers by their host, prefetches one job and stops them gently', () => {
    const unit = textOf(render(), 'encoder1', 'etc/systemd/system/celery-encoding.service');
    expect(unit).toContain('-Q encoding --concurrency 1 --prefetch-multiplier 1 -n encoding@%%h');
    expect(unit).toContain('KillSignal=SIGTERM\nTimeoutStopSec=12h');
    expect(unit).toContain('-A pod.video_encode_transcript.encoding_tasks worker');
  });

  it('gives each balancer its own priority and the other as its peer', () => {
    const files = render();
    expect(textOf(files, 'lb1', 'etc/keepalived/keepalived.conf')).toMatch(
      /priority 150[\s\S]*unicast_peer \{\n\s+192\.0\.2\.12\n/,
    );
    expect(textOf(files, 'lb2', 'etc/keepalived/keepalived.conf')).toMatch(
      /priority 140[\s\S]*unicast_peer \{\n\s+192\.0\.2\.11\n/,
    );
  });

  it('asks both ingests, the dead one last', () => {
    const nginx = textOf(render(), 'broadcast1', 'etc/nginx/nginx.conf');
    expect(nginx).toMatch(
      /upstream ingests \{\n\s+server 192\.0\.2\.21:80 [^\n]*;\n\s+server 192\.0\.2\.22:80 [^\n]* backup;/,
    );
    expect(nginx).toContain('http_404');
  });

  it('lets nobody publish who is not named', () => {
    const nginx = textOf(render(), 'ingest1', 'etc/nginx/nginx.conf');
    expect(nginx).toMatch(/allow publish 192\.0\.2\.50;\n\s+deny publish all;/);
    const closed = textOf(
      render((text) => text.replace(/^publishers.*$/m, 'publishers = []')),
      'ingest1',
      'etc/nginx/nginx.conf',
    );
    expect(closed).toMatch(/application ingest \{\n\s+live on;\n\s+deny publish all;/);
  });

  it('tells what became of every step of the old Jitsi page, and ends with the rehearsal', () => {
    const page = textOf(render(), 'jms', 'RUNBOOK.md');
    for (const step of [
      'apt-key',
      'jtisi',
      'jisti-videobridge2',
      '5347',
      'upd/10000',
      'Shibboleth',
      'JVB_SECRET',
      'MUC_NICKNAME',
    ])
      expect(page).toContain(step);
    expect(page.slice(page.lastIndexOf('## '))).toMatch(
      /Rehearsal with 3 participants[\s\S]*stop jvb1[\s\S]*start jvb1 again[\s\S]*stop jvb2/,
    );
  });

  it('serves nodes straight over TLS when media goes around the balancers', () => {
    const files = render((text) => text.replace('media = "balancer"', 'media = "direct"'));
    expect(textOf(files, 'broadcast1', 'etc/nginx/nginx.conf')).toContain('listen 443 ssl http2;');
    expect(textOf(files, 'broadcast1', 'RUNBOOK.md')).toContain('Get the certificate');
    const sources = JSON.parse(textOf(files, 'broadcast1', 'var/www/streaming/sources.json')) as unknown;
    expect(sources).toMatchObject({
      direct: true,
      nodes: ['https://broadcast1.streaming.univ.example', 'https://broadcast2.streaming.univ.example'],
    });
  });

  it('tries streams in turn to tell whether a node is healthy', () => {
    const nginx = textOf(
      render((text) => text.replace('streams = ["direct"]', 'streams = ["direct", "amphi"]')),
      'broadcast1',
      'etc/nginx/nginx.conf',
    );
    expect(nginx).toContain('error_page 404 502 503 504 = @health_1;');
    expect(nginx).toMatch(
      /location @health_1 \{\n\s+rewrite \^ \/hls\/amphi\.m3u8 break;\n\s+proxy_pass http:\/\/ingests;/,
    );
  });
});

describe('the ladder', () => {
  const rung = { name: 'x', copy: false, frame_rate: 25, video: 1, audio: 1 };
  it.each([
    [320, 180, '2.1', 'avc1.4d4015'],
    [640, 360, '3.0', 'avc1.4d401e'],
    [1280, 720, '3.1', 'avc1.4d401f'],
    [1920, 1080, '4.0', 'avc1.4d4028'],
  ])('takes for %ix%i the level %s', (width, height, level, codec) => {
    expect(videoLevel({ ...rung, width, height })).toEqual({ level, codec });
  });
  it('puts key frames of all renditions on the same instants', () => {
    const { streaming } = loadInventory({ path: 'c', text: EXAMPLE }, () => '');
    const command = transcoderCommand(streaming!, 1935);
    expect(command.match(/-force_key_frames expr:gte\(t,n_forced\*3\)/g)).toHaveLength(2);
    expect(command.match(/-g 75 -keyint_min 75 -sc_threshold 0/g)).toHaveLength(2);
    expect([1, 2, 3, 4, 6].map(keyFrameSeconds)).toEqual([1, 2, 3, 2, 3]);
  });
});

describe('templates', () => {
  it('keep indentation, drop empty lines, and refuse a value that is not given', () => {
    expect(fillTemplate('a {{x}}\n  {{y}}\n  {{z}}\nb\n', { x: 1, y: 'p\nq', z: '' })).toBe(
      'a 1\n  p\n  q\nb\n',
    );
    expect(() => fillTemplate('{{x}}', {})).toThrow(TypeError);
  });
  it('show a section when there is such a thing, once for each of a list', () => {
    const template =
      'a{{#yes}} {{yes}}{{/yes}}\n{{#list}}\n- {{name}} of {{all}}\n{{/list}}\n{{^none}}\nnone\n{{/none}}\nb\n';
    const list = [{ name: 'x' }, { name: 'y' }];
    expect(fillTemplate(template, { yes: 'yes', list, all: 2, none: '' })).toBe(
      'a yes\n- x of 2\n- y of 2\nnone\nb\n',
    );
    expect(fillTemplate(template, { yes: '', list: [], all: 0, none: true })).toBe('a\nb\n');
    expect(() => fillTemplate('{{#x}}{{/x}}', {})).toThrow(TypeError);
  });
  it('quote what goes into Python and into units', () => {
    expect(pythonString('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"');
    expect(unitWord('a%b')).toBe('a%%b');
    expect(unitWord('a "b"')).toBe('"a \\"b\\""');
  });
});
