import { chownSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'puppeteer';
import { BROWSER_DIRECTORY, makeOwnDirectory, removeDirectory } from '../kit/adapters/files/own-directory.js';
import { chromiumArguments, type Reach } from './chromium-arguments.js';
import { isExecutable } from '../kit/adapters/files/is-executable.js';
import { findChromium } from './find-chromium.js';
import { endGroup, killGroup, watchMemory } from './process-group.js';
import { texts } from './texts.js';

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

export interface LaunchedChromium {
  readonly browser: Browser;
  readonly beginFrame: boolean;
  /** Process group of the browser and all its children. */
  readonly processGroup: number;
  /** Ends the whole process group and removes the profile. Never throws. */
  close(): Promise<void>;
}

const SETPRIV = '/usr/bin/setpriv';
const UNPRIVILEGED = 'nobody';

/**
 * Starts a browser for content we do not trust: sandboxed, under an unprivileged user when we are root, with a
 * fresh profile, its own process group that dies with us, and no network but what `reach` says.
 * @throws OperatorError chromium-missing, chromium-snap, chromium-start
 */
export async function launchChromium(options: LaunchOptions): Promise<LaunchedChromium> {
  options.signal?.throwIfAborted();
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
  const line = [...boundToUs(), binary.path, ...flags];
  const { default: puppeteer } = await import('puppeteer');
  let browser: Browser;
  try {
    browser = await puppeteer.launch({
      executablePath: line[0] ?? binary.path,
      args: line.slice(1),
      ignoreDefaultArgs: true,
      pipe: true,
      defaultViewport: null,
      env: { ...bareEnvironment(profile), ...options.environment },
      timeout: options.startTimeoutMs ?? 30_000,
      protocolTimeout: options.answerTimeoutMs ?? 60_000,
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      waitForInitialPage: false,
      dumpio: false,
    });
  } catch (error) {
    removeDirectory(profile);
    throw texts.chromiumStart({ path: binary.path, detail: firstLines(error) }, { cause: error });
  }
  const processGroup = browser.process()?.pid ?? 0;
  const memory = watchMemory(processGroup, options.memoryLimitBytes ?? 3e9, () => killGroup(processGroup));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= end(browser, processGroup, profile).finally(() => {
      memory.stop();
      options.signal?.removeEventListener('abort', onAbort);
    });
    return closing;
  };
  const onAbort = (): void => void close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) {
    await close();
    options.signal.throwIfAborted();
  }
  return { browser, beginFrame, processGroup, close };
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

async function end(browser: Browser, processGroup: number, profile: string): Promise<void> {
  const gentle = browser.close().catch(() => undefined);
  await Promise.race([gentle, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  await endGroup(processGroup);
  removeDirectory(profile);
}

const firstLines = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 4).join(' ').slice(0, 400);
