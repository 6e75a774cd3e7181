import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import type { AskRedis, AskVersion } from './ports.js';

const ENCODERS = ['libx264', 'aac'];
/** From a slow disk, on a busy machine. */
const CHROMIUM_LIMIT_MS = 60_000;
/** Databases that Pod's own settings use for its cache, sessions and workers. */
const PODS_DATABASES = { first: 2, last: 7 };

/** Name and number, without who built it and whose rights it is. */
const shortVersion = (line: string): string => line.replace(/ (?:Copyright|built on) .*$/, '').slice(0, 60);

/** A program that must be there and start; its first line is its version. */
export function programCheck(
  subject: string,
  program: string,
  ask: AskVersion,
  parameters: readonly string[],
): Check {
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const version = await ask(program, parameters, signal);
      return checkResult('doctor-program', subject, { version: shortVersion(version) });
    },
  };
}

/** A browser that says its version may still not start: no sandbox, a missing library, no room in /dev/shm. */
export function chromiumCheck(
  program: string,
  {
    askVersion,
    startChromium,
  }: {
    readonly askVersion: AskVersion;
    readonly startChromium: (signal: AbortSignal) => Promise<void>;
  },
): Check {
  const subject = 'recorder.chromium';
  return {
    name: subject,
    subject,
    timeoutMs: CHROMIUM_LIMIT_MS,
    run: async (signal) => {
      const version = await askVersion(program, ['--version'], signal);
      await startChromium(signal);
      return checkResult('doctor-chromium', subject, { version: shortVersion(version) });
    },
  };
}

/** ffmpeg, with the two encoders that MP4 for Pod needs; two seconds of a known film say whether it draws as it should. */
export function ffmpegCheck(
  program: string,
  ask: AskVersion,
  listEncoders: (program: string, signal: AbortSignal) => Promise<string>,
  rehearse: (program: string, signal: AbortSignal) => Promise<readonly string[]>,
): Check {
  const subject = 'recorder.ffmpeg';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const version = await ask(program, ['-hide_banner', '-version'], signal);
      const list = await listEncoders(program, signal);
      const missing = ENCODERS.filter((encoder) => !new RegExp(`\\s${encoder}\\s`).test(list));
      if (missing.length > 0)
        return checkResult('doctor-encoder-missing', subject, { program, encoders: missing.join(', ') });
      const [wrong] = await rehearse(program, signal);
      return wrong === undefined
        ? checkResult('doctor-program', subject, { version: shortVersion(version) })
        : checkResult('doctor-ffmpeg-draws', subject, { version: shortVersion(version), detail: wrong });
    },
  };
}

/** The Redis behind `[recorder] queue`. */
export function queueCheck(ask: AskRedis): Check {
  const subject = 'recorder.queue';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const { version, maxmemoryPolicy, persistent, database, openAt } = await ask(signal);
      const results: CheckResult[] = [];
      if (openAt !== null) results.push(checkResult('doctor-queue-open', subject, { address: openAt }));
      if (maxmemoryPolicy !== 'noeviction')
        results.push(checkResult('doctor-queue-evicts', subject, { policy: maxmemoryPolicy }));
      if (!persistent) results.push(checkResult('doctor-queue-volatile', subject));
      if (database >= PODS_DATABASES.first && database <= PODS_DATABASES.last)
        results.push(checkResult('doctor-queue-database', subject, { database }));
      return results.length > 0 ? results : checkResult('doctor-queue', subject, { version });
    },
  };
}

/** What the manager of esup-runner answers this machine, token given. */
export interface ManagerFindings {
  readonly url: string;
  readonly version: string;
  readonly taskType: string;
  /** Http without TLS to another machine: the token goes in clear. */
  readonly inClear: boolean;
  readonly runners: readonly {
    readonly id: string;
    readonly url: string;
    readonly online: boolean;
    /** Null: not reachable from here. */
    readonly serves: boolean | null;
    /** Of its disk; null when it does not say. */
    readonly usedPercent: number | null;
    /** Its address leads to itself, whatever machine the manager is on. */
    readonly loopback: boolean;
  }[];
}

export type AskManager = (signal: AbortSignal) => Promise<ManagerFindings>;

/** The marks of esup-runner's own dashboard (runner/app/core/disk_usage.py). */
const FULL_PERCENT = 90;

export function managerCheck(ask: AskManager): Check {
  const subject = 'recorder.manager';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const { url, version, taskType: type, inClear, runners } = await ask(signal);
      const results: CheckResult[] = [];
      if (inClear) results.push(checkResult('doctor-manager-clear', subject, { url }));
      if (!/^1\./.test(version)) results.push(checkResult('doctor-manager-version', subject, { version }));
      const online = runners.filter((runner) => runner.online);
      const serving = online.filter(({ serves }) => serves === true).length;
      const unseen = online.filter(({ serves }) => serves === null).length;
      if (serving + unseen === 0) results.push(checkResult('doctor-manager-no-worker', subject, { type }));
      for (const { id, online: isOn } of runners)
        if (!isOn) results.push(checkResult('doctor-runner-silent', subject, { id }));
      for (const { id, usedPercent } of online)
        if (usedPercent !== null && usedPercent >= FULL_PERCENT)
          results.push(checkResult('doctor-runner-full', subject, { id, percent: usedPercent }));
      for (const { id, url: at, loopback } of online)
        if (loopback) results.push(checkResult('doctor-runner-loopback', subject, { id, url: at }));
      return results.length > 0
        ? results
        : checkResult('doctor-manager', subject, { version, serving, unseen });
    },
  };
}
