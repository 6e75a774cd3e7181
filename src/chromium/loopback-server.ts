import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server for our own browsers. */
export interface LoopbackServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of 127.0.0.1. @param cut ends what still goes on when the server closes */
export async function listenOnLoopback(
  server: Server,
  cut: () => void = () => server.closeAllConnections(),
): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
