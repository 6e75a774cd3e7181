import { describe, expect, it } from 'vitest';
import { targetsOf } from '../../../src/cluster/check/targets-of-inventory.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { judgeStreaming } from '../../../src/cluster/streaming/judge.js';
import type { StreamingFacts } from '../../../src/cluster/streaming/run-facts.js';

const text = (thresholds: string): string => `
[streaming]
public_name = "live.test"
ladder = [{ name = "360", width = 640, height = 360, video = "800k" }]
[streaming.balancers.lb1]
address = "192.0.2.1"
[streaming.broadcasts.b1]
address = "192.0.2.2"
[streaming.ingests.i1]
address = "192.0.2.3"
directories = ["/run/hls"]
[streaming.thresholds]
${thresholds}
[jitsi]
domain = "visio.test"
jms = { address = "visio.test" }
[jitsi.thresholds]
certificate_days = 5
stress_warning = 0.5
[encoding.thresholds]
backlog_warning_hours = 2
unacked_minutes = 10
task_hours = 3
disk_percent = 50
disk_critical_percent = 60
`;
const targets = (thresholds: string) =>
  targetsOf(
    loadInventory({ path: 'cluster.toml', text: text(thresholds) }, () => ''),
    {
      isLocal: () => true,
      readText: () => '',
      resolvePath: (file) => file,
      bridgeCapacity: 80,
      neededBroadcasts: null,
    },
  );

/** A playlist of 20 s in targets of 4 s, 100 sessions of 200, a disk that is used at 80 %. */
const facts = (): StreamingFacts => {
  const answer = {
    ok: true as const,
    ms: 1,
    value: {
      url: 'http://192.0.2.2/',
      status: 200,
      headers: {},
      body: Buffer.from(''),
      totalBytes: 9,
      protocol: null,
    },
  };
  const playlist = {
    kind: 'media' as const,
    playlist: {
      sequence: 7,
      targetDurationSeconds: 4,
      segments: [],
      ended: false,
      encryption: null,
      iFramesOnly: false,
      spliced: false,
      position: '',
    },
  };
  const poll = { answer, playlist, ageSeconds: 20 };
  return {
    at: 0,
    balancers: [
      {
        ...{ name: 'lb1', http: null, https: null, certificate: null, stickiness: null, exposures: [] },
        statistics: {
          ok: true,
          ms: 1,
          value: {
            info: {},
            rows: [
              {
                ...{ proxy: 'media', server: 'b1', status: 'UP', lastCheck: '', checkStatus: '', cookie: '' },
                ...{ address: '', values: { scur: 100, slim: 200 } },
              },
            ],
          },
        },
      },
    ],
    broadcasts: [
      {
        ...{ name: 'b1', stream: 'direct', master: answer, playlist: null },
        renditions: [
          {
            name: 'direct_360',
            url: 'http://192.0.2.31/hls/direct.m3u8',
            uri: null,
            kind: 'video',
            init: null,
            first: poll,
            second: poll,
            oldest: null,
            newest: null,
            media: null,
          },
        ],
      },
    ],
    ingests: [
      {
        name: 'i1',
        rtmp: { ok: true, ms: 1, value: { accepted: true, code: '' } },
        srt: null,
        first: null,
        second: null,
        disks: [
          {
            ok: true,
            ms: 1,
            value: {
              ...{ directory: '/run/hls', freeBytes: 20, totalBytes: 100, freeInodes: 90, totalInodes: 100 },
            },
          },
        ],
      },
    ],
    publicAddresses: null,
  };
};

const codes = (thresholds: string, check: RegExp): string[] => {
  const all = targets(thresholds);
  return judgeStreaming(facts(), all.streaming!, all)
    .filter((result) => check.test(result.check))
    .map(({ code }) => code);
};

describe('thresholds of cluster.toml', () => {
  it.each([
    ['', 'S09-frozen'],
    ['playlist_critical = 6', 'S09-late'],
    ['playlist_warning = 5.5\nplaylist_critical = 6', 'S09'],
  ])('decide the age of a playlist: %j', (thresholds, code) => {
    expect(codes(thresholds, /^S09/)).toEqual([code]);
  });
  it.each([
    ['', 'S07'],
    ['sessions_percent = 40', 'S07-near'],
  ])('decide how full a server is: %j', (thresholds, code) => {
    expect(codes(thresholds, /^S07/)).toEqual([code]);
  });
  it.each([
    ['', 'S20'],
    ['disk_percent = 75', 'S20-low'],
    ['disk_percent = 70\ndisk_critical_percent = 75', 'S20-full'],
  ])('decide how full a disk is: %j', (thresholds, code) => {
    expect(codes(thresholds, /^S20/)).toEqual([code]);
  });
  it('belong to their own system', () => {
    const { streaming, jitsi, pod } = targets('certificate_days = 30');
    expect(streaming?.thresholds.certificateDays).toBe(30);
    expect(jitsi?.thresholds).toMatchObject({ certificateDays: 5, stressWarning: 0.5, stressCritical: 1 });
    expect(pod?.thresholds).toMatchObject({
      ...{ backlogWarningMinutes: 120, redeliveryMinutes: 10, jobHours: 3 },
      ...{ freeSpaceWarning: 0.5, freeSpaceCritical: 0.4 },
    });
  });
});
