import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below Linux's ephemeral ports (32768…), which any outgoing connection may take before our server does. */
const [FIRST, LAST] = [15_000, 32_000];
const ATTEMPTS = 200;
/** A loopback address that no program serves: a datagram socket there keeps a number from other processes of ours. */
const RESERVED_AT = '127.77.0.1';

/**
 * TCP ports of 127.0.0.1 that nobody listens on right now, and that no outgoing connection will take. Until this process
 * ends, no other call gives them away, not in another process either: between the question and the server that binds
 * its port, seconds may pass.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt++) {
    if (attempt === ATTEMPTS + count) throw new Error(`no free port between ${FIRST} and ${LAST}`);
    const port = randomInt(FIRST, LAST);
    if (!found.has(port) && (await isFree(port)) && (await reserve(port))) found.add(port);
  }
  return [...found];
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Whether the number was not given away yet; the kernel takes it back when this process ends, however it ends. */
const reserve = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: RESERVED_AT, exclusive: true }, () => resolve(true));
  });
