import { resolvedPath } from '../../kit/adapters/files/path-status.js';
import path from 'node:path';
import { runChecks } from '../../kit/checks/run-checks.js';
import type { CheckResult } from '../../kit/checks/check-result.js';
import type { BrokerState } from '../../cluster/pod/facts.js';
import type { BrokerAddress } from '../../kit/adapters/redis/broker-url.js';
import { asOperatorError, messageOf } from '../../kit/errors/operator-error.js';
import { redactTree } from '../../kit/config/redact.js';
import { packageRoot } from '../../kit/adapters/files/package-files.js';
import { isNationalUrl } from '../../bbb/playback-url.js';
import { claimOwnership } from '../migrate/claims.js';
import { isMoodleConfigured, moodleSections } from '../sites/moodle-sites.js';
import { otherSitesOf } from '../sites/other-sites.js';
import { hasDatabase, sqlOf } from '../sites/sql.js';
import { workBytes } from '../../recorder/plan-job.js';
import { planDoctor } from '../../doctor/plan-doctor.js';
import type { DoctorPorts, DoctorSettings, WorkPlace } from '../../doctor/doctor-ports.js';
import type { Context } from '../kit/context.js';
import { configuredGreenlights } from '../sites/greenlights.js';
import { resolveHost } from '../../kit/adapters/network/resolve-host.js';
import { bbbHttpSettings } from '../sites/bbb-http.js';
import { conversionDefaults } from '../recorder/open.js';
import { machinePorts, ownAccount, secretFiles, unitAccount } from './machine.js';
import { doctorLivePorts, doctorLiveSettings } from './live.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { nearest } from '../../kit/config/nearest.js';
import { texts as doctorTexts } from '../../doctor/texts.js';
import { doctorQueueTexts } from '../../doctor/texts-queue.js';

/**
 * Looks at everything that the configuration names.
 * @param only subjects that begin with one of these; all when empty
 * @throws OperatorError usage-invalid where one of these names nothing: a mistyped name must not look like health
 */
export async function examine(context: Context, only: readonly string[]): Promise<CheckResult[]> {
  const checks = planDoctor(await doctorSettings(context), await openPorts(context));
  const isOf = (name: string, subject: string): boolean => subject === name || subject.startsWith(`${name}.`);
  const subjects = [...new Set(checks.map(({ subject }) => subject))];
  const unknown = only.filter((name) => !subjects.some((subject) => isOf(name, subject)));
  const [first] = unknown;
  // A section of the configuration may have nothing to check beside others that have.
  if (
    first !== undefined &&
    (unknown.length === only.length || unknown.some((name) => !(name in context.configuration)))
  ) {
    const close = nearest(first, subjects);
    const all = subjects.join(', ');
    throw configurationTexts.usageInvalid({
      detail:
        close === null
          ? `--only ${first}: nothing of that name is configured here. There are: ${all}.`
          : `--only ${first}: nothing of that name is configured here (did you mean ${close}?). There are: ${all}.`,
    });
  }
  const chosen = checks.filter(
    ({ subject }) => only.length === 0 || only.some((name) => isOf(name, subject)),
  );
  return runChecks(chosen, { signal: context.signal, timeoutMs: 30_000 });
}

/** Every value that was set, where it came from, secrets hidden. */
export function listOrigins(context: Context): { key: string; value: string; origin: string }[] {
  const { configuration, origins } = context.loaded;
  return [...origins]
    .map(([key, origin]) => ({ key, value: shownValue(configuration, key), origin }))
    .filter(({ value }) => value !== '')
    .sort((a, b) => a.key.localeCompare(b.key));
}

function shownValue(configuration: object, key: string): string {
  // Names of sections may hold dots themselves: the longest known prefix wins at each step.
  let node: unknown = redactTree(configuration);
  const parts = key.split('.');
  while (parts.length > 0) {
    if (typeof node !== 'object' || node === null) return '';
    const tree = node as Record<string, unknown>;
    const length = parts.findIndex((_, i) => parts.slice(0, i + 1).join('.') in tree) + 1;
    if (length === 0) return '';
    node = tree[parts.splice(0, length).join('.')];
  }
  return typeof node === 'string' ? node : JSON.stringify(node);
}

async function doctorSettings(context: Context): Promise<DoctorSettings> {
  const { configuration, file, origins } = context.loaded;
  const { bbb, pod, recorder, mail, migrate } = configuration;
  return {
    config: { file, valuesSet: origins.size },
    account: ownAccount(),
    unitAccount: unitAccount(),
    secretFiles: secretFiles(context),
    stateDirectory: context.stateDirectory,
    logDirectory: configuration.log.directory ?? null,
    bbb: Object.entries(bbb).map(([name, server]) => ({
      name,
      hasUrl: server.url !== undefined,
      hasSecret: server.secret !== undefined,
      timeoutSeconds: server.timeout,
    })),
    pod: {
      url: pod.url ?? null,
      hasDatabase: hasDatabase(pod),
      siteId: pod.site_id,
      adminId: pod.admin_id,
      adminNeeded: migrate.unresolved === 'admin',
      createsUsers: migrate.create_users,
      otherSites: otherSitesOf(context),
      recorderId: pod.recorder_id,
      recorderPath: pod.recorder_path ?? null,
      fileOwner: pod.file_owner ?? null,
      fileMode: pod.file_mode === undefined ? null : parseInt(pod.file_mode, 8),
      settingsFile: pod.settings_file ?? null,
      establishment: pod.establishment,
      version: pod.version ?? null,
      bbbHosts: Object.values(bbb).flatMap(({ url }) => (url === undefined ? [] : [new URL(url).hostname])),
    },
    ownersFile: migrate.owners_file ?? null,
    nationalUrls: Object.values(bbb).flatMap(({ url }) =>
      url !== undefined && isNationalUrl(url) ? [url] : [],
    ),
    plugScript: path.join(packageRoot(), 'bin/bbb-recorder/export.js'),
    moodles: isMoodleConfigured(context) ? moodleSections(context).map(([name]) => name) : [],
    greenlights: configuredGreenlights(context).map(([name]) => name),
    recorder: {
      isWanted:
        pod.recorder_path !== undefined || [...origins.keys()].some((key) => key.startsWith('recorder.')),
      chromium: recorder.chromium,
      ffmpeg: recorder.ffmpeg,
      ffprobe: recorder.ffprobe,
      jobs: recorder.jobs,
      workDirectories: workDirectories(context),
      workBytes: workBytes(recorder.jobs, conversionDefaults(context)),
      output: recorder.output ?? null,
      hasQueue: recorder.queue !== undefined,
      hasManager: recorder.manager !== undefined,
    },
    live: await doctorLiveSettings(context),
    sendsMail: mail.to !== undefined,
  };
}

/** As the commands choose it: claims.ts of migrate, open.ts and batch.ts of the recorder. */
function workDirectories({ configuration, stateDirectory }: Context): WorkPlace[] {
  const { pod, recorder } = configuration;
  if (recorder.work_dir !== undefined)
    return [{ key: 'recorder.work_dir', path: path.resolve(recorder.work_dir), isHere: false }];
  return [
    ...(pod.recorder_path === undefined
      ? []
      : [{ key: 'recorder.work_dir (migrate)', path: path.join(stateDirectory, 'work'), isHere: false }]),
    {
      key: 'recorder.work_dir',
      path: path.resolve(recorder.output ?? '.'),
      isHere: recorder.output === undefined,
    },
  ];
}

async function openPorts(context: Context): Promise<DoctorPorts> {
  const [{ inspectDirectory }, { tryAsUser }, { runToEnd }] = await Promise.all([
    import('../../doctor/adapters/inspect-directory.js'),
    import('../../doctor/adapters/try-as-user.js'),
    import('../../kit/adapters/process/run-to-end.js'),
  ]);
  const firstLine = async (file: string, args: readonly string[], signal: AbortSignal): Promise<string> => {
    const { stdout } = await runToEnd({ file, args, signal, timeLimitMs: 15_000 });
    return stdout.toString().split('\n')[0]?.trim() ?? '';
  };
  return {
    inspectDirectory,
    tryAsUser,
    checkFileOwner: () => void claimOwnership(context),
    askBbb: (name, signal) => askBbb(context, name, signal),
    checkPodDatabase: async (expected, signal) => {
      const { checkPodDatabase } = await import('../../pod/database/check-pod.js');
      const sql = await sqlOf(context, '[pod]', context.configuration.pod, signal);
      return checkPodDatabase(sql)(expected, signal);
    },
    checkGreenlightDatabase: async (name, signal) => {
      const { checkGreenlightSite } = await import('../sites/greenlights.js');
      return checkGreenlightSite(context, name, signal);
    },
    checkMoodleDatabase: async (name, signal) => {
      const { moodleChecker } = await import('../sites/moodle.js');
      return moodleChecker(context)(name, signal);
    },
    askVersion: async (program, parameters, signal) => {
      if (program === context.configuration.recorder.chromium) {
        const { findChromium } = await import('../../chromium/find-chromium.js');
        findChromium(program, false);
      }
      return firstLine(program, parameters, signal);
    },
    listEncoders: async (program, signal) => {
      const args = ['-hide_banner', '-encoders'];
      return (await runToEnd({ file: program, args, signal, timeLimitMs: 15_000 })).stdout.toString();
    },
    rehearse: async (program, signal) => {
      const { rehearse } = await import('../../recorder/adapters/ffmpeg/rehearse.js');
      return rehearse(program, { format: 'mp4', preset: 'balanced' }, signal);
    },
    rehearseClaim: async (directory) => {
      const { claimFilesOf } = await import('../migrate/claims.js');
      const files = await claimFilesOf(context);
      return files.rehearse(directory).then(() => null, asOperatorError);
    },
    askRedis: (signal) => askRedis(context, signal),
    askManager: async () => {
      const { askManager } = await import('./ask-manager.js');
      return askManager(context);
    },
    readText: async (file) => readNamedFile(file),
    resolvePath: resolvedPath,
    ...machinePorts(context),
    resolveHost,
    ...doctorLivePorts(context),
  };
}

async function askBbb(
  context: Context,
  name: string,
  signal: AbortSignal,
): ReturnType<DoctorPorts['askBbb']> {
  const [{ openHttp }, { describeServer }, { HttpFailure }] = await Promise.all([
    import('../../kit/adapters/http/open-http.js'),
    import('../../bbb-server/describe-server.js'),
    import('../../kit/adapters/http/http-failure.js'),
  ]);
  const section = context.configuration.bbb[name];
  if (section?.url === undefined || section.secret === undefined)
    throw doctorTexts.doctorBbbIncomplete({
      missing: 'url, secret',
      file: context.loaded.file ?? '',
    });
  const http = openHttp({ ...bbbHttpSettings(context, section), retries: Math.min(1, section.retries) });
  context.closeWith(() => http.close());
  const { url, secret, checksum } = section;
  try {
    return await describeServer(http, { name, url, secret, checksum }, signal);
  } catch (error) {
    signal.throwIfAborted();
    // Too long a list for one answer: the server is there and knows us, it only cannot tell in time.
    if (error instanceof HttpFailure && error.status === 504)
      return { version: '?', recordings: null, clockSkewMs: null, paged: null };
    throw error;
  }
}

/**
 * Without a password, and not for this machine alone. Redis itself refuses others while protected-mode is on (redis.conf of
 * 7.0): whom it answered at another address than loopback, it answers anybody.
 */
function openBeyondHere(
  { scheme, hosts, password }: BrokerAddress,
  { passwordSet, protectedMode, bind }: Pick<BrokerState, 'passwordSet' | 'protectedMode' | 'bind'>,
): boolean {
  if (passwordSet ?? password !== null) return false;
  const isLocal = (host: string): boolean => /^(?:127\.|::1$|localhost$)/.test(host.replace(/^-/, ''));
  if (scheme !== 'socket' && hosts.some(({ host }) => !isLocal(host))) return true;
  const bound = (bind ?? '').split(/\s+/).filter((host) => host !== '');
  return bind !== null && protectedMode === false && (bound.length === 0 || !bound.every(isLocal));
}

async function askRedis({ configuration }: Context, signal: AbortSignal) {
  const [{ parseBrokerUrl, showBroker }, { connectRedis }, { readBrokerState }] = await Promise.all([
    import('../../kit/adapters/redis/broker-url.js'),
    import('../../kit/adapters/redis/connect.js'),
    import('../../cluster/adapters/redis/facts.js'),
  ]);
  const address = parseBrokerUrl(configuration.recorder.queue?.reveal() ?? '');
  if (address === null)
    throw doctorQueueTexts.doctorQueueUnreachable({ detail: '[recorder] queue is no redis:// URL' });
  try {
    const redis = await connectRedis(address, { timeoutMs: 5000, signal });
    const state = await readBrokerState(redis);
    redis.disconnect();
    return {
      version: state.version,
      maxmemoryPolicy: state.policy ?? 'noeviction',
      persistent: state.appendOnly || (state.savePoints ?? '') !== '',
      database: address.database,
      openAt: openBeyondHere(address, state) ? showBroker(address) : null,
    };
  } catch (error) {
    signal.throwIfAborted();
    const detail = messageOf(error);
    throw doctorQueueTexts.doctorQueueUnreachable({ detail }, { cause: error });
  }
}
