import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promise, run, type Outcome } from './promises.js';
import { openRoot, type ThrowAwayRoot } from './throw-away-root.js';

const OLD = '0.0.9';
/** What an administrator made of a package: it must outlive an upgrade. */
const ENABLED = [
  'multi-user.target.wants/bbb2pod-gateway.service',
  'timers.target.wants/bbb2pod-backup.timer',
  'timers.target.wants/bbb2pod-backup-yearly.timer',
];
const SAMPLES = '/usr/lib/bbb2pod/fixtures/demo/recordings.xml';

/** The life of an installation: an older version in use, the upgrade, a removal, a purge. */
export function proveLife(work: string, deb: string, version: string): void {
  mkdirSync(work);
  const older = buildOlder(work, deb);
  const root = openRoot(path.join(work, 'root'));
  try {
    for (const [name, file] of [
      ['old', older],
      ['new', deb],
    ] as const)
      run('cp', [file, path.join(root.directory, `root/${name}.deb`)]);
    const before = root.changed();
    const pid = useOlder(root);
    proveUpgrade(root, pid, version);
    proveRemoval(root, pid);
    provePurge(root, before);
  } finally {
    root.close();
  }
}

/** The same package as an older version: other configuration files, one program file that went away since. */
function buildOlder(work: string, deb: string): string {
  const tree = path.join(work, 'older');
  run('dpkg-deb', ['-R', deb, tree]);
  const edit = (file: string, change: (text: string) => string): void => {
    const target = path.join(tree, file);
    writeFileSync(target, change(readFileSync(target, 'utf8')));
  };
  edit('DEBIAN/control', (text) => text.replace(/^Version: .*$/m, `Version: ${OLD}-1`));
  edit('usr/lib/bbb2pod/package.json', (text) => text.replace(/"version": "[^"]+"/, `"version": "${OLD}"`));
  edit('usr/lib/bbb2pod/oclif.manifest.json', (text) =>
    text.replace(/"version": "[^"]+"/, `"version": "${OLD}"`),
  );
  edit('etc/default/bbb2pod', (text) => `# of ${OLD}\n${text}`);
  edit('etc/logrotate.d/bbb2pod', (text) => `# of ${OLD}\n${text}`);
  writeFileSync(path.join(tree, 'usr/lib/bbb2pod/dist/gone-since.js'), '');
  const file = path.join(work, 'older.deb');
  run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, file]);
  return file;
}

const asAccount = (words: string): string =>
  `cd / && HOME=/var/lib/bbb2pod setpriv --reuid bbb2pod --regid bbb2pod --init-groups bbb2pod ${words}`;
const listRuns = asAccount('migrate status --json');

/** Installs the older one and works with it: a run in the journal, units enabled, a service that runs. */
function useOlder({ within }: ThrowAwayRoot): string {
  const install = within('dpkg -i /root/old.deb && bbb2pod --version');
  promise(`life: ${OLD} installed`, install.stdout.includes(`bbb2pod/${OLD} `), install);
  const made = within(
    "bbb2pod init --config /etc/bbb2pod/bbb2pod.toml && stat -c '%U:%G %a' /etc/bbb2pod/bbb2pod.toml",
  );
  promise('life: init writes what the units may read', made.stdout.includes('root:bbb2pod 640'), made);
  // A Pod to write to: the demonstration's own, emptied by its undo.
  within('cd /root && HOME=/root bbb2pod demo --no-video --directory /srv/demo');
  within('cd /srv/demo && HOME=/root bbb2pod migrate undo last --yes');
  within(`chown -R bbb2pod: /srv/demo
    install -m 0640 -g bbb2pod /dev/null /etc/bbb2pod/bbb.secret && echo a-secret > /etc/bbb2pod/bbb.secret
    cat > /etc/bbb2pod/bbb2pod.toml <<END
# mine
[bbb]
url = "http://127.0.0.1:9/"
secret_file = "/etc/bbb2pod/bbb.secret"
[pod]
database = "sqlite:/srv/demo/pod.sqlite3"
url = "http://127.0.0.1:9/"
token = "a-token"
[live]
gateway_token = "another-token"
gateway_listen = "127.0.0.1:0"
rtmp_url = "rtmp://127.0.0.1:9/live/"
[log]
directory = "/var/log/bbb2pod"
END`);
  const doctor = within(asAccount('doctor --only pod; echo "status $?"'));
  promise('life: doctor, as the account of the units', /status [01]$/m.test(doctor.stdout), doctor);
  const given = within(asAccount(`migrate recordings --use-import-video --from-xml ${SAMPLES}`));
  promise('life: a run as that account', given.status === 0, given);
  within(`echo '# mine' >> /etc/default/bbb2pod
    systemctl enable ${ENABLED.map((unit) => path.basename(unit)).join(' ')}
    mkdir -p /srv/bbb-archive && echo lecture > /srv/bbb-archive/lecture.mp4 && chown -R bbb2pod: /srv/bbb-archive`);
  // As root, on the same journal: nothing of it may shut the account out.
  const looked = within('HOME=/root bbb2pod migrate status && HOME=/root bbb2pod live status');
  const theirs = within('find /var/lib/bbb2pod ! -user bbb2pod').stdout.trim();
  promise(
    `life: root's commands share its journal (${theirs || 'all its own'})`,
    looked.status === 0 && theirs === '',
    looked,
  );
  const logs = within("cd /var/log/bbb2pod && ls && stat -c '%U %a' *.log && cat *.log");
  promise(
    'life: [log] directory holds a log of each run',
    /^migrate-recordings-\d{8}-\d{6}-\w{4}\.log$/m.test(logs.stdout) &&
      logs.stdout.includes('bbb2pod 600') &&
      logs.stdout.includes('ended with status 0'),
    logs,
  );
  const started = within(
    `${asAccount('live gateway')} < /dev/null > /dev/null 2> /tmp/gateway.log & sleep 4; pgrep -u bbb2pod -f 'live gateway'; cat /tmp/gateway.log >&2`,
  );
  const pid = started.stdout.trim().split('\n')[0] ?? '';
  promise('life: a service runs', pid !== '', started);
  return pid;
}

function proveUpgrade({ within }: ThrowAwayRoot, pid: string, version: string): void {
  const runs = within(listRuns);
  const sums =
    'cd /etc/bbb2pod && sha256sum bbb2pod.toml bbb.secret && stat -c "%U:%G %a" bbb2pod.toml bbb.secret';
  const own = within(sums).stdout;
  const upgrade = within('dpkg -i --force-confdef --force-confold /root/new.deb && bbb2pod --version');
  promise(`upgrade: ${OLD} to ${version}`, upgrade.stdout.includes(`bbb2pod/${version} `), upgrade);
  promise('upgrade: configuration and secrets as they were', own !== '' && within(sums).stdout === own);
  const files = within(
    'head -1 /etc/default/bbb2pod; tail -1 /etc/default/bbb2pod; head -1 /etc/logrotate.d/bbb2pod',
  );
  const [first, last, untouched = ''] = files.stdout.split('\n');
  promise(
    'upgrade: a file that the administrator changed is kept, one that nobody changed is the new one',
    first === `# of ${OLD}` && last === '# mine' && untouched !== '' && !untouched.includes(OLD),
    files,
  );
  promise(
    'upgrade: nothing of the older program is left',
    within('ls /usr/lib/bbb2pod/dist/gone-since.js').status !== 0,
  );
  const units = within(
    `cd /etc/systemd/system && ls ${ENABLED.join(' ')} && readlink -e ${ENABLED.join(' ')}`,
  );
  promise('upgrade: units and timers stay enabled', units.status === 0, units);
  promise('upgrade: what runs goes on', within(`kill -0 ${pid}`).status === 0);
  const still = within(listRuns);
  promise('upgrade: the journal tells the same', runs.status === 0 && still.stdout === runs.stdout, still);
  const undone = within(
    `${asAccount('migrate undo last --yes')} && ${asAccount('migrate status last --json')}`,
  );
  promise(
    'upgrade: what the older version wrote can be taken back',
    undone.status === 0 && undone.stdout.includes('undone'),
    undone,
  );
}

function proveRemoval({ within }: ThrowAwayRoot, pid: string): void {
  const removed = within('dpkg -r bbb2pod');
  promise('remove: ends', removed.status === 0, removed);
  const alive = within(`kill -0 ${pid}`);
  promise('remove: what ran was asked to end, and ended', alive.status !== 0);
  const kept = within(
    'ls /etc/bbb2pod/bbb2pod.toml /etc/bbb2pod/bbb.secret /var/lib/bbb2pod/journal.sqlite3',
  );
  promise('remove: configuration and journal stay', kept.status === 0, kept);
}

/** What may differ after a purge: files of others that note what dpkg and adduser did, and what belongs to people. */
const MAY_STAY = [
  /^\/etc\/systemd\/system\/[\w.-]+\.wants\/$/,
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/,
  /^\/var\/(lib\/dpkg|log|cache)\//,
  /^\/(root|tmp|srv\/demo|srv\/bbb-archive)\//,
  /^\/(etc\/\.pwd\.lock|run\/adduser)$/,
];

function provePurge(root: ThrowAwayRoot, before: ReadonlySet<string>): void {
  const purged = root.within('dpkg --purge bbb2pod');
  promise('purge: ends', purged.status === 0, purged);
  // A directory of the machine is listed when something in it changed.
  const made = [...root.changed()].filter(
    (file) => !before.has(file) && !(file.endsWith('/') && existsSync(file)),
  );
  const left = made.filter((file) => !MAY_STAY.some((pattern) => pattern.test(file)));
  promise(`purge: leaves no file (${left.slice(0, 5).join(', ') || 'none'})`, left.length === 0);
  const ours = made.filter(
    (file) => file.includes('bbb2pod') && !/^\/(root|tmp|srv\/demo|var\/lib\/dpkg)\//.test(file),
  );
  promise(`purge: nothing bears its name (${ours.slice(0, 5).join(', ') || 'nothing'})`, ours.length === 0);
  const people: Outcome = root.within(
    "cat /srv/bbb-archive/lecture.mp4 && stat -c '%U' /srv/bbb-archive/lecture.mp4",
  );
  promise(
    'purge: recordings stay, and the account that owns them',
    people.stdout === 'lecture\nbbb2pod\n',
    people,
  );
}
