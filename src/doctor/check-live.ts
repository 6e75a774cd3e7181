import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import { ownDirectoryCheck, podDirectoryCheck, podUserCheck, type Looking } from './check-directories.js';
import { programCheck } from './check-programs.js';
import type { DoctorSettings, LiveSettings } from './doctor-ports.js';
import type { DoctorPorts } from './doctor-ports.js';

/** A recording of one hour at 3 Mbit/s, with its copy while it is joined. */
const BYTES_PER_LIVE = 3_000_000_000;

/** The test stream plays for seconds, and waits for a segment and a slow server. */
const STREAM_LIMIT_MS = 45_000;

const STREAM_CODES = {
  unreachable: 'doctor-live-rtmp-unreachable',
  refused: 'doctor-live-rtmp-refused',
  'not-played': 'doctor-live-not-played',
} as const;

/** Xvfb and PulseAudio at their first start, from a slow disk. */
const SCREEN_LIMIT_MS = 45_000;

/** Everything a live needs beside BigBlueButton: RTMP and HLS, Pod's REST, shared directories, Redis, programs. */
export function liveChecks(
  live: LiveSettings,
  pod: Pick<DoctorSettings['pod'], 'fileOwner' | 'fileMode'>,
  recorder: Pick<DoctorSettings['recorder'], 'ffmpeg'>,
  ports: DoctorPorts & Looking,
): Check[] {
  return [
    ...(live.hasRtmpUrl ? [streamCheck(live, ports)] : []),
    ...(live.hasPodToken ? [podCheck(live, ports)] : []),
    ...(live.hasRedis ? [redisCheck(ports)] : []),
    ownDirectoryCheck('live.work_dir', live.workDirectory, ports, {
      bytes: BYTES_PER_LIVE,
      jobs: 1,
    }),
    ...shared('live.recordings_path', live.recordingsPath, pod, ports),
    ...shared('live.webinar_recordings_path', live.webinarRecordingsPath, pod, ports),
    ...(live.claimsPath === null ? [] : [ownDirectoryCheck('live.claims_path', live.claimsPath, ports)]),
    ...programs(live, recorder.ffmpeg, ports),
  ];
}

function streamCheck({ hlsUrl }: LiveSettings, { tryStream }: DoctorPorts): Check {
  const subject = 'live.rtmp_url';
  return {
    name: subject,
    subject,
    timeoutMs: STREAM_LIMIT_MS,
    run: async (signal) => {
      const { outcome, target, hls, detail } = await tryStream(signal);
      if (outcome !== 'played')
        return checkResult(STREAM_CODES[outcome], subject, { target, hls: hls ?? '', detail });
      return hlsUrl === null
        ? checkResult('doctor-live-hls-unset', subject, { target })
        : checkResult('doctor-live-stream', subject, { target, hls: hls ?? '' });
    },
  };
}

function podCheck({ buildingId }: LiveSettings, { askLivePod }: DoctorPorts): Check {
  const subject = 'live.pod';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const seen = await askLivePod(buildingId, signal);
      if (seen.refused !== null)
        return checkResult(seen.refused === 401 ? 'doctor-live-pod-token' : 'doctor-live-pod-staff', subject);
      const results: CheckResult[] = [
        checkResult('doctor-live-pod', subject, { generations: seen.generations.join(', ') }),
      ];
      // Broadcasters are created for the bbb app alone: webinars bring their own.
      if (seen.generations.includes('bbb'))
        results.push(
          seen.building === null
            ? checkResult('doctor-live-building-missing', 'live.building_id', { id: buildingId })
            : checkResult('doctor-live-building', 'live.building_id', {
                id: buildingId,
                name: seen.building,
              }),
        );
      return results;
    },
  };
}

function redisCheck({ askLiveRedis }: DoctorPorts): Check {
  const subject = 'live.redis';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const { host, port, failure } = await askLiveRedis(signal);
      if (failure !== null)
        return failure.kind === 'password'
          ? checkResult('doctor-live-redis-password', subject, { host, port })
          : checkResult('doctor-live-redis-unreachable', subject, { host, port, detail: failure.detail });
      return /^(127\.|::1$|localhost$)/.test(host)
        ? checkResult('doctor-live-redis-loopback', subject, { host, port })
        : checkResult('doctor-live-redis', subject, { host, port });
    },
  };
}

/** A directory that Pod's job empties: there, writable, and its files usable by Pod's own user. */
function shared(
  subject: string,
  directory: string | null,
  { fileOwner, fileMode }: Pick<DoctorSettings['pod'], 'fileOwner' | 'fileMode'>,
  ports: DoctorPorts & Looking,
): Check[] {
  if (directory === null) return [];
  const { inspectDirectory: inspect, tryAsUser } = ports;
  return [
    podDirectoryCheck(subject, directory, fileOwner ?? 'pod:www-data', ports),
    podUserCheck({
      subject: `${subject}.user`,
      directory,
      fileOwner,
      fileMode,
      needs: [subject],
      inspect,
      tryAsUser,
    }),
  ];
}

function programs({ backend }: LiveSettings, ffmpeg: string, ports: DoctorPorts): Check[] {
  const { askVersion } = ports;
  if (backend === 'container') return [engineCheck(ports)];
  // util-linux: what a live starts dies with its keeper.
  const common = [programCheck('live.setpriv', 'setpriv', askVersion, ['--version'])];
  if (backend === 'tab') return common;
  return [...common, screenCheck(ports), devicesCheck(ffmpeg, ports)];
}

/** Xvfb tells no version: it is started, with its sound server, and stopped. */
function screenCheck({ tryScreen }: DoctorPorts): Check {
  const subject = 'live.screen';
  return {
    name: subject,
    subject,
    timeoutMs: SCREEN_LIMIT_MS,
    run: async (signal) => {
      await tryScreen(signal);
      return checkResult('doctor-live-screen', subject);
    },
  };
}

function devicesCheck(program: string, { listDevices }: DoctorPorts): Check {
  const subject = 'live.ffmpeg';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const list = await listDevices(program, signal);
      const missing = ['x11grab', 'pulse'].filter((device) => !new RegExp(`\\s${device}\\s`).test(list));
      return missing.length === 0
        ? checkResult('doctor-program', subject, { version: `${program} reads x11grab, pulse` })
        : checkResult('doctor-live-devices', subject, { program, devices: missing.join(', ') });
    },
  };
}

function engineCheck({ askEngine }: DoctorPorts): Check {
  const subject = 'live.container';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const { version, failure } = await askEngine(signal);
      return failure === null
        ? checkResult('doctor-program', subject, { version })
        : checkResult('doctor-live-engine', subject, { detail: failure });
    },
  };
}

/** The mail server of reports and incidents: greeted, logged in to, nothing sent. */
export function mailCheck({ probeMail }: DoctorPorts): Check {
  const subject = 'mail.smtp';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const { server, failure } = await probeMail(signal);
      return failure === null
        ? checkResult('doctor-mail', subject, { server })
        : checkResult('doctor-mail-refused', subject, { server, detail: failure });
    },
  };
}
