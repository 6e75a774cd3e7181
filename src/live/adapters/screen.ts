import { pause } from '../../kit/pause.js';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Screen } from '../backends/media-port.js';
import {
  makeOwnDirectory,
  removeDirectory,
  SCREEN_DIRECTORY,
} from '../../kit/adapters/files/own-directory.js';
import { startChild, type Child } from '../../kit/adapters/process/start-child.js';
import { texts } from '../texts.js';

export interface ScreenSettings {
  readonly size: { readonly width: number; readonly height: number };
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal;
}

const SINK = 'live';

/**
 * A virtual screen (Xvfb, on a display it chooses itself) and a sound server (PulseAudio with one null sink) for
 * one live alone. Both are reached through a directory with an unguessable name; the screen also wants a cookie.
 * @throws OperatorError live-screen-failed, program-missing
 */
export async function startScreen({ size, startTimeoutMs, signal }: ScreenSettings): Promise<Screen> {
  const directory = makeOwnDirectory(os.tmpdir(), SCREEN_DIRECTORY);
  chmodSync(directory, 0o711);
  const cookie = path.join(directory, 'Xauthority');
  const started: Child[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((child) => child.stop()));
    removeDirectory(directory);
  };
  try {
    writeFileSync(cookie, xauthority(randomBytes(16)), { mode: 0o644 });
    const xvfb = await startXvfb(cookie, size, startTimeoutMs, signal, started);
    const pulse = await startPulse(directory, startTimeoutMs, signal, started);
    return {
      display: xvfb.display,
      pulseServer: pulse.server,
      sink: SINK,
      environment: { DISPLAY: xvfb.display, XAUTHORITY: cookie, PULSE_SERVER: pulse.server },
      children: { xvfb: xvfb.child.pid, pulseaudio: pulse.child.pid },
      died: Promise.race([
        xvfb.child.exited.then(({ code, signal: by }) => `Xvfb ended with ${by ?? `status ${code ?? '?'}`}`),
        pulse.child.exited.then(
          ({ code, signal: by }) => `PulseAudio ended with ${by ?? `status ${code ?? '?'}`}`,
        ),
      ]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startXvfb(
  cookie: string,
  { width, height }: ScreenSettings['size'],
  startTimeoutMs: number,
  signal: AbortSignal,
  started: Child[],
): Promise<{ child: Child; display: string }> {
  const seen: { number: string | null } = { number: null };
  const child = await startChild({
    file: 'Xvfb',
    args: ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-auth', cookie],
    stdout: (line) => (seen.number ??= line.trim()),
    diesWithParent: 'at-once',
    killDelayMs: 2000,
    signal,
  });
  started.push(child);
  await ready('Xvfb', child, () => seen.number !== null, startTimeoutMs);
  return { child, display: `:${seen.number ?? '0'}` };
}

async function startPulse(
  directory: string,
  startTimeoutMs: number,
  signal: AbortSignal,
  started: Child[],
): Promise<{ child: Child; server: string }> {
  const socket = path.join(directory, 'pulse.sock');
  // PulseAudio closes its own directory to everybody else; the browser runs as another user.
  const home = path.join(directory, 'pulse');
  mkdirSync(home, { mode: 0o700 });
  const server = `unix:${socket}`;
  const script = path.join(directory, 'pulse.pa');
  writeFileSync(
    script,
    `load-module module-native-protocol-unix socket=${socket} auth-anonymous=1\n` +
      `load-module module-null-sink sink_name=${SINK} rate=44100 channels=2\nset-default-sink ${SINK}\n`,
  );
  const child = await startChild({
    file: 'pulseaudio',
    args: [
      ...['-n', '-F', script, '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no'],
      ...['--disable-shm=yes', '--log-target=stderr', '--log-level=error'],
    ],
    env: {
      HOME: home,
      XDG_RUNTIME_DIR: home,
      PULSE_RUNTIME_PATH: home,
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    },
    diesWithParent: 'at-once',
    killDelayMs: 2000,
    signal,
  });
  started.push(child);
  await ready('PulseAudio', child, () => existsSync(socket), startTimeoutMs);
  return { child, server };
}

async function ready(
  program: string,
  child: Child,
  isReady: () => boolean,
  timeoutMs: number,
): Promise<void> {
  const state = { ended: false };
  void child.exited.then(() => (state.ended = true));
  const deadline = Date.now() + timeoutMs;
  while (!isReady()) {
    if (state.ended || Date.now() > deadline)
      throw texts.liveScreenFailed({
        program,
        detail:
          child.stderrTail.slice(-2).join(' | ') ||
          (state.ended ? 'it ended at once' : 'it is not ready in time'),
      });
    await pause(50);
  }
}

/** One entry for any display: family wild, no address, no number (Xau's file format: big-endian counted strings). */
function xauthority(cookie: Buffer): Buffer {
  const counted = (bytes: Buffer): Buffer => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  const none = Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    counted(none),
    counted(none),
    counted(Buffer.from('MIT-MAGIC-COOKIE-1')),
    counted(cookie),
  ]);
}
