import { describe, expect, it } from 'vitest';
import { parsePlaylist } from '../../../src/cluster/adapters/rtmp-hls/playlist.js';
import type { ClusterTargets, StreamTarget, StreamingTargets } from '../../../src/cluster/check/targets.js';
import type { WebRequest } from '../../../src/cluster/check/web-facts.js';
import { gatherBroadcast } from '../../../src/cluster/streaming/gather-broadcast.js';
import { judgeStreaming, positionsOf } from '../../../src/cluster/streaming/judge.js';
import type { PreviousPositions } from '../../../src/cluster/streaming/playlist-checks.js';
import type { StreamingPorts } from '../../../src/cluster/streaming/ports.js';
import type { Outcome } from '../../../src/kit/outcome.js';

const HEAD = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:100\n';
/** Eight segments of two seconds; `each` is written before every one. */
const media = (more = '', each = '', name = (n: number) => `s${n}.ts`): string =>
  HEAD + more + Array.from({ length: 8 }, (_, n) => `${each}#EXTINF:2.000000,\n${name(n)}\n`).join('');
const MASTER =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,CODECS="avc1.42c00d,mp4a.40.2"\n';
const master = (...uris: string[]): string =>
  `#EXTM3U\n${uris.map((uri) => `${MASTER.split('\n')[1] ?? ''}\n${uri}\n`).join('')}`;

type Answer = string | ((request: WebRequest) => string | null);
const ok = <T>(value: T): Outcome<T> => ({ ok: true, value, ms: 1 });

/** Looks at a node that serves these paths, twice when that is asked, and says what is not good. */
async function look(
  files: Readonly<Record<string, Answer>>,
  options: {
    stream?: Partial<StreamTarget>;
    dates?: boolean;
    headers?: Record<string, string>;
    previous?: Record<string, number>;
    positions?: PreviousPositions;
    at?: number;
    /** Places that the guard refuses. */
    inside?: string;
  } = {},
): Promise<{ said: string[]; asked: string[]; stands: PreviousPositions }> {
  const asked: string[] = [];
  const ports = {
    web: async (request: WebRequest) => {
      const { pathname, search } = new URL(request.url);
      const range = request.headers?.['range'];
      asked.push(`${request.method ?? 'GET'} ${pathname}${search}${range === undefined ? '' : ` ${range}`}`);
      if (request.url.includes(options.inside ?? '\n'))
        return { ok: false, fault: 'guarded', detail: 'inside', ms: 1 } as const;
      const file = files[pathname];
      const text = typeof file === 'function' ? file(request) : file;
      const body = Buffer.from(text ?? '');
      const led = /^-> (.*)/.exec(text ?? '')?.[1];
      return ok({
        url: request.url,
        status:
          led !== undefined
            ? 302
            : text == null
              ? 404
              : text.startsWith('!! ')
                ? Number(text.slice(3))
                : range === undefined
                  ? 200
                  : 206,
        headers: {
          'content-type': 'application/vnd.apple.mpegurl',
          'access-control-allow-origin': '*',
          'cache-control': 'no-cache',
          ...(led === undefined ? {} : { location: led }),
          ...options.headers,
          ...(options.dates === false
            ? {}
            : {
                date: 'Sun, 29 Nov 2026 10:00:01 GMT',
                'last-modified': 'Sun, 29 Nov 2026 10:00:00 GMT',
              }),
        },
        body,
        totalBytes: body.length,
        protocol: null,
      });
    },
    parsePlaylist,
    segment: async () => ok({ bytes: 9, durationSeconds: 2, codecs: ['h264'], frames: 50, error: null }),
    pause: async () => undefined,
  } as unknown as StreamingPorts;
  const stream: StreamTarget = {
    name: 'direct',
    playlistPath: '/hls/direct.m3u8',
    renditions: [],
    assumed: false,
    renditionsAssumed: true,
    ...options.stream,
  };
  const broadcast = await gatherBroadcast(
    { name: 'b1', url: 'http://192.0.2.1', publicName: null },
    stream,
    ports,
    { lateTargets: 1.5, decode: true },
  );
  const thresholds = { playlistWarning: 1.5, playlistCritical: 3, sequenceWarning: 3, sequenceCritical: 10 };
  const streaming = {
    ...{ publicUrl: null, streams: [stream], frontPath: '/', authorities: null, virtualAddresses: [] },
    ...{ balancers: [], expectedBalancers: 0, broadcasts: [], ingests: [], neededBroadcasts: null },
    thresholds,
  } as unknown as StreamingTargets;
  const all: ClusterTargets = { streaming, jitsi: null, pod: null, runners: null, maintenance: [] };
  const facts = {
    at: options.at ?? 0,
    balancers: [],
    broadcasts: [broadcast],
    ingests: [],
    publicAddresses: null,
  };
  const said = judgeStreaming(facts, streaming, all, {
    sequences: options.previous ?? {},
    positions: options.positions ?? {},
  })
    .filter(({ status, noteworthy }) => status !== 'ok' || noteworthy)
    .map(({ id, status }) => `${status} ${id}`);
  return { said, asked, stands: positionsOf(facts, options.positions) };
}
/** One rendition beside its master, with segments that are all there. */
const single = (text: Answer): Record<string, Answer> => ({
  '/hls/direct.m3u8': master('direct_360.m3u8'),
  '/hls/direct_360.m3u8': text,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`/hls/s${n}.ts`, 'x'])),
});

describe('an address of a playlist', () => {
  it('that leads elsewhere is followed, and what it names is searched from there', async () => {
    const files = {
      ...single(''),
      '/hls/direct.m3u8': '-> /live/abc/direct.m3u8',
      '/live/abc/direct.m3u8': master('direct_360.m3u8'),
      '/live/abc/direct_360.m3u8': '-> /node2/direct_360.m3u8',
      '/node2/direct_360.m3u8': media(),
      ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`/node2/s${n}.ts`, '-> /far/s.ts'])),
      '/far/s.ts': 'x',
    };
    expect((await look(files)).said).toEqual([]);
  });
  it('that leads in a circle is an error', async () => {
    expect((await look({ '/hls/direct.m3u8': '-> /hls/direct.m3u8' })).said).toEqual([
      'critical S08-error@b1',
    ]);
  });
  it('may be made of variables: of its own, of the master, of its query', async () => {
    const files = {
      ...single(''),
      '/hls/direct.m3u8': `#EXTM3U\n#EXT-X-DEFINE:NAME="node",VALUE="n7"\n${MASTER.split('\n')[1] ?? ''}\n{$node}/direct_360.m3u8?token=t1\n`,
      '/hls/n7/direct_360.m3u8': media(
        '#EXT-X-DEFINE:IMPORT="node"\n#EXT-X-DEFINE:QUERYPARAM="token"\n#EXT-X-DEFINE:NAME="d",VALUE="day"\n',
        '',
        (n) => `/{$d}/{$node}/s${n}.ts?token={$token}`,
      ),
      ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`/day/n7/s${n}.ts`, 'x'])),
    };
    const { said, asked } = await look(files);
    expect(said).toEqual([]);
    expect(asked).toContain('GET /day/n7/s7.ts?token=t1');
  });
});

describe('a playlist', () => {
  it('whose segments are all gaps has nothing to play', async () => {
    expect((await look(single(media('', '#EXT-X-GAP\n')))).said).toEqual(['critical S10-gaps@b1/direct_360']);
  });
  it('that a cache has kept is as old as the cache says', async () => {
    expect((await look(single(media()), { headers: { age: '90' } })).said).toEqual([
      'critical S09-frozen@b1/direct_360',
    ]);
    expect((await look(single(media()), { headers: { age: '1' } })).said).toEqual([]);
  });
  it('as a delta update is not too short', async () => {
    const text = `${HEAD}#EXT-X-SKIP:SKIPPED-SEGMENTS=5\n#EXTINF:2,\ns0.ts\n#EXTINF:2,\ns1.ts\n`;
    expect((await look(single(text))).said).toEqual([]);
  });
});

describe('a count that runs backwards', () => {
  it('is told of the same address, and not of another node under the same name', async () => {
    const same = await look(single(media()), {
      previous: { 'http://192.0.2.1/hls/direct_360.m3u8': 200 },
    });
    expect(same.said).toContainEqual(expect.stringContaining('S10-backwards'));
    const moved = await look(single(media()), {
      previous: { 'http://192.0.2.9/hls/direct_360.m3u8': 200, 'b1/direct_360': 200 },
    });
    expect(moved.said).toEqual([]);
  });
});

describe('a master', () => {
  it('of SRS that knows no rate is not said to be too fast', async () => {
    const files = single(media());
    files['/hls/direct.m3u8'] =
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1\n/hls/direct_360.m3u8?hls_ctx=1h9q\n';
    expect((await look(files)).said.filter((one) => !one.startsWith('ok '))).toEqual([]);
  });
  it('has its sound tracks asked for, also those that no rendition names', async () => {
    const files = single(media());
    files['/hls/direct.m3u8'] =
      `${master('direct_360.m3u8')}#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="fr",URI="fr.m3u8"\n`;
    expect((await look(files)).said).toEqual(['critical S10-missing@b1/fr']);
  });
});

describe('playlists that are sound', () => {
  it.each<[string, string]>([
    ['a byte order mark, and lines of Windows', `\uFEFF${media().replaceAll('\n', '\r\n')}`],
    ['decimal durations under version 2', media().replace('VERSION:7', 'VERSION:2')],
    [
      'DRM of two systems',
      media(
        '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="com.apple"\n#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:,x",KEYFORMAT="urn:uuid:1"\n',
      ),
    ],
    [
      'an absent segment that is announced as absent',
      media().replace('#EXTINF:2.000000,\ns7.ts', '#EXT-X-GAP\n#EXTINF:2.000000,\ngone.ts'),
    ],
    ['a date range without a date', media('#EXT-X-DATERANGE:ID="1",START-DATE="2026-11-29T01:00:00Z"\n')],
    ['discontinuities of advertisements', media('#EXT-X-CUE-OUT:30\n', '#EXT-X-DISCONTINUITY\n')],
    [
      'parts of a segment that is not finished',
      `${media('#EXT-X-PART-INF:PART-TARGET=0.2\n')}#EXT-X-PART:DURATION=0.2,URI="p.mp4"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="q.mp4"\n`,
    ],
  ])('%s', async (_, text) => {
    expect((await look(single(text))).said).toEqual([]);
  });

  it('asks for the initialisation section and for parts of a file', async () => {
    const parts = media('#EXT-X-MAP:URI="init.mp4",BYTERANGE="700@0"\n', '', () => 'all.mp4').replaceAll(
      '#EXTINF',
      '#EXT-X-BYTERANGE:500@1000\n#EXTINF',
    );
    const { said, asked } = await look({ ...single(parts), '/hls/init.mp4': 'i', '/hls/all.mp4': 'x' });
    expect(said).toEqual([]);
    expect(asked).toContain('GET /hls/init.mp4 bytes=0-699');
    expect(asked).toContain('GET /hls/all.mp4 bytes=1000-1499');
  });

  it('knows renditions by their path', async () => {
    const files: Record<string, Answer> = {
      '/live/direct/index.m3u8': master('720/index.m3u8', '360/index.m3u8'),
      ...Object.fromEntries(
        ['720', '360'].flatMap((name): [string, Answer][] => [
          [`/live/direct/${name}/index.m3u8`, media()],
          ...Array.from({ length: 8 }, (_, n): [string, Answer] => [`/live/direct/${name}/s${n}.ts`, 'x']),
        ]),
      ),
    };
    const stream = { playlistPath: '/live/direct/index.m3u8', renditions: ['720', '360', '1080'] };
    expect((await look(files, { stream })).said).toEqual([]);
    // With a ladder of its own, the one that nobody announces is missed.
    expect((await look(files, { stream: { ...stream, renditionsAssumed: false } })).said).toEqual([
      'critical S10-missing@b1/1080',
      'warning S10-unannounced@b1',
    ]);
  });

  it('is judged by its motion where no dates are sent', async () => {
    let looks = 0;
    const moving = (): string => media().replace('SEQUENCE:100', `SEQUENCE:${100 + looks++}`);
    expect((await look(single(moving), { dates: false })).said).toEqual([]);
    expect((await look(single(media()), { dates: false })).said).toEqual([
      'unknown S09-unknown@b1/direct_360',
    ]);
    const previous = { 'http://192.0.2.1/hls/direct_360.m3u8': 90 };
    expect((await look(single(media()), { dates: false, previous })).said).toEqual([]);
  });
});

describe('a playlist without dates', () => {
  it('that stands as an earlier run saw it, three targets ago, is frozen', async () => {
    const first = await look(single(media()), { dates: false, at: 1_000_000 });
    expect(first.said).toEqual(['unknown S09-unknown@b1/direct_360']);
    const soon = await look(single(media()), { dates: false, at: 1_003_000, positions: first.stands });
    expect(soon.said).toEqual(['unknown S09-unknown@b1/direct_360']);
    // It stands since the first look, not since the last.
    const late = await look(single(media()), { dates: false, at: 1_009_000, positions: soon.stands });
    expect(late.said).toEqual(['critical S09-frozen@b1/direct_360']);
    const moved = media().replace('SEQUENCE:100', 'SEQUENCE:104');
    const again = await look(single(moved), { dates: false, at: 1_060_000, positions: late.stands });
    expect(again.said).toEqual(['unknown S09-unknown@b1/direct_360']);
  });
  it('leaves no trace where dates tell the age', async () => {
    expect((await look(single(media()))).stands).toEqual({});
  });
});

describe('addresses of the inside that nobody named', () => {
  it('are not asked and not said to be absent', async () => {
    const far = media('', '', (n) => `http://10.0.0.9/s${n}.ts`);
    expect((await look(single(far), { inside: '10.0.0.9' })).said).toEqual([
      'unknown S11-unknown@b1/direct_360',
    ]);
    const files = { ...single(media()), '/hls/direct.m3u8': master('http://10.0.0.9/v.m3u8') };
    expect((await look(files, { inside: '10.0.0.9' })).said).toEqual(['unknown S10-unknown@b1/10.0.0.9/v']);
  });
});

describe('an address that is none', () => {
  it.each([
    ['of a key', media('#EXT-X-KEY:METHOD=AES-128,URI="http://["\n')],
    ['of a segment', media('', '', () => 'http://[')],
    ['of a map', media('#EXT-X-MAP:URI="http://["\n')],
  ])('%s makes the list invalid', async (_, text) => {
    expect((await look(single(text))).said).toEqual(['critical S10-invalid@b1/direct_360']);
  });
});

describe('the key of encrypted segments', () => {
  const locked = (attributes: string): string => media(`#EXT-X-KEY:${attributes}\n`);
  it.each<[string, string, string | null, string[]]>([
    ['absent', 'METHOD=AES-128,URI="gone.key"', null, ['critical S11-key@b1/direct_360']],
    ['too short', 'METHOD=AES-128,URI="k.key"', 'short', ['critical S11-key@b1/direct_360']],
    ['there', 'METHOD=AES-128,URI="k.key",IV=0x00', '0123456789abcdef', []],
    ['of SAMPLE-AES', 'METHOD=SAMPLE-AES,URI="k.key",KEYFORMAT="identity"', '0123456789abcdef', []],
    [
      'of a DRM',
      'METHOD=SAMPLE-AES,URI="https://drm/k",KEYFORMAT="com.apple.streamingkeydelivery"',
      null,
      [],
    ],
    ['none', 'METHOD=NONE', null, []],
  ])('%s', async (_, attributes, key, wanted) => {
    const files = { ...single(locked(attributes)), ...(key === null ? {} : { '/hls/k.key': key }) };
    expect((await look(files)).said).toEqual(wanted);
  });
  it('that is given to whoever has logged in is not judged', async () => {
    const files = { ...single(locked('METHOD=AES-128,URI="k.key"')), '/hls/k.key': '!! 403' };
    expect((await look(files)).said).toEqual([]);
  });
});

describe('playlists with a fault', () => {
  it('no segment at all', async () => {
    expect((await look(single(HEAD))).said).toEqual(['critical S10-empty@b1/direct_360']);
  });
  it('a discontinuity at every segment', async () => {
    expect((await look(single(media('', '#EXT-X-DISCONTINUITY\n')))).said).toEqual([
      'critical S10-broken@b1/direct_360',
    ]);
  });
  it('sound and subtitles that are announced and absent', async () => {
    const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="fr",DEFAULT=YES,URI="fr.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="in the variant"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="fr",URI="subs.m3u8"
${(MASTER.split('\n')[1] ?? '') + ',AUDIO="a",SUBTITLES="s"'}
direct_360.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=90000,URI="pictures.m3u8"
`;
    expect((await look({ ...single(media()), '/hls/direct.m3u8': text })).said.toSorted()).toEqual([
      'critical S10-missing@b1/fr',
      'critical S10-missing@b1/subs',
      'warning S10-missing@b1/pictures',
    ]);
  });
  it('an initialisation section that is absent', async () => {
    expect((await look(single(media('#EXT-X-MAP:URI="gone.mp4"\n')))).said).toEqual([
      'critical S11-missing@b1/direct_360',
    ]);
  });
  it.each([
    ['no target duration', media().replace('#EXT-X-TARGETDURATION:2\n', '')],
    ['a page of an error', '<html>'],
  ])('%s', async (_, text) => {
    expect((await look(single(text))).said).toEqual(['critical S10-invalid@b1/direct_360']);
  });
  it('a stream that nobody named is not missed', async () => {
    expect((await look({}, { stream: { assumed: true } })).said).toEqual(['ok S08-untested@b1']);
    expect((await look({})).said).toEqual(['critical S08-error@b1']);
  });
});
