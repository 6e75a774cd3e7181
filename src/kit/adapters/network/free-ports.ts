import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below Linux's ephemeral ports (32768…), which any outgoing connection may take before our server does. */
const [FIRST, LAST] = [15_000, 32_000];
const ATTEMPTS = 200;

/** TCP ports of 127.0.0.1 that nobody listens on right now, and that no outgoing connection will take. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt++) {
    if (attempt === ATTEMPTS + count) throw new Error(`no free port between ${FIRST} and ${LAST}`);
    const port = randomInt(FIRST, LAST);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
