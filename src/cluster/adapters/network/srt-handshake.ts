import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';

const HEADER_BYTES = 16;
const PACKET_BYTES = 64;
const CONTROL_HANDSHAKE = 0x8000;
const INDUCTION = 1;

/**
 * Sends the first packet of SRT's handshake and waits for the listener's: it answers induction with a cookie, and forgets
 * it (draft-sharabayko-srt, 4.3.1.1). Nothing is published.
 * @throws AdapterError `refused` when the port is closed, `invalid` when it is not SRT that answers.
 */
export async function greetSrt(
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<true> {
  const socket = createSocket(target.host.includes(':') ? 'udp6' : 'udp4');
  try {
    return await new Promise<true>((resolve, reject) => {
      socket.once('error', reject);
      signal.addEventListener('abort', () => {
        reject(new AdapterError('timeout', 'no answer to an SRT handshake'));
      });
      socket.once('message', (message) => {
        const isHandshake = message.length >= PACKET_BYTES && message.readUInt16BE(0) === CONTROL_HANDSHAKE;
        if (isHandshake) resolve(true);
        else reject(new AdapterError('invalid', 'what answers on this port does not speak SRT'));
      });
      socket.once('connect', () => {
        socket.send(induction());
      });
      socket.connect(target.port, target.host);
    });
  } finally {
    socket.close();
  }
}

function induction(): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet.writeUInt16BE(CONTROL_HANDSHAKE, 0);
  const body = packet.subarray(HEADER_BYTES);
  body.writeUInt32BE(4, 0); // version of the first greeting
  body.writeUInt16BE(2, 6); // extension field: DGRAM
  body.writeUInt32BE(randomInt(0x7fffffff), 8); // initial sequence number
  body.writeUInt32BE(1500, 12); // MTU
  body.writeUInt32BE(8192, 16); // flow window
  body.writeUInt32BE(INDUCTION, 20);
  body.writeUInt32BE(randomInt(1, 0x3fffffff), 24); // socket id
  return packet;
}
