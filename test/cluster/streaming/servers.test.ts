import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openCheckPorts } from '../../../src/cli/cluster/check-ports.js';
import { targetsOf } from '../../../src/cluster/check/targets-of-inventory.js';
import { findingsOf } from '../../../src/cluster/check/verdict.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { demandsOf } from '../../../src/cluster/plan/demand.js';
import { planStreaming } from '../../../src/cluster/plan/plan-capacity.js';
import { renderPlan } from '../../../src/cluster/plan/render-plan.js';
import { gatherStreaming } from '../../../src/cluster/streaming/gather.js';
import { judgeStreaming } from '../../../src/cluster/streaming/judge.js';
import { StreamingServerStandIn, type StandInKind } from '../../support/cluster/streaming-server-stand-in.js';

const look = async (
  kind: StandInKind,
  change: (server: StreamingServerStandIn) => void,
  keys = '',
  onPause: (server: StreamingServerStandIn) => void = () => undefined,
): Promise<string[]> => {
  const server = new StreamingServerStandIn(kind);
  await server.start();
  try {
    change(server);
    const inventory = loadInventory(
      {
        path: 'cluster.toml',
        text: `[streaming]\npublic_name = "live.test"\nserver = "${kind}"\nstreams = ["direct"]\n[streaming.ingests.in1]\naddress = "127.0.0.1"\nrtmp = false\napi_url = "http://127.0.0.1:${server.port}"\n${keys}\n`,
      },
      () => '',
    );
    const all = targetsOf(inventory, {
      isLocal: () => true,
      readText: () => '',
      resolvePath: (file) => file,
      bridgeCapacity: 80,
      neededBroadcasts: null,
    });
    const ports = openCheckPorts({
      timeoutMs: 20_000,
      ffprobe: 'ffprobe',
      signal: AbortSignal.timeout(20_000),
    });
    const targets = { ...all.streaming!, publicUrl: null };
    const facts = await gatherStreaming(targets, {
      ...ports,
      pause: () => {
        onPause(server);
        return new Promise((done) => setTimeout(done, 40));
      },
    });
    return findingsOf(judgeStreaming(facts, targets, all))
      .filter(({ root }) => /^S1[4-68]/.test(root.check))
      .map(
        ({ root, status }) =>
          `${status} ${root.code === 'cluster-unknown' ? `${root.check}-unknown` : root.code}`,
      );
  } finally {
    await server.stop();
  }
};

describe.each(['mediamtx', 'srs', 'ovenmediaengine'] as const)('a stream on %s', (kind) => {
  it.each<[string, (server: StreamingServerStandIn) => void, string[]]>([
    ['that comes in gives no finding', () => undefined, []],
    ['that nobody publishes', (server) => (server.stream.publishing = false), ['critical S15-absent']],
    ['whose source sends nothing', (server) => (server.stream.rate = 0), ['critical S15-stalled']],
    ['without sound', (server) => (server.stream.audio = false), ['warning S15-no-sound']],
    [
      'behind a password that is not given',
      (server) => (server.authorization = 'Basic x'),
      ['unknown S15-unknown'],
    ],
    [
      'at an address where another program answers',
      (server) => (server.html = true),
      ['unknown S15-unknown'],
    ],
  ])('%s', async (_, change, wanted) => {
    expect(await look(kind, change)).toEqual(wanted);
  });

  it('that comes in bursts is not stalled', async () => {
    let pauses = 0;
    const quiet = (server: StreamingServerStandIn): void => void (server.stream.rate = 0);
    const bursts = (server: StreamingServerStandIn): void => {
      if (++pauses === 2) server.stream.rate = 400_000;
    };
    expect(await look(kind, quiet, '', bursts)).toEqual([]);
  });

  it('is asked with the user and the password of the inventory', async () => {
    const authorization = `Basic ${Buffer.from('admin:pa:ss').toString('base64')}`;
    const keys = 'api_user = "admin"\napi_password = "pa:ss"';
    expect(await look(kind, (server) => (server.authorization = authorization), keys)).toEqual([]);
  });
});

describe('the playlist of a stream', () => {
  const path = (text: string): string | undefined =>
    targetsOf(
      loadInventory({ path: 'c', text: `[streaming]\npublic_name = "l.test"\n${text}` }, () => ''),
      {
        isLocal: () => false,
        readText: () => '',
        resolvePath: (file) => file,
        bridgeCapacity: 80,
        neededBroadcasts: null,
      },
    ).streaming?.streams[0]?.playlistPath;
  it.each([
    ['', '/hls/direct.m3u8'],
    ['server = "mediamtx"', '/live/direct/index.m3u8'],
    ['server = "ovenmediaengine"', '/app/direct/llhls.m3u8'],
    ['server = "srs"', '/live/direct.m3u8'],
    [
      'server = "mediamtx"\n[streaming.ingests.i]\naddress = "i.test"\napplication = ""',
      '/direct/index.m3u8',
    ],
    ['server = "srs"\nplaylist = "/{stream}/x.m3u8"', '/direct/x.m3u8'],
  ])('%s is %s', (text, wanted) => {
    expect(path(text)).toBe(wanted);
  });
});

describe('an ingest that takes SRT', () => {
  const greet = async (answer: (message: Buffer) => Buffer | null): Promise<string[]> => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', (message, { port, address }) => {
      const said = answer(message);
      if (said !== null) socket.send(said, port, address);
    });
    const { port } = socket.address();
    try {
      return await look('mediamtx', () => undefined, `srt_port = ${port}`);
    } finally {
      socket.close();
    }
  };
  it('is good when it answers the first greeting, and a fault when something else answers', async () => {
    // An SRT listener's answer: a handshake again, version 5, with a cookie (draft-sharabayko-srt, 4.3.1.1).
    expect(
      await greet((message) => {
        const copy = Buffer.from(message);
        copy.writeUInt32BE(5, 16);
        copy.writeUInt16BE(0x4a17, 22);
        return copy;
      }),
    ).toEqual([]);
    expect(await greet(() => Buffer.from('DNS'))).toEqual(['critical S14-srt']);
  });
  it('is a fault when its port is closed', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    expect(await look('mediamtx', () => undefined, `srt_port = ${port}`)).toEqual(['critical S14-srt']);
  });
});

describe('cluster plan and what HLS is made of', () => {
  const plan = (question: Parameters<typeof demandsOf>[0]) =>
    planStreaming(demandsOf({ viewers: 1000, ...question }, null).streaming!);
  it('tells how far viewers are behind, and what they ask', () => {
    expect(plan({})).toMatchObject({ format: 'mpegts', delay: { least: 9, most: 12 } });
    expect(plan({}).requestsPerSecond).toBeCloseTo(667, 0);
    expect(plan({ format: 'fmp4' }).delay).toEqual({ least: 9, most: 12 });
    expect(plan({ format: 'low-latency', partSeconds: 0.5 })).toMatchObject({
      delay: { least: 1.5, most: 2 },
      requestsPerSecond: 4000,
    });
    const text = renderPlan({ streaming: plan({ format: 'low-latency' }), jitsi: null, encoding: null }, [], {
      table: false,
    });
    expect(text).toContain('1.5 to 2 s with LL-HLS parts');
  });
});
