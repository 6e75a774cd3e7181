import net from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AdapterError } from './attempt.js';

/** A byte conversation over one socket: send, and wait until what came makes sense. */
export class Dialogue {
  #received = Buffer.alloc(0);
  #socket: Socket | TLSSocket;
  #closed: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(socket: Socket | TLSSocket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Goes on over another socket (TLS over the first); what was received before is dropped. */
  upgrade(socket: TLSSocket): void {
    this.#socket.removeAllListeners('data');
    this.#received = Buffer.alloc(0);
    this.#socket = socket;
    this.#listen(socket);
  }

  get socket(): Socket | TLSSocket {
    return this.#socket;
  }

  get received(): Buffer {
    return this.#received;
  }

  send(data: Buffer | string): void {
    this.#socket.write(data);
  }

  /** Forgets the first bytes received. */
  drop(bytes: number): void {
    this.#received = this.#received.subarray(bytes);
  }

  /** Waits until `enough` returns something else than null; throws `closed` when the peer hangs up first. */
  async until<T>(enough: (received: Buffer) => T | null): Promise<T> {
    for (;;) {
      const found = enough(this.#received);
      if (found !== null) return found;
      if (this.#closed !== null) throw this.#closed;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket | TLSSocket): void {
    const wake = (): void => {
      this.#wake?.();
      this.#wake = null;
    };
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      wake();
    });
    socket.on('error', (error) => {
      this.#closed ??= error;
      wake();
    });
    socket.on('close', () => {
      this.#closed ??= new AdapterError('closed', 'the peer closed the connection');
      wake();
    });
  }
}

/** Opens a TCP connection; destroyed when the signal aborts. */
export async function connect(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
  signal: AbortSignal,
): Promise<Dialogue> {
  const socket = net.connect(target);
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.removeAllListeners('error');
  return new Dialogue(socket);
}
