import { chownSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeOwnDirectory } from '../files/own-directory.js';
import type { Child } from '../process/start-child.js';
import { processTexts } from '../../errors/process.js';

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

const START_TIMEOUT_MS = 30_000;

/** An empty directory under the system's temporary one; given to `owner` when root runs a server that refuses root. */
export function makeServerDirectory(name: string, owner?: { uid: number; gid: number }): string {
  const directory = makeOwnDirectory(os.tmpdir(), `bbb2pod-${name}`);
  mkdirSync(path.join(directory, 'data'), { mode: 0o700 });
  if (owner !== undefined) {
    chownSync(directory, owner.uid, owner.gid);
    chownSync(path.join(directory, 'data'), owner.uid, owner.gid);
  }
  return directory;
}

/**
 * Waits until a login succeeds; a server that does not come to it is stopped.
 * @throws OperatorError program-failed
 */
export async function untilReady(
  server: ThrowAwayServer,
  { exited, stderrTail }: Pick<Child, 'exited' | 'stderrTail'>,
  program: string,
  logIn: (account: Pick<ThrowAwayServer, 'host' | 'port' | 'user' | 'password'>) => Promise<void>,
): Promise<void> {
  const ended = exited.then(() => true);
  const deadline = Date.now() + START_TIMEOUT_MS;
  const { host, port, user, password } = server;
  while (Date.now() < deadline) {
    try {
      await logIn({ host, port, user, password });
      return;
    } catch {
      // Not yet.
      if (await Promise.race([ended, sleep(50, false)])) break;
    }
  }
  await server.stop();
  const detail = stderrTail.slice(-3).join(' | ');
  throw processTexts.programFailed({ program, ending: 'no answer', detail });
}
