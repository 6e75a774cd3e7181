import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A private server of the demo, the tests and the bench: loopback, random port, own directory. */
export interface ThrowAwayServer {
  readonly engine: 'mysql' | 'postgresql';
  readonly host: string;
  readonly port: number;
  /** An administrator's account that may create databases and users. */
  readonly user: string;
  readonly password: string;
  readonly directory: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ThrowAwayOptions {
  /** Default true: every commit reaches the disk, as on a real server. False for tests that measure nothing. */
  readonly durable?: boolean;
}

/** An empty directory under the system's temporary one; given to `owner` when root runs a server that refuses root. */
export function makeServerDirectory(name: string, owner?: { uid: number; gid: number }): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), `bbb2pod-${name}-`));
  mkdirSync(path.join(directory, 'data'), { mode: 0o700 });
  if (owner !== undefined) {
    chownSync(directory, owner.uid, owner.gid);
    chownSync(path.join(directory, 'data'), owner.uid, owner.gid);
  }
  return directory;
}

export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });

/** A port of 127.0.0.1 that nobody listens on just now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
