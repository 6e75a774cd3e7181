import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `refuse` hangs up on newcomers, `cut` on everybody, `hang` holds every byte back, `slow` each for a while. */
export type FaultMode = 'through' | 'refuse' | 'cut' | 'hang' | 'slow';

export interface FaultProxy {
  readonly port: number;
  set(mode: FaultMode): void;
  close(): Promise<void>;
}

/**
 * A TCP proxy of our own before any system: it is taken away and given back at will.
 * @param onRequest told the number of each piece that a client sends, before it passes
 */
export async function startFaultProxy(
  target: { host: string; port: number },
  onRequest: (count: number) => void = () => undefined,
): Promise<FaultProxy> {
  let requests = 0;
  let mode: FaultMode = 'through';
  const pairs = new Set<readonly [Socket, Socket]>();
  const waiting: (() => void)[] = [];
  const pass = (from: Socket, to: Socket): void => {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.on('data', (chunk: Buffer) => {
      const send = (): void => {
        if (!to.destroyed) to.write(chunk);
      };
      if (mode === 'hang') waiting.push(send);
      else if (mode === 'slow') setTimeout(send, 20);
      else send();
    });
  };
  const server = createServer((client) => {
    if (mode === 'refuse' || mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on('data', () => onRequest(++requests));
    client.once('close', () => pairs.delete(pair));
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      mode = next;
      if (next === 'cut') cutAll();
      if (next !== 'hang') waiting.splice(0).forEach((send) => send());
    },
    close: () =>
      new Promise<void>((resolve) => {
        cutAll();
        server.close(() => resolve());
      }),
  };
}
