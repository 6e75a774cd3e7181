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
import { previewResults } from './check-preview.js';
import { chromiumCheck, ffmpegCheck, programCheck, queueCheck } from './check-programs.js';
import { judgePodSettings, settingNames } from './pod-settings.js';
import { liveChecks, mailCheck } from './check-live.js';
import type { PodFindings } from './ports.js';
import { joinAsPod } from '../bbb/recording-names.js';
import type { DoctorPorts, DoctorSettings } from './doctor-ports.js';

type LookingPorts = DoctorPorts & Looking;

/** All checks of one installation, in the order in which they are shown. */
export function planDoctor(settings: DoctorSettings, ports: DoctorPorts): Check[] {
  const { account, unitAccount } = settings;
  const looking = { ...ports, account, unitAccount };
  return [
    configCheck(settings.config),
    secretsCheck(settings.secretFiles, settings.unitAccount, ports.mayAsUser),
    ownDirectoryCheck('state_dir', settings.stateDirectory, looking),
    ...bbbChecks(settings, ports),
    ...podChecks(settings, looking),
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

function podChecks({ pod, config }: DoctorSettings, ports: LookingPorts): Check[] {
  if (!pod.hasDatabase)
    return [
      notConfigured('pod.database', '[pod] database', 'migrate'),
      urlCheck(pod, config.file, ports, async () => null),
    ];
  const { siteId, adminId, recorderId, recorderPath } = pod;
  let findings: Promise<PodFindings> | null = null;
  const look = (signal: AbortSignal): Promise<PodFindings> =>
    (findings ??= ports.checkPodDatabase({ siteId, adminId, recorderId, recorderPath }, signal));
  const database: Check = {
    name: 'pod.database',
    subject: 'pod.database',
    run: async (signal) => (await look(signal)).results,
  };
  return [
    database,
    urlCheck(pod, config.file, ports, (signal) => look(signal).catch(() => null)),
    ...claimChecks(pod, ports, look),
    settingsCheck(pod, ports),
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
      const rights = await podUserCheck({
        subject,
        directory,
        fileOwner,
        fileMode,
        needs: [],
        inspect: ports.inspectDirectory,
        tryAsUser: ports.tryAsUser,
      }).run(signal);
      const found = [there, length].flat();
      if (found.some(({ status }) => status === 'critical')) return found;
      const unfit = await ports.rehearseClaim(directory);
      const last = unfit === null ? [] : [checkResult(unfit.code, subject, unfit.parameters)];
      return [...found, ...last, ...[rights].flat()];
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
  pod: DoctorSettings['pod'],
  { readText, resolvePath }: Pick<DoctorPorts, 'readText' | 'resolvePath'>,
): Check {
  const subject = 'pod.settings';
  const { settingsFile: file, recorderPath, siteId, establishment } = pod;
  if (file === null)
    return always(subject, checkResult('doctor-settings-unseen', subject, { keys: settingNames.join(', ') }));
  return {
    name: subject,
    subject,
    run: async () => {
      const constants = readPythonConstants(await readText(file));
      return [
        ...judgePodSettings(constants, file, { recorderPath, siteId, establishment }),
        ...(await previewResults(constants, file, recorderPath, resolvePath)),
      ];
    },
  };
}

function recorderChecks(recorder: DoctorSettings['recorder'], ports: LookingPorts): Check[] {
  const { askVersion, listEncoders } = ports;
  const need = { bytes: recorder.workBytes, jobs: recorder.jobs };
  return [
    chromiumCheck('recorder.chromium', recorder.chromium, ports),
    ffmpegCheck('recorder.ffmpeg', recorder.ffmpeg, askVersion, listEncoders),
    programCheck('recorder.ffprobe', recorder.ffprobe, askVersion, ['-hide_banner', '-version']),
    ...recorder.workDirectories.map(({ key, path }) => ownDirectoryCheck(key, path, ports, need)),
    ...(recorder.output === null
      ? []
      : [podDirectoryCheck('recorder.output', recorder.output, 'pod:www-data', ports)]),
    recorder.hasQueue
      ? queueCheck('recorder.queue', ports.askRedis)
      : notConfigured('recorder.queue', '[recorder] queue', 'recorder convert --queue'),
  ];
}
