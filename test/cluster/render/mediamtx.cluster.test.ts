import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import { parsePlaylist } from '../../../src/cluster/adapters/rtmp-hls/playlist.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { REAL_LAYOUT } from '../../../src/cluster/render/layout.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import { run } from '../../support/cluster/processes.js';

const TOML = `
[streaming]
public_name = "live.test"
server = "mediamtx"
playlist = "/hls/{stream}.m3u8"
streams = ["direct"]
segment_seconds = 1
playlist_seconds = 6
publishers = ["192.0.2.50"]
ladder = [
  { name = "180", width = 320, height = 180, video = "200k", audio = "64k" },
  { name = "90", width = 160, height = 90, video = "80k", audio = "64k" },
]
[streaming.ingests.in1]
address = "192.0.2.21"
srt_port = 8890
[streaming.broadcasts.b1]
address = "192.0.2.31"
`;

describe('MediaMTX as ingest', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-mediamtx-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const files = renderCluster(
    loadInventory({ path: 'cluster.toml', text: TOML }, () => ''),
    loadTemplates(),
    {
      ...REAL_LAYOUT,
      root,
    },
  );
  const text = (file: string): string =>
    files.find((one) => one.node === 'in1' && one.path === file)?.text ?? '';

  it('takes RTMP and SRT of the publishers, and is documented by its runbook', () => {
    const own = text('etc/mediamtx/mediamtx.yml');
    expect(own).toContain("ips: ['192.0.2.50']");
    expect(own).toMatch(/^srt: yes$/m);
    expect(own).toContain('apiAddress: 127.0.0.1:9997');
    expect(text('etc/nginx/nginx.conf')).not.toContain('rtmp');
    expect(text('RUNBOOK.md')).toContain('udp dport 8890 accept');
    expect(text('RUNBOOK.md')).toContain('/live/direct');
    writeFileSync(path.join(root, 'mediamtx.yml'), own);
    const paths = run(
      'python3',
      ['-c', 'import yaml; print(*yaml.safe_load(open("mediamtx.yml"))["paths"])'],
      root,
    );
    expect(paths.trim()).toBe('~^live/[A-Za-z0-9_.-]+$');
  });

  it('makes renditions and a master of the names that the rest of the cluster knows', async () => {
    const hls = path.join(root, 'run/hls');
    mkdirSync(hls, { recursive: true });
    const source = path.join(root, 'source.mp4');
    run(
      'ffmpeg',
      '-loglevel error -f lavfi -i testsrc=size=320x180:rate=25 -f lavfi -i sine -t 4 -c:v libx264 -preset ultrafast -c:a aac'
        .split(' ')
        .concat(source),
      root,
    );
    const script = path.join(root, 'renditions');
    // A file in place of MediaMTX' RTSP, which no package brings.
    writeFileSync(script, text('usr/local/sbin/mediamtx-renditions').replace('-rtsp_transport tcp', '-re'));
    chmodSync(script, 0o755);
    const worker = spawn('sh', [script, 'live/direct'], {
      env: { ...process.env, SOURCE: source },
      stdio: 'inherit',
    });
    const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve));
    const master = path.join(hls, 'direct.m3u8');
    while (!existsSync(master) && worker.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ended).toBe(0);
    const told = parsePlaylist(readFileSync(master, 'utf8'));
    expect(told.kind === 'master' && told.variants.map(({ uri }) => uri)).toEqual([
      '/hls/in1/direct_180.m3u8',
      '/hls/in1/direct_90.m3u8',
    ]);
    const media = parsePlaylist(readFileSync(path.join(hls, 'direct_180.m3u8'), 'utf8'));
    const segments = media.kind === 'media' ? media.playlist.segments : [];
    expect(segments.length).toBeGreaterThanOrEqual(3);
    for (const { uri } of segments) expect(readdirSync(hls)).toContain(uri.replace('/hls/in1/', ''));
  });
});
