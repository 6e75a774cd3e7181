import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/kit/config/secret.js';
import {
  answerGateway,
  meetingOf,
  RateLimit,
  type GatewayOrder,
  type GatewayRequest,
} from '../../src/live/gateway.js';
import { mergeOrders, type KeptOrder } from '../../src/live/kept-orders.js';
import type { WantedLive } from '../../src/live/live.js';

const ask = (more: Partial<GatewayRequest> & { query?: ReadonlyMap<string, string> }, known = true) => {
  const orders: GatewayOrder[] = [];
  const request = {
    method: 'GET',
    path: '/start',
    query: new Map(),
    authorization: 'Bearer good',
    body: '',
    address: 'a',
    ...more,
  };
  const reply = answerGateway(request, new Secret('good'), (order) => {
    orders.push(order);
    return known;
  });
  return { ...reply, orders };
};
const startQuery = new Map([
  ['room', 'abcdef0123'],
  ['domain', 'pod.univ.fr/meeting/0042-chimie/abcdef'],
  ['rtmpDst', 'rtmp://live.univ.fr/live/x'],
]);

describe('the gateway that Pod calls', () => {
  it('starts, in the words of every version of Pod', () => {
    expect(ask({ query: startQuery })).toEqual({
      status: 200,
      body: { status: 'success', res: 'ok' },
      orders: [
        {
          kind: 'start',
          room: 'abcdef0123',
          meetingId: '0042-chimie',
          rtmpUrl: 'rtmp://live.univ.fr/live/x',
        },
      ],
    });
  });

  it('says no in the words of every version: res with Warning, status error', () => {
    const { status, body } = ask({ path: '/stop', query: new Map([['room', 'abcdef0123']]) }, false);
    expect([status, body['status']]).toEqual([404, 'error']);
    expect(body['res']).toContain('Warning');
  });

  it('wants the token for everything but POST /chat', () => {
    for (const authorization of [null, 'Bearer bad', 'Bearer good ', 'Token good', 'Bearer '])
      expect(ask({ query: startQuery, authorization }).status).toBe(401);
    expect(
      ask({ method: 'POST', path: '/chat', authorization: null, body: '{"room":"abcdef0123","msg":"hi"}' })
        .orders,
    ).toEqual([{ kind: 'say', room: 'abcdef0123', text: 'hi' }]);
  });

  it('refuses malformed rooms, meetings, targets, bodies and methods without an order', () => {
    const bad = [
      { query: new Map([...startQuery, ['room', '../../etc']]) },
      { query: new Map([...startQuery, ['domain', 'pod.univ.fr/video/1']]) },
      { query: new Map([...startQuery, ['rtmpDst', 'file:///etc/passwd']]) },
      { method: 'POST', path: '/chat', body: '{' },
      { method: 'POST', path: '/chat', body: 'null' },
      { method: 'POST', path: '/chat', body: '{"room":1,"msg":"x"}' },
      { method: 'DELETE', path: '/stop' },
      { path: '/admin' },
    ];
    for (const request of bad) {
      const { status, orders } = ask(request);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(orders).toEqual([]);
    }
  });

  it('finds the meeting in the join address, dots and dashes included', () => {
    expect(meetingOf('https://pod.univ.fr/meeting/0042-a.b_c/ff/')).toBe('0042-a.b_c');
    expect(meetingOf('pod.univ.fr/x')).toBeNull();
  });

  it('limits requests a minute for each address', () => {
    const limit = new RateLimit(2);
    expect([limit.allows('a', 0), limit.allows('a', 0), limit.allows('a', 0), limit.allows('b', 0)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(limit.allows('a', 30_000)).toBe(true);
  });
});

describe('orders of the gateway', () => {
  const row = {
    id: 'webinar-7',
    origin: 'webinar',
    meetingId: '0042-chimie',
    desire: 'run',
    rtmpUrl: null,
  } as WantedLive;
  const order: KeptOrder = {
    room: 'abcdef0123',
    meetingId: '0042-chimie',
    rtmpUrl: 'rtmp://h/live/x',
    desire: 'run',
    at: 0,
  };

  it("belong to Pod's row of the same meeting", () => {
    expect(mergeOrders([row], [order], 0)).toEqual([{ ...row, rtmpUrl: 'rtmp://h/live/x' }]);
  });

  it('stop it at once, until Pod had time to say so itself', () => {
    const stop = { ...order, desire: 'stop' as const };
    expect(mergeOrders([row], [stop], 1000)[0]?.desire).toBe('stop');
    expect(mergeOrders([row], [stop], 200_000)[0]?.desire).toBe('run');
  });

  it('are lives of their own without a row', () => {
    expect(mergeOrders([], [order], 0)).toMatchObject([
      { id: 'gateway-abcdef0123', origin: 'gateway', desire: 'run' },
    ]);
  });
});
