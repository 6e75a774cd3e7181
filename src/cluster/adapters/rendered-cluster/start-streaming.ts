import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Layout, RenderedFile } from '../../render/layout.js';
import { startChild, type Child } from '../../../kit/adapters/process/start-child.js';

export interface StartOptions {
  /** Everything lies below it: one folder per node. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** Told what a program says on stderr. */
  readonly onLine?: (node: string, line: string) => void;
}

export interface NodeRoles {
  readonly balancers: readonly string[];
  readonly ingests: readonly string[];
  readonly broadcasts: readonly string[];
}

/** The layout of a node that runs on this machine, below `directory`. */
export const loopbackLayout = (directory: string, node: string): Layout => ({
  root: path.join(directory, node),
  ownAddress: true,
  systemUsers: false,
  nginxUser: os.userInfo().username,
});

/** A rendered streaming cluster that runs here; `children` by `node` or `node:program`. */
export interface RunningCluster {
  readonly children: Map<string, Child>;
  /** Starts a node's programs again after they were stopped or killed. */
  startNode(name: string): Promise<void>;
  /** Stops a node's programs; SIGKILL for what a power cut does. */
  stopNode(name: string, signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Writes rendered files below their nodes' folders and starts nginx, hls-watch and HAProxy from them. */
export async function startRenderedStreaming(
  files: readonly RenderedFile[],
  roles: NodeRoles,
  options: StartOptions,
): Promise<RunningCluster> {
  for (const file of files) writeNodeFile(options.directory, file);
  const children = new Map<string, Child>();
  const run = async (key: string, file: string, args: readonly string[]): Promise<void> => {
    const [node = key] = key.split(':');
    const child = await startChild({
      file,
      args,
      cwd: path.join(options.directory, node),
      diesWithParent: true,
      killDelayMs: 2000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onStderrLine: (line) => options.onLine?.(node, line),
    });
    children.set(key, child);
  };
  const startNode = async (name: string): Promise<void> => {
    const root = path.join(options.directory, name);
    makeDirectories(root);
    if (roles.balancers.includes(name)) {
      await run(name, '/usr/sbin/haproxy', ['-db', '-f', path.join(root, 'etc/haproxy/haproxy.cfg')]);
      return;
    }
    const log = path.join(root, 'var/log/nginx/error.log');
    const configuration = path.join(root, 'etc/nginx/nginx.conf');
    await run(name, '/usr/sbin/nginx', ['-p', root, '-e', log, '-c', configuration, '-g', 'daemon off;']);
    if (roles.ingests.includes(name))
      await run(`${name}:watch`, '/bin/sh', [path.join(root, 'usr/local/sbin/hls-watch')]);
  };
  const stopNode = async (name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const own = [...children].filter(([key]) => key === name || key.startsWith(`${name}:`));
    await Promise.all(own.map(([, child]) => child.stop(signal)));
    for (const [key] of own) children.delete(key);
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...children.values()].map((child) => child.stop('SIGTERM')));
    children.clear();
  };
  try {
    for (const name of [...roles.ingests, ...roles.broadcasts, ...roles.balancers]) await startNode(name);
  } catch (error) {
    await stop();
    throw error;
  }
  return { children, startNode, stopNode, stop };
}

function writeNodeFile(directory: string, { node, path: relative, text, mode }: RenderedFile): void {
  const file = path.join(directory, node, relative);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
}

/** What Debian's packages and the runbook make on a real machine. */
function makeDirectories(root: string): void {
  for (const directory of ['run/hls', 'run/haproxy', 'var/log/nginx', 'var/lib/nginx', 'var/cache/nginx'])
    mkdirSync(path.join(root, directory), { recursive: true });
}
