import { chownSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BROWSER_DIRECTORY, makeOwnDirectory, removeDirectory } from '../kit/adapters/files/own-directory.js';
import { chromiumArguments, type Reach } from './chromium-arguments.js';
import { isExecutable } from '../kit/adapters/files/is-executable.js';
import { findChromium } from './find-chromium.js';
import { endGroup, killGroup, watchMemory } from './process-group.js';

export interface LaunchOptions {
  /** `recorder.chromium`. */
  readonly executable: string;
  /** `recorder.sandbox`; off only by that explicit setting. */
  readonly sandbox: 'on' | 'off';
  readonly reach: Reach;
  readonly size: { readonly width: number; readonly height: number };
  /** Frames painted on demand; needs chromium-headless-shell and is silently false without it. */
  readonly beginFrame?: boolean;
  /** False shows a window on `environment.DISPLAY`. Default true. */
  readonly headless?: boolean;
  /** A meeting is heard and filmed: the whole browser, never its headless shell, and not muted. Default false. */
  readonly sound?: boolean;
  readonly moreArguments?: readonly string[];
  /** Added to a nearly empty environment: the browser inherits nothing of ours. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the throw-away profile goes; default the system's temporary directory. */
  readonly temporaryDirectory?: string;
  /** Whole browser, all its processes. Default 3 GB. */
  readonly memoryLimitBytes?: number;
  readonly startTimeoutMs?: number;
  /** Longest single answer of the browser. */
  readonly answerTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How long a browser may take to start, and to answer once, where nobody says otherwise. */
export const START_TIMEOUT_MS = 30_000;
export const ANSWER_TIMEOUT_MS = 60_000;

/** A browser that can be started: its command line, and a fresh profile that whoever starts it removes. */
interface PreparedChromium {
  /** The browser's own program, for messages. */
  readonly path: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly profile: string;
  readonly beginFrame: boolean;
}

const SETPRIV = '/usr/bin/setpriv';
const UNPRIVILEGED = 'nobody';

/**
 * A browser for content we do not trust: sandboxed, under an unprivileged user when we are root, with a fresh profile, its
 * own process group that dies with us, and no network but what `reach` says.
 * @throws OperatorError chromium-missing, chromium-snap
 */
export function prepareChromium(options: LaunchOptions): PreparedChromium {
  const wanted = options.beginFrame === true && options.headless !== false;
  const binary = findChromium(options.executable, options.headless !== false && options.sound !== true);
  const beginFrame = wanted && binary.headlessShell;
  const profile = makeProfile(options.temporaryDirectory ?? os.tmpdir());
  const flags = chromiumArguments({
    headlessShell: binary.headlessShell,
    headless: options.headless !== false,
    sandbox: options.sandbox === 'on',
    beginFrame,
    sound: options.sound === true,
    profile: path.join(profile, 'profile'),
    reach: options.reach,
    size: options.size,
    more: options.moreArguments ?? [],
  });
  const [file = binary.path, ...rest] = [...boundToUs(), binary.path, ...flags];
  return {
    path: binary.path,
    file,
    arguments: rest,
    environment: { ...bareEnvironment(profile), ...options.environment },
    profile,
    beginFrame,
  };
}

/**
 * Watches over a browser that runs: its memory, and the signal that ends it.
 * @param gently asks it to end by itself first, where it has something to end
 * @returns ends the whole process group and removes the profile; never throws
 */
export function superviseChromium(
  processGroup: number,
  { profile }: PreparedChromium,
  options: Pick<LaunchOptions, 'memoryLimitBytes' | 'signal'>,
  gently: () => Promise<void> = () => Promise.resolve(),
): () => Promise<void> {
  const memory = watchMemory(processGroup, options.memoryLimitBytes ?? 3e9, () => killGroup(processGroup));
  const end = async (): Promise<void> => {
    await gently().catch(() => undefined);
    await endGroup(processGroup);
    removeDirectory(profile);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= end().finally(() => {
      memory.stop();
      options.signal?.removeEventListener('abort', onAbort);
    });
    return closing;
  };
  const onAbort = (): void => void close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  return close;
}

/** setpriv: the browser dies with us, even after kill -9; as root it becomes `nobody` first. */
function boundToUs(): string[] {
  if (!isExecutable(SETPRIV)) return [];
  const asRoot = process.getuid?.() === 0;
  return [
    SETPRIV,
    ...(asRoot
      ? [
          '--reuid',
          UNPRIVILEGED,
          '--regid',
          String(unprivilegedIds().gid),
          '--clear-groups',
          '--inh-caps=-all',
        ]
      : []),
    '--pdeathsig',
    'KILL',
    '--',
  ];
}

function unprivilegedIds(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${UNPRIVILEGED}:`));
  const [, , uid = '65534', gid = '65534'] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function makeProfile(directory: string): string {
  const profile = makeOwnDirectory(directory, BROWSER_DIRECTORY);
  if (process.getuid?.() === 0) {
    const { uid, gid } = unprivilegedIds();
    chownSync(profile, uid, gid);
  }
  return profile;
}

const bareEnvironment = (home: string): Record<string, string> => ({
  HOME: home,
  TMPDIR: home,
  XDG_CONFIG_HOME: home,
  XDG_CACHE_HOME: home,
  XDG_RUNTIME_DIR: home,
  DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
});

/** What a program or a library says, short. */
export const firstLines = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 4).join(' ').slice(0, 400);
