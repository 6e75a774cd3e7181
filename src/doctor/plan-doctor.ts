import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { readPythonConstants } from '../kit/config/init/read-python.js';
import { bbbCheck } from './check-bbb.js';
import {
  claimPathResult,
  ownDirectoryCheck,
  podDirectoryCheck,
  podUserCheck,
  type Looking,
} from './check-directories.js';
import { podUrlResults, siteDomainOf } from './check-pod-url.js';
import { secretsCheck } from './check-secrets.js';
import { importHostsCheck } from './check-import-hosts.js';
import { nationalResults } from './check-national.js';
import { plugResults } from './check-plug.js';
import { previewResults } from './check-preview.js';
import { chromiumCheck, ffmpegCheck, managerCheck, programCheck, queueCheck } from './check-programs.js';
import { judgePodSettings, settingNames } from './pod-settings.js';
import { liveChecks, mailCheck } from './check-live.js';
import type { PodFindings } from './ports.js';
import { parseOwnersFile } from '../owners/owners-file.js';
import { joinAsPod } from '../bbb/recording-names.js';
import type { DoctorPorts, DoctorSettings, WorkPlace } from './doctor-ports.js';

type LookingPorts = DoctorPorts & Looking;

/** All checks of one installation, in the order in which they are shown. */
export function planDoctor(settings: DoctorSettings, ports: DoctorPorts): Check[] {
  const { account, unitAccount } = settings;
  const looking = { ...ports, account, unitAccount };
  return [
    configCheck(settings.config),
    secretsCheck(settings.secretFiles, settings.unitAccount, ports.mayAsUser),
    ownDirectoryCheck('state_dir', settings.stateDirectory, looking),
    ...(settings.logDirectory === null
      ? []
      : [ownDirectoryCheck('log.directory', settings.logDirectory, looking)]),
    ...bbbChecks(settings, ports),
    ...podChecks(settings, looking),
    ...ownersChecks(settings.ownersFile, ports),
    ...moodleChecks(settings, ports),
    ...settings.greenlights.map((name) => ({
      name: `greenlight.${name}`,
      subject: `greenlight.${name}`,
      run: (signal: AbortSignal) => ports.checkGreenlightDatabase(name, signal),
    })),
    ...recorderChecks(settings.recorder, looking),
    ...(settings.live === null
      ? [notConfigured('live', '[live] rtmp_url', 'live run')]
      : liveChecks(settings.live, settings.pod, settings.recorder, looking)),
    settings.sendsMail
      ? mailCheck(ports)
      : notConfigured('mail', '[mail] to', 'the mail of a night batch or of a live'),
  ];
}

const always = (subject: string, result: CheckResult): Check => ({
  name: subject,
  subject,
  run: async () => result,
});

const notConfigured = (subject: string, key: string, commands: string): Check =>
  always(subject, checkResult('doctor-not-configured', subject, { key, commands }));

function configCheck({ file, valuesSet }: DoctorSettings['config']): Check {
  const subject = 'configuration';
  if (file === null) return always(subject, checkResult('doctor-config-none', subject));
  return always(subject, checkResult('doctor-config', subject, { file, count: valuesSet }));
}

function bbbChecks({ bbb, config }: DoctorSettings, { askBbb }: DoctorPorts): Check[] {
  if (bbb.length === 0) return [notConfigured('bbb', '[bbb] url', 'migrate recordings')];
  return bbb.map((server) => bbbCheck(server, config.file ?? 'bbb2pod.toml', askBbb));
}

function moodleChecks({ moodles }: DoctorSettings, { checkMoodleDatabase }: DoctorPorts): Check[] {
  if (moodles.length === 0)
    return [notConfigured('moodle', '[moodle.default] database', '--use-database-moodle')];
  return moodles.map((name) => ({
    name: `moodle.${name}`,
    subject: `moodle.${name}`,
    run: (signal) => checkMoodleDatabase(name, signal),
  }));
}

function podChecks(settings: DoctorSettings, ports: LookingPorts): Check[] {
  const { pod, config } = settings;
  if (!pod.hasDatabase)
    return [
      notConfigured('pod.database', '[pod] database', 'migrate'),
      urlCheck(pod, config.file, ports, async () => null),
    ];
  const { siteId, adminId, recorderId, recorderPath, adminNeeded, createsUsers, otherSites } = pod;
  const expected = { siteId, adminId, recorderId, recorderPath, adminNeeded, createsUsers, otherSites };
  let findings: Promise<PodFindings> | null = null;
  const look = (signal: AbortSignal): Promise<PodFindings> =>
    (findings ??= ports.checkPodDatabase(expected, signal));
  const database: Check = {
    name: 'pod.database',
    subject: 'pod.database',
    run: async (signal) => (await look(signal)).results,
  };
  return [
    database,
    urlCheck(pod, config.file, ports, (signal) => look(signal).catch(() => null)),
    importHostsCheck(pod, ports, look),
    ...claimChecks(pod, ports, look),
    settingsCheck(settings, ports),
  ];
}

function urlCheck(
  { url, siteId }: DoctorSettings['pod'],
  file: string | null,
  { fetchPod }: DoctorPorts,
  look: (signal: AbortSignal) => Promise<PodFindings | null>,
): Check {
  const subject = 'pod.url';
  if (url === null) return notConfigured(subject, '[pod] url', 'links in reports, live run');
  return {
    name: subject,
    subject,
    run: async (signal) =>
      podUrlResults(
        { url, siteId, file: file ?? 'bbb2pod.toml' },
        siteDomainOf(await look(signal)),
        fetchPod,
        signal,
      ),
  };
}

function claimChecks(
  pod: DoctorSettings['pod'],
  ports: LookingPorts,
  look: (signal: AbortSignal) => Promise<PodFindings>,
): Check[] {
  const { recorderPath, fileOwner, fileMode } = pod;
  const subject = 'pod.recorder_path';
  if (recorderPath === null)
    return [notConfigured(subject, '[pod] recorder_path', 'migrate recordings --use-manual-claim')];
  const inDirectory: Check = {
    name: subject,
    subject,
    run: async (signal) => {
      ports.checkFileOwner();
      const seen = await look(signal).catch((error: unknown) => causeOf(error));
      if (typeof seen === 'string') return notRun(subject, 'pod.database', [seen]);
      const { results, facts } = seen;
      if (facts?.recorderDirectory == null) {
        const cause = results.find(({ status }) => status === 'critical');
        return notRun(subject, cause?.subject ?? 'pod.recorder_id', cause === undefined ? [] : [cause.id]);
      }
      const directory = joinAsPod(recorderPath, facts.recorderDirectory);
      const length = claimPathResult(subject, directory, facts.claimPathLength);
      const there = await podDirectoryCheck(subject, directory, fileOwner ?? 'pod:www-data', ports).run(
        signal,
      );
      const found = [there, length].flat();
      if (found.some(({ status }) => status === 'critical')) return found;
      const rights = await podUserCheck({
        subject,
        directory,
        fileOwner,
        fileMode,
        needs: [],
        inspect: ports.inspectDirectory,
        tryAsUser: ports.tryAsUser,
      }).run(signal);
      return [...found, rights].flat();
    },
  };
  return [inDirectory];
}

/** The id under which the database's own check shows a failure that was thrown. */
function causeOf(error: unknown): string {
  if (error instanceof OperatorError) return `${error.code}@pod.database`;
  throw error;
}

const notRun = (subject: string, cause: string, causedBy: readonly string[]): CheckResult =>
  checkResult('check-not-run', subject, { cause }, { status: 'unknown', causedBy });

function settingsCheck(
  { account, pod, recorder, nationalUrls, plugScript }: DoctorSettings,
  { readText, resolvePath, inspectDirectory }: DoctorPorts,
): Check {
  const subject = 'pod.settings';
  const { settingsFile: file, recorderPath, siteId, establishment, fileOwner } = pod;
  if (file === null) {
    const names = [...settingNames, ...(nationalUrls.length === 0 ? [] : ['USE_MEETING', 'BBB_API_URL'])];
    return always(subject, checkResult('doctor-settings-unseen', subject, { keys: names.join(', ') }));
  }
  return {
    name: subject,
    subject,
    run: async (signal) => {
      // A run does without the file.
      const text = await readText(file).catch((error: unknown) =>
        isLocked(error)
          ? checkResult('doctor-settings-locked', subject, { path: file, user: account })
          : warningOf(subject, error),
      );
      if (typeof text !== 'string') return text;
      const constants = readPythonConstants(text);
      return [
        ...judgePodSettings(constants, file, { recorderPath, siteId, establishment }),
        ...(await previewResults(constants, file, recorderPath, resolvePath)),
        ...nationalResults(constants, file, nationalUrls),
        ...(await plugResults(constants, {
          fileOwner,
          output: recorder.output,
          script: plugScript,
          inspect: inspectDirectory,
          resolvePath,
          signal,
        })),
      ];
    },
  };
}

/** Links are imported without converting anything: what only conversions need is then no failure. */
const asWarnings = (check: Check): Check => ({
  ...check,
  run: async (signal) => {
    const lowered = (result: CheckResult): CheckResult =>
      result.status === 'critical' ? { ...result, status: 'warning' } : result;
    try {
      return [await check.run(signal)].flat().map(lowered);
    } catch (error) {
      return warningOf(check.subject, error);
    }
  },
});

/** There, but closed to who typed the command: below /root, or for Pod's own group alone. */
const isLocked = (error: unknown): boolean =>
  error instanceof OperatorError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES';

function warningOf(subject: string, error: unknown): CheckResult {
  if (!(error instanceof OperatorError)) throw error;
  return checkResult(error.code, subject, error.parameters, { status: 'warning' });
}

/** The file that names owners is read before anything else of a run. */
function ownersChecks(file: string | null, { readText }: DoctorPorts): Check[] {
  const subject = 'migrate.owners_file';
  if (file === null) return [];
  const run = async (): Promise<CheckResult> => {
    const { entries } = parseOwnersFile(await readText(file), file);
    return checkResult('doctor-owners-file', subject, { file, count: entries.size });
  };
  return [{ name: subject, subject, run }];
}

/** A directory that nobody chose need not be ours, nor open to the units: who types `recorder convert` there is told to name one. */
function workCheck(
  { key, path, isHere }: WorkPlace,
  ports: LookingPorts,
  need: { readonly bytes: number; readonly jobs: number },
): Check {
  const check = ownDirectoryCheck(key, path, ports, need);
  if (!isHere) return check;
  const run = async (signal: AbortSignal): Promise<CheckResult> => {
    const found = [await check.run(signal)].flat()[0];
    const closed = ['doctor-directory-unwritable', 'doctor-directory-units'];
    if (found !== undefined && !closed.includes(found.code)) return found;
    const needed = { key: '[recorder] work_dir', commands: 'recorder convert' };
    return checkResult('doctor-not-configured', key, needed);
  };
  return { ...check, run };
}

function recorderChecks(recorder: DoctorSettings['recorder'], ports: LookingPorts): Check[] {
  const { askVersion, listEncoders, rehearse } = ports;
  const need = { bytes: recorder.workBytes, jobs: recorder.jobs };
  const programs = [
    chromiumCheck(recorder.chromium, ports),
    ffmpegCheck(recorder.ffmpeg, askVersion, listEncoders, rehearse),
    programCheck('recorder.ffprobe', recorder.ffprobe, askVersion, ['-hide_banner', '-version']),
  ];
  return [
    ...(recorder.isWanted ? programs : programs.map(asWarnings)),
    ...recorder.workDirectories.map((place) => workCheck(place, ports, need)),
    ...(recorder.output === null
      ? []
      : [podDirectoryCheck('recorder.output', recorder.output, 'pod:www-data', ports)]),
    ...(recorder.hasManager ? [managerCheck(ports.askManager)] : []),
    ...(recorder.hasQueue || !recorder.hasManager
      ? [
          recorder.hasQueue
            ? queueCheck(ports.askRedis)
            : notConfigured('recorder.queue', '[recorder] queue or manager', 'recorder convert --queue'),
        ]
      : []),
  ];
}
