import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import { asRecord, isRecord } from '../../../kit/record.js';
import type { WebAnswer, WebRequest } from '../../check/web-facts.js';
import type { IngestServer } from '../../check/targets.js';
import type { RtmpStatFacts, RtmpStream } from '../../streaming/facts.js';

/* What the streaming servers of today say of their streams, as one kind of facts. Sources: MediaMTX 1.9 to 1.15,
   api/openapi.yaml (/v3/paths/list); SRS 5 and 6, trunk/doc and srs_app_statistic.cpp (/api/v1/streams/); OvenMediaEngine
   0.16 to 0.18, docs/rest-api/v1 (streams and stats/current). */

/** Which server, where its statistics are, and whose streams are looked for. */
export interface StatisticsRequest {
  readonly server: IngestServer;
  /** The page of nginx-rtmp; the base URL of another server's API. */
  readonly url: string;
  readonly application: string;
  readonly streams: readonly string[];
  /** Value of the Authorization header. */
  readonly authorization: string | null;
}

type Json = Readonly<Record<string, unknown>>;
type Ask = (request: WebRequest) => Promise<WebAnswer>;

/**
 * Reads what a server tells of its streams.
 * @throws AdapterError `denied` (401, 403), `invalid` when it is not that server.
 */
export async function readStatistics(
  { server, url, application, streams, authorization }: StatisticsRequest,
  ask: Ask,
  now: () => number,
): Promise<RtmpStatFacts> {
  const headers: Record<string, string> = authorization === null ? {} : { authorization };
  const get = async (path: string): Promise<WebAnswer> => {
    const answer = await ask({
      url: server === 'nginx-rtmp' ? url : `${url.replace(/\/+$/, '')}${path}`,
      headers,
    });
    const { status } = answer;
    if (status === 401 || status === 403)
      throw new AdapterError(
        'denied',
        `${answer.url} answers ${status}: this machine or its password is not allowed`,
      );
    if (status !== 200 && status !== 404)
      throw new AdapterError('invalid', `${answer.url} answers ${status}`);
    return answer;
  };
  if (server === 'nginx-rtmp') {
    const answer = await get('');
    if (answer.status !== 200) throw new AdapterError('invalid', `${answer.url} answers ${answer.status}`);
    const { parseRtmpStat } = await import('./rtmp-stat.js');
    return parseRtmpStat(answer.body.toString('utf8'), now());
  }
  if (server === 'mediamtx')
    return parseMediaMtx(jsonOf(await get('/v3/paths/list?itemsPerPage=1000')), now());
  if (server === 'srs') return parseSrs(jsonOf(await get('/api/v1/streams/?count=1000')), now());
  const found = await Promise.all(
    streams.map(async (name) => {
      const place = `vhosts/default/apps/${encodeURIComponent(application)}/streams/${encodeURIComponent(name)}`;
      const [about, counts] = await Promise.all([get(`/v1/${place}`), get(`/v1/stats/current/${place}`)]);
      return about.status === 404 ? null : parseOvenStream(application, name, jsonOf(about), jsonOf(counts));
    }),
  );
  return facts(
    now(),
    found.filter((stream) => stream !== null),
  );
}

const facts = (at: number, streams: RtmpStream[]): RtmpStatFacts => ({
  at,
  uptimeSeconds: 0,
  applications: [...new Set(streams.map(({ application }) => application))],
  streams,
});

const NOTHING_KNOWN = { droppedFrames: 0, avSyncMs: null, bitsInPerSecond: 0 };

/** `/v3/paths/list`: a path is application and stream in one (`live/direct`). */
export function parseMediaMtx(json: Json, at: number): RtmpStatFacts {
  const items = json['items'];
  if (!Array.isArray(items))
    throw new AdapterError('invalid', 'the answer is not a list of paths of MediaMTX');
  return facts(
    at,
    items.filter(isRecord).map((item) => {
      const path = text(item['name']).split('/');
      const source = item['source'];
      const tracks = (Array.isArray(item['tracks']) ? item['tracks'] : []).filter(
        (one) => typeof one === 'string',
      );
      const video = tracks.find((track) => /^(?:H26[45]|AV1|VP[89]|MPEG-[14] Video|M-JPEG)/.test(track));
      const audio = tracks.find((track) => /Audio|Opus|Vorbis|G7\d\d|LPCM|AC-3/i.test(track));
      return {
        ...NOTHING_KNOWN,
        application: path.slice(0, -1).join('/'),
        name: path.at(-1) ?? '',
        bytesIn: number(item['bytesReceived'] ?? item['inboundBytes']),
        // A path that waits for a source is listed without one, and is not ready.
        publishing: (item['ready'] ?? item['available']) === true && isRecord(source),
        clients: Array.isArray(item['readers']) ? item['readers'].length : 0,
        publisherAddress: isRecord(source) ? text(source['type']) : null,
        video: video === undefined ? null : { codec: video, width: 0, height: 0, frameRate: 0 },
        audio: audio === undefined ? null : { codec: audio, sampleRate: 0 },
      };
    }),
  );
}

/** `/api/v1/streams/`: `code` 0, one entry per stream that is or was published. */
export function parseSrs(json: Json, at: number): RtmpStatFacts {
  const { streams } = json;
  if (json['code'] !== 0 || !Array.isArray(streams))
    throw new AdapterError('invalid', 'the answer is not a list of streams of SRS');
  return facts(
    at,
    streams.filter(isRecord).map((stream) => {
      const publish = asRecord(stream['publish']);
      const { video, audio } = stream;
      return {
        ...NOTHING_KNOWN,
        application: text(stream['app']),
        name: text(stream['name']),
        bytesIn: number(stream['recv_bytes']),
        // Its rates are means over 30 s, its bytes are counted every few seconds.
        bitsInPerSecond: number(asRecord(stream['kbps'])['recv_30s']) * 1000,
        publishing: publish['active'] === true,
        clients: number(stream['clients']),
        publisherAddress: text(publish['cid']) || null,
        video: isRecord(video)
          ? {
              codec: text(video['codec']),
              width: number(video['width']),
              height: number(video['height']),
              frameRate: 0,
            }
          : null,
        audio: isRecord(audio)
          ? { codec: text(audio['codec']), sampleRate: number(audio['sample_rate']) }
          : null,
      };
    }),
  );
}

/** One stream of OvenMediaEngine, from its description and its counters. */
export function parseOvenStream(application: string, name: string, about: Json, counts: Json): RtmpStream {
  const response = about['response'];
  if (!isRecord(response)) throw new AdapterError('invalid', 'the answer is not a stream of OvenMediaEngine');
  const input = asRecord(response['input']);
  const tracks = (Array.isArray(input['tracks']) ? input['tracks'] : []).filter(isRecord);
  const media = (kind: string): Json | null => {
    const track = tracks.find((one) => text(one['type']).toLowerCase() === kind);
    return track === undefined ? null : asRecord(track[kind]);
  };
  const [video, audio] = [media('video'), media('audio')];
  const current = asRecord(counts['response']);
  return {
    ...NOTHING_KNOWN,
    application,
    name,
    bytesIn: number(current['totalBytesIn']),
    publishing: true,
    clients: number(current['totalConnections']),
    publisherAddress: text(input['sourceUrl']) || text(input['sourceType']) || null,
    video:
      video === null
        ? null
        : {
            codec: text(video['codec']),
            width: number(video['width']),
            height: number(video['height']),
            frameRate: number(video['framerate']),
          },
    audio: audio === null ? null : { codec: text(audio['codec']), sampleRate: number(audio['samplerate']) },
  };
}

function jsonOf(answer: WebAnswer): Json {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new AdapterError('invalid', `${answer.url} answers no JSON`);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : Number(value ?? 0) || 0);
