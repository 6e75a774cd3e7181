import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * Own stand-ins for the APIs of MediaMTX, SRS and OvenMediaEngine, for no package brings the programs themselves: the
 * fields that their documents name, over counters that grow. Sources: bluenviron/mediamtx api/openapi.yaml (1.9 to 1.15);
 * ossrs/srs trunk/src/app/srs_app_statistic.cpp (5 and 6); AirenSoft/OvenMediaEngine docs/rest-api (0.16 to 0.18).
 */
export interface StandInStream {
  publishing: boolean;
  /** Bytes received per second of this stand-in's clock. */
  rate: number;
  audio: boolean;
}

export type StandInKind = 'mediamtx' | 'srs' | 'ovenmediaengine';

export class StreamingServerStandIn {
  readonly kind: StandInKind;
  stream: StandInStream = { publishing: true, rate: 400_000, audio: true };
  /** Value that the Authorization header must have; null: nobody is asked. */
  authorization: string | null = null;
  /** Answers HTML: a proxy, another program. */
  html = false;
  port = 0;
  #server: Server | undefined;
  readonly #startedAt = Date.now();

  constructor(kind: StandInKind) {
    this.kind = kind;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const [status, body] = this.#answer(request.url ?? '/', request.headers.authorization ?? null);
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  get #bytes(): number {
    return 1_000_000 + Math.round(((Date.now() - this.#startedAt) / 1000) * this.stream.rate);
  }

  #answer(path: string, authorization: string | null): [number, unknown] {
    if (this.html) return [200, '<html>welcome</html>'];
    if (this.authorization !== null && authorization !== this.authorization)
      return [401, { error: 'authentication error' }];
    if (this.kind === 'mediamtx' && path.startsWith('/v3/paths/list')) return [200, this.#mediaMtx()];
    if (this.kind === 'srs' && path.startsWith('/api/v1/streams')) return [200, this.#srs()];
    if (this.kind === 'ovenmediaengine' && /\/apps\/app\/streams\/direct$/.test(path))
      return this.#oven(path);
    return [404, { message: 'not found', statusCode: 404 }];
  }

  #mediaMtx(): unknown {
    const { publishing, audio } = this.stream;
    const item = {
      name: 'live/direct',
      confName: 'all_others',
      source: publishing ? { type: 'rtmpConn', id: 'a1' } : null,
      ready: publishing,
      readyTime: publishing ? '2026-08-01T10:00:00.000000000+02:00' : null,
      tracks: publishing ? ['H264', ...(audio ? ['MPEG-4 Audio'] : [])] : [],
      bytesReceived: this.#bytes,
      bytesSent: 0,
      readers: [],
    };
    return { itemCount: 1, pageCount: 1, items: [item] };
  }

  #srs(): unknown {
    const { publishing, rate, audio } = this.stream;
    return {
      code: 0,
      server: 'vid-1',
      streams: [
        {
          id: 'vid-2',
          name: 'direct',
          vhost: 'vid-3',
          app: 'live',
          clients: 1,
          // It counts every few seconds only: two looks in one second see no difference.
          recv_bytes: 5_000_000,
          kbps: { recv_30s: publishing ? Math.round((rate * 8) / 1000) : 0, send_30s: 0 },
          publish: { active: publishing, cid: 'c1' },
          video: { codec: 'H264', profile: 'High', level: '3.1', width: 1280, height: 720 },
          audio: audio ? { codec: 'AAC', sample_rate: 48_000, channel: 2, profile: 'LC' } : null,
        },
      ],
    };
  }

  #oven(path: string): [number, unknown] {
    const { publishing, audio } = this.stream;
    if (!publishing) return [404, { message: 'Could not find the stream', statusCode: 404 }];
    if (path.startsWith('/v1/stats/current/'))
      return [
        200,
        { message: 'OK', statusCode: 200, response: { totalBytesIn: this.#bytes, totalConnections: 3 } },
      ];
    const tracks = [
      { id: 0, type: 'Video', video: { codec: 'H264', width: 1280, height: 720, framerate: 25 } },
      ...(audio ? [{ id: 1, type: 'Audio', audio: { codec: 'AAC', samplerate: 48_000, channel: 2 } }] : []),
    ];
    const input = {
      createdTime: '2026-08-01T10:00:00.000+02:00',
      sourceType: 'Rtmp',
      sourceUrl: 'TCP://192.0.2.50:1',
      tracks,
    };
    return [200, { message: 'OK', statusCode: 200, response: { name: 'direct', input, outputs: [] } }];
  }
}
