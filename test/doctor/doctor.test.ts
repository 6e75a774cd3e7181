import { describe, expect, it } from 'vitest';
import { checkResult, describeResult, type CheckResult } from '../../src/kit/checks/check-result.js';
import { foldResults } from '../../src/kit/checks/fold-results.js';
import { runChecks } from '../../src/kit/checks/run-checks.js';
import { readPythonConstants } from '../../src/kit/config/init/read-python.js';
import { planDoctor } from '../../src/doctor/plan-doctor.js';
import { type DoctorSettings } from '../../src/doctor/doctor-ports.js';
import { type DoctorPorts } from '../../src/doctor/doctor-ports.js';
import { judgePodSettings } from '../../src/doctor/pod-settings.js';
import type { DirectoryFacts } from '../../src/doctor/ports.js';
import { OperatorError } from '../../src/kit/errors/operator-error.js';
import { renderChecks } from '../../src/kit/output/check-lines.js';
import { displayWidth } from '../../src/kit/output/text.js';
import { texts as chromiumTexts } from '../../src/chromium/texts.js';

const directory: DirectoryFacts = {
  exists: true,
  isDirectory: true,
  writable: true,
  device: '1',
  owner: 'pod',
  group: 'www-data',
  mode: 0o2775,
  freeBytes: 50e9,
  detail: '',
};
const settings: DoctorSettings = {
  config: { file: '/etc/bbb2pod/bbb2pod.toml', valuesSet: 12 },
  account: 'root',
  unitAccount: 'bbb2pod',
  secretFiles: [
    { path: '/etc/bbb2pod/bbb2pod.toml', mode: 0o644, holdsSecret: false },
    { path: '/etc/bbb2pod/bbb.secret', mode: 0o640, holdsSecret: true },
  ],
  stateDirectory: '/var/lib/bbb2pod',
  logDirectory: null,
  bbb: [{ name: 'default', hasUrl: true, hasSecret: true, timeoutSeconds: 180 }],
  pod: {
    url: 'https://pod.univ.fr',
    hasDatabase: true,
    siteId: 1,
    adminId: 1,
    adminNeeded: true,
    createsUsers: true,
    otherSites: new Map(),
    recorderId: 1,
    recorderPath: '/data/ftp-pod/ftp/',
    fileOwner: null,
    fileMode: null,
    settingsFile: '/pod/settings_local.py',
    establishment: 'Etab_1',
    version: null,
    bbbHosts: ['bbb.univ.fr'],
  },
  ownersFile: null,
  nationalUrls: [],
  plugScript: '/opt/bbb2pod/bin/bbb-recorder/export.js',
  moodles: ['default'],
  greenlights: [],
  recorder: {
    isWanted: true,
    chromium: '/usr/bin/chromium',
    ffmpeg: '/usr/bin/ffmpeg',
    ffprobe: '/usr/bin/ffprobe',
    jobs: 2,
    workDirectories: [{ key: 'recorder.work_dir', path: '/tmp', isHere: false }],
    workBytes: 4e9,
    output: null,
    hasQueue: true,
    hasManager: false,
  },
  live: {
    backend: 'x11',
    hasRtmpUrl: true,
    hlsUrl: 'https://live.univ.fr/hls/',
    hasPodToken: true,
    buildingId: 3,
    hasRedis: true,
    recordingsPath: '/data/www/pod/bbb-recorder',
    webinarRecordingsPath: null,
    claimsPath: null,
    workDirectory: '/var/lib/bbb2pod/live',
  },
  sendsMail: true,
};
const ports: DoctorPorts = {
  askBbb: async () => ({ version: '2.0', recordings: 1204, clockSkewMs: 200, paged: true }),
  checkPodDatabase: async () => ({
    results: [],
    facts: {
      version: '3.8',
      siteDomain: 'pod.univ.fr',
      claimPathLength: 200,
      recorderDirectory: 'bbb',
      recorderName: 'BBB',
      playbackHosts: [],
    },
  }),
  rehearseClaim: async () => null,
  checkMoodleDatabase: async () => [],
  checkGreenlightDatabase: async () => [],
  askVersion: async (program) => `${program} version 5`,
  listEncoders: async () => ' V..... libx264  H.264\n A..... aac  AAC\n',
  rehearse: async () => [],
  inspectDirectory: async () => directory,
  mayAsUser: async () => true,
  fetchPod: async () => ({ status: 200 }),
  startChromium: async () => undefined,
  checkFileOwner: () => undefined,
  tryAsUser: async () => ({ canRead: true, canMove: true, canDelete: true }),
  askManager: async () => {
    throw new Error('no manager is configured');
  },
  askRedis: async () => ({
    version: '7',
    maxmemoryPolicy: 'noeviction',
    persistent: true,
    database: 9,
    openAt: null,
  }),
  tryStream: async () => ({
    outcome: 'played',
    target: 'rtmp://live/live/x',
    hls: 'https://live/x',
    detail: '',
  }),
  askLivePod: async () => ({ refused: null, generations: ['bbb'], building: 'Campus' }),
  askLiveRedis: async () => ({ host: 'live1.univ.fr', port: 6379, failure: null }),
  askEngine: async () => ({ version: 'engine 20.10, compose 1.29.2', failure: null }),
  tryScreen: async () => undefined,
  listDevices: async () => ' D  x11grab  X11\n DE pulse   Pulse\n',
  probeMail: async () => ({ server: 'mail.univ.fr:25', failure: null }),
  resolvePath: async (path) => (path.endsWith('export.js') ? path : null),
  resolveHost: async () => ['193.50.1.2'],
  readText: async () =>
    'USE_IMPORT_VIDEO = True\nRESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY = False\nUSE_IMPORT_VIDEO_BBB_RECORDER = True\n' +
    'ALLOW_MANUAL_RECORDING_CLAIMING = True\nMAX_UPLOAD_SIZE_ON_IMPORT = 0\nESTABLISHMENTS = (("Etab_1", "One"),)\n',
};
async function look(
  over: Partial<DoctorPorts> = {},
  some: Partial<DoctorSettings> = {},
): Promise<CheckResult[]> {
  return runChecks(planDoctor({ ...settings, ...some }, { ...ports, ...over }), {
    signal: new AbortController().signal,
  });
}
const codes = (results: readonly CheckResult[], status?: string) =>
  results.filter((result) => status === undefined || result.status === status).map(({ code }) => code);

describe('planDoctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const results = await look();
    expect(results.filter(({ status }) => status !== 'ok').map((result) => describeResult(result))).toEqual(
      [],
    );
    expect(codes(results)).toContain('doctor-pod-user');
  });

  it('says what is not configured without failing', async () => {
    const results = await look(
      {},
      {
        bbb: [],
        moodles: [],
        pod: { ...settings.pod, hasDatabase: false, url: null },
        recorder: { ...settings.recorder, hasQueue: false },
      },
    );
    expect(codes(results).filter((code) => code === 'doctor-not-configured')).toHaveLength(5);
    expect(results.every(({ status }) => status === 'ok')).toBe(true);
  });

  it('looks at the directory of logs, which the account of the units must be able to make', async () => {
    const absent = { ...directory, exists: false, parent: '/home' };
    const results = await look(
      {
        inspectDirectory: async (place) => (place.startsWith('/home') ? absent : directory),
        mayAsUser: async (_user, _what, place) => place !== '/home',
      },
      { logDirectory: '/home/pod/bbb-pod-live/logs/', unitAccount: 'bbb2pod' },
    );
    const [found] = results.filter(({ subject }) => subject === 'log.directory');
    expect(found).toMatchObject({ code: 'doctor-directory-uncreatable', status: 'critical' });
  });

  it('asks no right where a command was only typed: nothing is made in /', async () => {
    const here = {
      ...settings.recorder,
      workDirectories: [{ key: 'recorder.work_dir', path: '/', isHere: true }],
    };
    const closed = async (place: string) => ({ ...directory, writable: place !== '/' });
    const results = await look({ inspectDirectory: closed }, { recorder: here });
    const [found] = results.filter(({ subject }) => subject === 'recorder.work_dir');
    expect([found?.code, found?.status]).toEqual(['doctor-not-configured', 'ok']);
  });

  it('advises nobody to open the directory of root to the units', async () => {
    const here = {
      ...settings.recorder,
      workDirectories: [{ key: 'recorder.work_dir', path: '/root', isHere: true }],
    };
    const results = await look(
      { mayAsUser: async (_user, what, place) => what !== 'write' || place !== '/root' },
      { recorder: here },
    );
    const [found] = results.filter(({ subject }) => subject === 'recorder.work_dir');
    expect([found?.code, found?.status]).toEqual(['doctor-not-configured', 'ok']);
  });

  it.each<[string, Partial<DoctorPorts>]>([
    [
      'doctor-bbb-clock',
      { askBbb: async () => ({ version: '2', recordings: 1, clockSkewMs: -90_000, paged: false }) },
    ],
    [
      'doctor-bbb-uncounted',
      { askBbb: async () => ({ version: '2', recordings: null, clockSkewMs: null, paged: null }) },
    ],
    [
      'doctor-directory-missing',
      { inspectDirectory: async () => ({ ...directory, exists: false, writable: false }) },
    ],
    [
      'doctor-directory-unwritable',
      { inspectDirectory: async () => ({ ...directory, writable: false, detail: 'EROFS' }) },
    ],
    ['doctor-disk-low', { inspectDirectory: async () => ({ ...directory, freeBytes: 1e9 }) }],
    [
      'doctor-pod-user-refused',
      { tryAsUser: async () => ({ canRead: true, canMove: false, canDelete: false }) },
    ],
    ['doctor-pod-user-untried', { tryAsUser: async () => null }],
    ['doctor-ffmpeg-draws', { rehearse: async () => ['frame 15: slide red, not blue'] }],
    ['doctor-encoder-missing', { listEncoders: async () => ' A..... aac  AAC\n' }],
    [
      'doctor-queue-evicts',
      {
        askRedis: async () => ({
          version: '7',
          maxmemoryPolicy: 'allkeys-lru',
          persistent: true,
          database: 9,
          openAt: null,
        }),
      },
    ],
    [
      'doctor-queue-open',
      {
        askRedis: async () => ({
          version: '7',
          maxmemoryPolicy: 'noeviction',
          persistent: true,
          database: 9,
          openAt: 'redis://10.0.0.5:6379/9',
        }),
      },
    ],
    [
      'doctor-queue-volatile',
      {
        askRedis: async () => ({
          version: '7',
          maxmemoryPolicy: 'noeviction',
          persistent: false,
          database: 9,
          openAt: null,
        }),
      },
    ],
    [
      'doctor-queue-database',
      {
        askRedis: async () => ({
          version: '7',
          maxmemoryPolicy: 'noeviction',
          persistent: true,
          database: 5,
          openAt: null,
        }),
      },
    ],
    [
      'chromium-start',
      {
        startChromium: () =>
          Promise.reject(
            chromiumTexts.chromiumStart({ path: '/usr/bin/chromium', detail: 'No usable sandbox' }),
          ),
      },
    ],
    ['doctor-secret-locked', { mayAsUser: async (_user, what) => what !== 'read' }],
    ['doctor-directory-units', { mayAsUser: async (_user, what) => what !== 'write' }],
    ['doctor-url-status', { fetchPod: async () => ({ status: 502 }) }],
    ['chromium-snap', { askVersion: (path) => Promise.reject(chromiumTexts.chromiumSnap({ path })) }],
  ])('finds %s, with a remedy', async (code, over) => {
    const found = (await look(over)).find((result) => result.code === code);
    expect(found?.status).toMatch(/warning|critical/);
    expect(describeResult(found!).remedy).not.toBe('');
  });

  it('puts the recorder under the database that would not tell it', async () => {
    const results = await look({
      checkPodDatabase: async () => ({
        results: [checkResult('disk-full', 'pod.database', { path: '/' })],
        facts: null,
      }),
    });
    const database = foldResults(results).find(({ result }) => result.subject === 'pod.database');
    expect(database?.consequences.map(({ result }) => result.subject)).toEqual(['pod.recorder_path']);
  });

  it('measures the column for claims', async () => {
    const facts = {
      version: '3.5',
      siteDomain: 'pod.univ.fr',
      claimPathLength: 100,
      recorderDirectory: 'x'.repeat(70),
      recorderName: 'r',
      playbackHosts: [],
    };
    const results = await look({ checkPodDatabase: async () => ({ results: [], facts }) });
    expect(codes(results, 'critical')).toEqual(['doctor-claim-path-long']);
  });
});

describe('planDoctor on what the package has written and nobody has looked at', () => {
  it("takes the example's address of Pod for a fault, and one that Pod's site does not have for a warning", async () => {
    const facts = {
      version: '4.0',
      claimPathLength: 200,
      recorderDirectory: 'bbb',
      recorderName: 'BBB',
      playbackHosts: [],
    };
    const named = (siteDomain: string) => ({
      checkPodDatabase: async () => ({ results: [], facts: { ...facts, siteDomain } }),
    });
    const example = (await look(named('video.univ.fr'))).find((result) => result.subject === 'pod.url');
    expect(example).toMatchObject({ code: 'doctor-url-example', status: 'critical' });
    expect(describeResult(example!).remedy).toContain('[pod] url = "https://video.univ.fr"');
    const other = await look(named('video.univ.fr'), {
      pod: { ...settings.pod, url: 'https://old.univ.fr' },
    });
    expect(codes(other, 'warning')).toEqual(['doctor-url-differs']);
    expect(codes(await look(named('pod.univ.fr')), 'warning')).toEqual([]);
  });

  it('names a secret that others may read, never with a command that locks the units out', async () => {
    const results = await look(
      {},
      { secretFiles: [{ path: '/etc/bbb2pod/bbb2pod.toml', mode: 0o644, holdsSecret: true }] },
    );
    const found = results.find(({ code }) => code === 'doctor-secret-exposed');
    expect(describeResult(found!).remedy).toBe('chmod o= /etc/bbb2pod/bbb2pod.toml');
  });

  it.each([
    ['/srv/bbb2pod', 'As root: install -d -o ada -m 0750 /srv/bbb2pod'],
    [
      '/nonexistent/.local/state/bbb2pod',
      'As root: install -d -o ada -m 0750 /var/lib/bbb2pod-ada ; then in the configuration: state_dir = "/var/lib/bbb2pod-ada"',
    ],
  ])('says how %s comes to be where the account may not create it', async (stateDirectory, remedy) => {
    const results = await look(
      {
        inspectDirectory: async () => ({
          ...directory,
          exists: false,
          owner: '',
          group: '',
          writable: false,
        }),
      },
      { account: 'ada', stateDirectory },
    );
    const found = results.filter(({ subject }) => subject === 'state_dir');
    expect(found.map((result) => describeResult(result).remedy)).toEqual([remedy]);
  });

  it('names nobody but who typed the command, and the package of a program that may be missing', async () => {
    const results = await look(
      { inspectDirectory: async () => ({ ...directory, writable: false }) },
      { account: 'ada' },
    );
    const remedy = describeResult(results.find(({ code }) => code === 'doctor-directory-unwritable')!).remedy;
    expect(remedy).toContain('apt install acl');
    expect(remedy).toContain('setfacl -m u:ada:rwx /var/lib/bbb2pod');
    expect(remedy).not.toContain('$');
  });
});

describe('judgePodSettings', () => {
  const judge = (source: string) =>
    judgePodSettings(readPythonConstants(source), '/pod/settings_local.py', {
      recorderPath: '/data/ftp-pod/ftp/',
      siteId: 1,
      establishment: 'Etab_1',
    });

  it('judges an empty file by the defaults of Pod, and says where its versions differ', () => {
    const results = judge('');
    expect(codes(results)).toEqual([
      'doctor-setting',
      'doctor-setting-staff-only',
      'doctor-setting-no-plug',
      'doctor-setting-claim-off',
      'doctor-setting-size',
      'doctor-settings-unseen',
    ]);
    expect(results.at(-1)?.parameters['keys']).toBe('USE_IMPORT_VIDEO, ESTABLISHMENTS');
  });

  it('compares literally, and guesses nothing of what is computed', () => {
    const results = judge(
      'DEFAULT_RECORDER_PATH = "/data/ftp-pod/ftp"\nSITE_ID = 2\nUSE_IMPORT_VIDEO = os.environ["X"]\nVIDEO_ALLOWED_EXTENSIONS = ("avi", "m4v", "webm")\n',
    );
    expect(codes(results, 'critical')).toEqual(['doctor-setting-extensions']);
    expect(codes(results, 'warning')).toContain('doctor-setting-differs');
    expect(codes(results)).toContain('doctor-setting-computed');
  });
});

it('settings of Pod that the account may not read: who, and the copy that lets it', async () => {
  const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const readText = async (): Promise<string> => {
    throw new OperatorError(
      'config-unreadable',
      { file: '/root/settings_local.py', detail: 'EACCES' },
      { cause },
    );
  };
  const pod = { ...settings.pod, settingsFile: '/root/settings_local.py' };
  const found = (await look({ readText }, { pod, account: 'bbb2pod' })).find(
    ({ code }) => code === 'doctor-settings-locked',
  );
  expect(found?.status).toBe('warning');
  expect(describeResult(found!).remedy).toContain(
    'install -m 0640 -g bbb2pod /root/settings_local.py /etc/bbb2pod/settings_local.py',
  );
});

describe('the plug and the national server, in the settings of Pod', () => {
  const found = async (text: string, over: Partial<DoctorPorts> = {}, some: Partial<DoctorSettings> = {}) =>
    (await look({ readText: async () => `${await ports.readText('')}${text}\n`, ...over }, some)).filter(
      ({ code }) => /^doctor-(plug|national)|setting-other-path/.test(code),
    );
  const missing = { ...directory, exists: false, isDirectory: false };

  it('looks at both directories and the logs, and gives the mkdir and chown', async () => {
    expect(codes(await found(''))).toEqual(['doctor-plug']);
    const without = await found(
      'IMPORT_VIDEO_BBB_RECORDER_PLUGIN = "/home/pod/bbb-recorder/"\nIMPORT_VIDEO_BBB_RECORDER_PATH = "/data/media"',
      {
        resolvePath: async () => null,
        inspectDirectory: async (path) => (path.endsWith('/logs/') ? missing : directory),
      },
    );
    expect(without.map(({ code, status }) => `${status} ${code}`)).toEqual([
      'warning doctor-plug-missing',
      'warning doctor-plug-directory-missing',
    ]);
    expect(describeResult(without[1]!).remedy).toContain(
      'mkdir -p /data/media/logs/ && chown -R pod:www-data /data/media/logs/',
    );
  });

  it('names a directory that Pod could not write, and an output that Pod does not look in', async () => {
    const pod = { ...settings.pod, fileOwner: 'podder:podgroup' };
    const recorder = { ...settings.recorder, output: '/elsewhere' };
    expect(codes(await found('', {}, { pod, recorder }))).toEqual([
      'doctor-plug-owner',
      'doctor-plug-owner',
      'doctor-plug-output',
    ]);
  });

  it('asks for USE_MEETING with the same server where links are national', async () => {
    const nationalUrls = ['https://univ.scalelite.bbb.numerique-esr.fr/bigbluebutton/api'];
    const national = async (text: string) => codes((await found(text, {}, { nationalUrls })).slice(0, 1));
    expect(await national('')).toEqual(['doctor-national-off']);
    const sound = `BBB_API_URL = "${nationalUrls[0] ?? ''}/"\nBBB_SECRET_KEY = "s"\n`;
    expect(await national(`${sound}USE_MEETING = True`)).toEqual(['doctor-national']);
    expect(await national(sound)).toEqual(['doctor-national-off']);
    expect(
      await national('USE_MEETING = True\nBBB_API_URL = "https://other/"\nBBB_SECRET_KEY = "s"'),
    ).toEqual(['doctor-national-off']);
  });

  it('takes the recorder path as Python joins it', async () => {
    expect(await found('DEFAULT_RECORDER_PATH = "/data/ftp-pod/ftp"')).toHaveLength(1);
    expect(codes(await found('DEFAULT_RECORDER_PATH = "/data//ftp-pod/ftp/"'))).toContain(
      'doctor-setting-other-path',
    );
  });
});

describe('renderChecks', () => {
  it('stays within 80 columns and gives each failure its remedy', async () => {
    const text = renderChecks(
      foldResults(
        await look({
          inspectDirectory: async () => ({
            ...directory,
            writable: false,
            detail: 'EACCES: permission denied',
          }),
        }),
      ),
    );
    for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^FAILED {3}state_dir/m);
    expect(text).toMatch(/^ {9}-> Run as root/m);
  });
});

describe('planDoctor for lives and mail', () => {
  const liveOnly = async (
    over: Partial<DoctorPorts>,
    some: Partial<NonNullable<DoctorSettings['live']>> = {},
  ) =>
    codes(
      (await look(over, { live: { ...settings.live!, ...some } })).filter(
        ({ subject, status }) => /^(live|mail)/.test(subject) && status !== 'ok',
      ),
    );
  const refused = (outcome: 'unreachable' | 'refused' | 'not-played') => async () => ({
    outcome,
    target: 'rtmp://live/live/x',
    hls: 'https://live/x',
    detail: 'no',
  });

  it.each([
    ['doctor-live-rtmp-unreachable', { tryStream: refused('unreachable') }],
    ['doctor-live-rtmp-refused', { tryStream: refused('refused') }],
    ['doctor-live-not-played', { tryStream: refused('not-played') }],
    [
      'doctor-live-pod-token',
      { askLivePod: async () => ({ refused: 401 as const, generations: [], building: null }) },
    ],
    [
      'doctor-live-pod-staff',
      { askLivePod: async () => ({ refused: 403 as const, generations: [], building: null }) },
    ],
    [
      'doctor-live-building-missing',
      { askLivePod: async () => ({ refused: null, generations: ['bbb', 'webinar'], building: null }) },
    ],
    [
      'doctor-live-redis-loopback',
      { askLiveRedis: async () => ({ host: '127.0.0.1', port: 6379, failure: null }) },
    ],
    [
      'doctor-live-redis-password',
      {
        askLiveRedis: async () => ({
          host: 'r',
          port: 6379,
          failure: { kind: 'password' as const, detail: 'NOAUTH' },
        }),
      },
    ],
    ['doctor-live-devices', { listDevices: async () => ' D  x11grab  X11\n' }],
    ['doctor-mail-refused', { probeMail: async () => ({ server: 'm:25', failure: '535 no' }) }],
  ])('finds %s, with a remedy in both languages', async (code, over) => {
    expect(await liveOnly(over)).toEqual([code]);
    const [result] = (await look(over)).filter((r) => r.code === code);
    expect(describeResult(result!).remedy).not.toBe('');
    expect(describeResult(result!, 'fr').remedy).not.toBe('');
  });

  it('asks for a building only where broadcasters are created', async () => {
    const webinars = async () => ({ refused: null, generations: ['webinar'], building: null });
    expect(await liveOnly({ askLivePod: webinars })).toEqual([]);
  });

  it('asks for an engine, and for no screen, with the container backend', async () => {
    const over = {
      askEngine: async () => ({ version: '', failure: 'Cannot connect' }),
      tryScreen: async () => {
        throw new Error('asked for a screen');
      },
    };
    expect(await liveOnly(over, { backend: 'container' })).toEqual(['doctor-live-engine']);
  });

  it('says what stays unchecked without [live] and [mail]', async () => {
    const results = await look({}, { live: null, sendsMail: false });
    const subjects = results.filter(({ code }) => code === 'doctor-not-configured').map((r) => r.subject);
    expect(subjects).toEqual(['live', 'mail']);
  });
});

describe('hosts that Pod imports from', () => {
  const at = (version: string, hosts: Record<string, string[] | null>) => ({
    checkPodDatabase: async () => ({
      results: [],
      facts: {
        version,
        siteDomain: 'pod.univ.fr',
        claimPathLength: 200,
        recorderDirectory: 'bbb',
        recorderName: 'BBB',
        playbackHosts: Object.keys(hosts),
      },
    }),
    resolveHost: async (host: string) => (host in hosts ? (hosts[host] ?? null) : ['193.50.1.2']),
  });
  const told = async (over: Partial<DoctorPorts>, version: string | null = null) =>
    (await look(over, { pod: { ...settings.pod, version } }))
      .filter(({ subject }) => subject === 'pod.imports')
      .map(
        ({ code, status, parameters }) =>
          `${code} ${status} ${String(parameters['host'] ?? parameters['hosts'])}`,
      );

  it('are warned of from 4.3 on, told before it, and [pod] version counts', async () => {
    const hosts = { 'inside.univ.fr': ['193.50.1.2', 'fd00::1'] };
    expect(await told(at('4.3', hosts))).toEqual([
      'doctor-import-host-refused warning inside.univ.fr',
      'doctor-import-hosts ok bbb.univ.fr',
    ]);
    expect(await told(at('4.0.1', hosts))).toEqual(['doctor-import-host-later ok inside.univ.fr']);
    expect(await told(at('4.0.1', hosts), '4.4.0')).toContain(
      'doctor-import-host-refused warning inside.univ.fr',
    );
    expect(await told(at('4.0.1', {}))).toEqual([]);
    const [probe] = (await look(at('4.3', hosts))).filter(
      ({ code }) => code === 'doctor-import-host-refused',
    );
    expect(describeResult(probe!).remedy).toMatch(/python3 -c .* inside\.univ\.fr$/);
  });
});
