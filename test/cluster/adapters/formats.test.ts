import { describe, expect, it } from 'vitest';
import {
  openEnvelope,
  parseJob,
  queueKeys,
  wrapControl,
} from '../../../src/cluster/adapters/celery/envelope.js';
import { parseMetrics, parseStatisticsCsv } from '../../../src/cluster/adapters/haproxy/statistics.js';
import { findMount } from '../../../src/cluster/adapters/machine/share.js';
import { parseBrokerUrl, showBroker } from '../../../src/kit/adapters/redis/broker-url.js';
import { parsePlaylist } from '../../../src/cluster/adapters/rtmp-hls/playlist.js';
import { parseRtmpStat } from '../../../src/cluster/adapters/rtmp-hls/rtmp-stat.js';
import { readServerState } from '../../../src/cluster/streaming/servers.js';
import { reachOf } from '../../../src/cluster/pod/broker-checks.js';

describe('broker URLs', () => {
  it.each([
    ['redis://redis.example.test', 'redis://redis.example.test:6379/0', null],
    ['redis://:p%40ss%23@10.0.0.5:6380/5', 'redis://10.0.0.5:6380/5', 'p@ss#'],
    ['redis://:p@ss#w/ord@10.0.0.5/6', 'redis://10.0.0.5:6379/6', 'p@ss#w/ord'],
    ['rediss://pod:secret@[2001:db8::1]:6379/7', 'rediss://2001:db8::1:6379/7', 'secret'],
    ['sentinel://:s@h1:26379;sentinel://:s@h2/5', 'sentinel://h1:26379;h2:26379/5', 's'],
  ])('%s', (url, shown, password) => {
    const address = parseBrokerUrl(url);
    expect(address === null ? null : showBroker(address)).toBe(shown);
    expect(address?.password ?? null).toBe(password);
  });
  it('refuses what is no Redis', () => expect(parseBrokerUrl('amqp://guest@localhost//')).toBeNull());
});

describe('Celery messages', () => {
  it('opens what it wraps', () => {
    const opened = openEnvelope(wrapControl({ method: 'ping', ticket: 't' }, 1));
    expect(opened?.body).toEqual({ method: 'ping', ticket: 't' });
    expect(opened?.headers['expires']).toBe(1);
  });
  it('reads the task, its arguments and its queue; other texts are no job', () => {
    const body = Buffer.from(JSON.stringify([[12, '/media/a.mp4'], {}, {}])).toString('base64');
    const text = JSON.stringify({
      body,
      headers: { task: 'x.start_encoding_task', id: 'i' },
      properties: { body_encoding: 'base64', priority: 3, delivery_info: { routing_key: 'encoding' } },
    });
    expect(parseJob(text, '?')).toEqual({
      id: 'i',
      task: 'x.start_encoding_task',
      arguments: [12, '/media/a.mp4'],
      queue: 'encoding',
      priority: 3,
    });
    for (const other of ['', 'null', '{}', '[1]', '{"headers":{}}']) expect(parseJob(other, '?')).toBeNull();
  });
  it('knows the lists of the priorities', () => expect(queueKeys('q')[1]).toBe('q\u0006\u00163'));
});

describe('HAProxy statistics', () => {
  const csv =
    '# pxname,svname,qcur,scur,slim,status,last_chk,check_status,new_column,\nnodes,b1,0,3,200,UP 1/3,"L7, ok",L7OK,9,\nnodes,BACKEND,1,,,UP,,,,\n';
  it('goes by the names of columns, quotes included', () => {
    const [first] = parseStatisticsCsv(csv);
    expect(first).toMatchObject({
      proxy: 'nodes',
      server: 'b1',
      status: 'UP 1/3',
      lastCheck: 'L7, ok',
      values: { scur: 3, slim: 200 },
    });
  });
  it('refuses a login page', () => expect(() => parseStatisticsCsv('<html>')).toThrow(/no statistics/));
  it('reads states from the Prometheus exporter', () => {
    const text =
      'haproxy_server_status{proxy="nodes",server="b1",state="DOWN"} 0\nhaproxy_server_status{proxy="nodes",server="b1",state="MAINT"} 1\nhaproxy_server_current_sessions{proxy="nodes",server="b1"} 4\n';
    expect(parseMetrics(text)).toMatchObject([{ server: 'b1', status: 'MAINT', values: { scur: 4 } }]);
  });
  it.each([
    ['UP', 'up'],
    ['UP 1/3', 'up'],
    ['DOWN 1/2', 'down'],
    ['NOLB', 'draining'],
    ['DRAIN', 'draining'],
    ['MAINT (via b/s)', 'maintenance'],
    ['no check', 'unchecked'],
  ])('takes %s for %s', (status, state) => expect(readServerState(status)).toBe(state));
});

describe('nginx-rtmp statistics', () => {
  const page = `<?xml version="1.0"?><rtmp><uptime>44</uptime><server><application><name>ingest</name><live>
<stream><name>007</name><bytes_in>2004507</bytes_in><client><address>192.0.2.5</address><dropped>2</dropped><avsync>-23</avsync><publishing/></client>
<meta><video><width>320</width><height>168</height><frame_rate>10</frame_rate><codec>H264</codec></video></meta><nclients>1</nclients><publishing/></stream>
</live></application></server></rtmp>`;
  it('tells who publishes what', () => {
    expect(parseRtmpStat(page, 5).streams).toMatchObject([
      {
        application: 'ingest',
        name: '007',
        bytesIn: 2004507,
        publishing: true,
        publisherAddress: '192.0.2.5',
        audio: null,
      },
    ]);
  });
  it('refuses a truncated page', () =>
    expect(() => parseRtmpStat(page.slice(0, 200), 0)).toThrow(/not the statistics/));
});

describe('playlists', () => {
  it('says of an error page that it is one', () =>
    expect(parsePlaylist('<html>')).toEqual({
      kind: 'invalid',
      reason: 'it begins with "<html>", not #EXTM3U',
    }));
  it('reads a live window', () => {
    const text =
      '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:21\n#EXT-X-TARGETDURATION:2\n#EXT-X-DISCONTINUITY\n#EXTINF:2.000,\na-21.ts\n#EXTINF:1.9,\na-22.ts\n';
    expect(parsePlaylist(text)).toMatchObject({
      kind: 'media',
      playlist: {
        sequence: 21,
        targetDurationSeconds: 2,
        ended: false,
        segments: [{ uri: 'a-21.ts', discontinuity: true }, { discontinuity: false }],
      },
    });
  });
});

describe('where a directory and a host are', () => {
  const mounts =
    '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 22 0:50 / /srv/pod\\040media ro,nosuid - nfs4 nas:/pod rw\n';
  it('finds the mount of a path, and its flags', () => {
    expect(findMount(mounts, '/srv/pod media/videos')).toEqual({
      point: '/srv/pod media',
      source: 'nas:/pod',
      type: 'nfs4',
      readOnly: true,
    });
    expect(findMount(mounts, '/srv/pod')).toMatchObject({ point: '/', readOnly: false });
  });
  it.each([
    ['127.0.0.1', 'loopback'],
    ['10.2.3.4', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['193.55.1.1', 'public'],
    ['2001:db8::1', 'public'],
    ['fd00::1', 'private'],
    ['redis', 'private'],
  ])('%s is %s', (host, reach) => expect(reachOf(host)).toBe(reach));
});
