import { randomBytes } from 'node:crypto';
import type { RtmpConnectFacts } from '../../streaming/facts.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import { connect } from '../../../kit/adapters/network/dialogue.js';

const HANDSHAKE_BYTES = 1536;
const CHUNK_BYTES = 128;

/**
 * Shakes hands and connects to an application, then leaves: nothing is published or played.
 * nginx-rtmp closes the connection of an unknown application, without a word.
 */
export async function connectRtmp(
  target: {
    readonly host: string;
    readonly port: number;
    readonly application: string;
    readonly tcUrl?: string;
  },
  signal: AbortSignal,
): Promise<RtmpConnectFacts> {
  const dialogue = await connect({ host: target.host, port: target.port }, signal);
  try {
    dialogue.send(Buffer.concat([Buffer.from([3]), Buffer.alloc(8), randomBytes(HANDSHAKE_BYTES - 8)]));
    const first = await dialogue.until((received) => (received.length >= 1 ? received[0] : null));
    if (first !== 3) throw new AdapterError('invalid', `this port does not speak RTMP (first byte ${first})`);
    const peer = await dialogue.until((received) =>
      received.length >= 1 + 2 * HANDSHAKE_BYTES ? received.subarray(1, 1 + HANDSHAKE_BYTES) : null,
    );
    dialogue.send(Buffer.from(peer));
    dialogue.drop(1 + 2 * HANDSHAKE_BYTES);
    dialogue.send(connectMessage(target));
    return await awaitResult(dialogue);
  } finally {
    dialogue.close();
  }
}

async function awaitResult(dialogue: Awaited<ReturnType<typeof connect>>): Promise<RtmpConnectFacts> {
  try {
    const code = await dialogue.until(
      (received) => /NetConnection\.Connect\.\w+/.exec(received.toString('latin1'))?.[0] ?? null,
    );
    return { accepted: code.endsWith('.Success'), code };
  } catch (error) {
    if (error instanceof AdapterError && error.fault === 'closed') return { accepted: false, code: 'closed' };
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET')
      return { accepted: false, code: 'closed' };
    throw error;
  }
}

/** An AMF0 `connect` command in chunks of 128 bytes on chunk stream 3 (RTMP specification, 5.3.1 and 7.2.1.1). */
function connectMessage(target: { host: string; port: number; application: string; tcUrl?: string }): Buffer {
  const body = Buffer.concat([
    amfString('connect'),
    amfNumber(1),
    Buffer.from([3]),
    amfProperty('app', target.application),
    amfProperty('flashVer', 'FMLE/3.0 (compatible; bbb2pod)'),
    amfProperty('tcUrl', target.tcUrl ?? `rtmp://${target.host}:${target.port}/${target.application}`),
    Buffer.from([0, 0, 9]),
  ]);
  const header = Buffer.alloc(12);
  header[0] = 3;
  header.writeUIntBE(body.length, 4, 3);
  header[7] = 20;
  const chunks = [header];
  for (let at = 0; at < body.length; at += CHUNK_BYTES) {
    if (at > 0) chunks.push(Buffer.from([0xc3]));
    chunks.push(body.subarray(at, at + CHUNK_BYTES));
  }
  return Buffer.concat(chunks);
}

function amfString(text: string): Buffer {
  return Buffer.concat([Buffer.from([2]), shortString(text)]);
}

function amfNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

const amfProperty = (name: string, value: string): Buffer =>
  Buffer.concat([shortString(name), amfString(value)]);

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
