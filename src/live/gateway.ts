import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../kit/config/secret.js';
import { asRecord } from '../kit/record.js';

/** A request of Pod's webinars, as the listener read it. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** The Authorization header. */
  readonly authorization: string | null;
  /** The body, for POST. */
  readonly body: string;
  readonly address: string;
}

export interface GatewayReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type GatewayOrder =
  | { readonly kind: 'start'; readonly room: string; readonly meetingId: string; readonly rtmpUrl: string }
  | { readonly kind: 'stop'; readonly room: string }
  | { readonly kind: 'say'; readonly room: string; readonly text: string }
  | { readonly kind: 'toggle'; readonly room: string };

/** True when the order was taken; false: no such room. */
export type TakeOrder = (order: GatewayOrder) => boolean;

/** Both shapes in one: Pod 3.6 to 3.8.1 reads `res`, 3.8.2 and later `status`. */
const done: GatewayReply = { status: 200, body: { status: 'success', res: 'ok' } };
const refused = (status: number, details: string): GatewayReply => ({
  status,
  body: { status: 'error', res: `Warning: ${details}`, details },
});

const ROOM = /^[0-9A-Za-z_-]{4,64}$/;

/**
 * Answers like the SIPMediaGW that Pod's webinars expect (meeting/webinar.py 3.6.0 to 4.1.0): GET /start, GET /stop, GET
 * and POST /chat.
 * The token is compared in constant time. POST /chat comes without one (Pod sends none): there the room, which
 * only Pod knows, must be on air.
 */
export function answerGateway(request: GatewayRequest, token: Secret, take: TakeOrder): GatewayReply {
  const { method, path, query } = request;
  const isOpenCall = method === 'POST' && path === '/chat';
  if (!['/start', '/stop', '/chat'].includes(path)) return refused(404, 'no such call');
  if (method !== 'GET' && !isOpenCall) return refused(405, 'method not allowed');
  if (!isOpenCall && !isAuthorised(request.authorization, token)) return refused(401, 'wrong token');
  if (isOpenCall) return postChat(request.body, take);
  const room = query.get('room') ?? '';
  if (!ROOM.test(room)) return refused(400, 'room is missing or malformed');
  if (path === '/start') return start(room, query, take);
  if (path === '/stop') return take({ kind: 'stop', room }) ? done : refused(404, 'no such room');
  return take({ kind: 'toggle', room }) ? done : refused(404, 'no such room');
}

function start(room: string, query: ReadonlyMap<string, string>, take: TakeOrder): GatewayReply {
  const meetingId = meetingOf(query.get('domain') ?? '');
  const rtmpUrl = query.get('rtmpDst') ?? '';
  if (meetingId === null) return refused(400, 'domain does not name a meeting of Pod');
  if (!/^rtmps?:\/\/[^\s]{3,500}$/.test(rtmpUrl)) return refused(400, 'rtmpDst is not an RTMP address');
  return take({ kind: 'start', room, meetingId, rtmpUrl }) ? done : refused(503, 'not taken');
}

function postChat(body: string, take: TakeOrder): GatewayReply {
  let values: unknown;
  try {
    values = JSON.parse(body);
  } catch {
    return refused(400, 'not JSON');
  }
  const { room, msg } = asRecord(values);
  if (typeof room !== 'string' || !ROOM.test(room) || typeof msg !== 'string')
    return refused(400, 'room or msg is missing');
  return take({ kind: 'say', room, text: msg.slice(0, 2000) }) ? done : refused(404, 'no such room');
}

/** `pod.univ.fr/meeting/0042-chimie/3f…` names meeting `0042-chimie`, BBB's meetingID. */
export function meetingOf(domain: string): string | null {
  const found = /(?:^|\/)meeting\/([\w.-]{1,200})(?:\/|$)/.exec(domain);
  return found?.[1] ?? null;
}

/** Digests of equal length are compared: neither the token's length nor its first wrong letter takes less time. */
function isAuthorised(header: string | null, token: Secret): boolean {
  const given = /^Bearer (.{1,500})$/.exec(header ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token.reveal()));
}

/** So many requests a minute for each address, refilled evenly; at most a thousand addresses are remembered. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  allows(address: string, now: number): boolean {
    const known = this.#left.get(address) ?? { tokens: this.#perMinute, at: now };
    const tokens = Math.min(this.#perMinute, known.tokens + ((now - known.at) / 60_000) * this.#perMinute);
    this.#left.delete(address);
    this.#left.set(address, { tokens: Math.max(0, tokens - 1), at: now });
    const [oldest] = this.#left.keys();
    if (this.#left.size > 1000 && oldest !== undefined) this.#left.delete(oldest);
    return tokens >= 1;
  }
}
