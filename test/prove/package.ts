/* `npm run prove:package`: builds both packages, then installs each where nothing of this checkout is. The tarball: an
   empty directory, no development dependency, no browser download, its size, the commands. The .deb: lintian, then
   dpkg itself in a copy-on-write root without Node, its units, completions and manual page, an upgrade, a purge.
   As root (mounts). Ends with status 1 when a promise is not kept. */
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const LIMIT_BYTES = 150_000_000;
const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const problems: string[] = [];
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-package-'));
try {
  // The argument `built` proves what stands there already.
  if (process.argv[2] !== 'built')
    expect('npm run package', run('npm', ['run', '--silent', 'package'], { cwd: root }).status === 0);
  proveTarball();
  proveDeb();
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(problems.length === 0 ? 'package: all kept\n' : `package: ${problems.length} BROKEN\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function proveTarball(): void {
  const cwd = path.join(work, 'empty');
  mkdirSync(cwd);
  const tarball = path.join(root, `bbb2pod-${version}.tgz`);
  const install = run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', tarball], { cwd });
  expect(
    'npm pack: installs in an empty directory, without a browser download',
    install.status === 0,
    install,
  );
  const modules = path.join(cwd, 'node_modules');
  const bytes = bytesBelow(modules);
  expect(`npm pack: ${(bytes / 1e6).toFixed(0)} MB installed (limit 150)`, bytes < LIMIT_BYTES);
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const present = Object.keys(devDependencies).filter((name) => exists(path.join(modules, name)));
  // @types/node comes with run-time packages that name it.
  const unwanted = present.filter((name) => name !== '@types/node');
  expect(`npm pack: no development dependency (${unwanted.join(', ') || 'none'})`, unwanted.length === 0);
  proveCommands('npm pack', (words, directory) =>
    run(path.join(modules, '.bin/bbb2pod'), words, { cwd: directory }),
  );
}

function proveDeb(): void {
  const [deb = ''] = readdirSync(root).filter((name) => name.startsWith(`bbb2pod_${version}-1_`));
  const file = path.join(root, deb);
  const control = run('dpkg-deb', ['--field', file, 'Depends']).stdout;
  expect(`deb: declares ${control.trim()}`, /chromium/.test(control) && /ffmpeg/.test(control));
  const lint = run('lintian', ['--fail-on', 'error', '--tag-display-limit', '0', file]);
  expect(`deb: lintian finds no error`, lint.status === 0, lint);
  const [upper, scratch, merged] = ['upper', 'scratch', 'merged'].map((name) => path.join(work, name));
  for (const directory of [upper, scratch, merged]) mkdirSync(directory ?? '');
  const mount = [
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=/,upperdir=${upper},workdir=${scratch}`,
    merged ?? '',
  ];
  expect('deb: a copy-on-write root', run('mount', mount).status === 0);
  // The copy has no devices of its own.
  for (const name of ['dev', 'proc']) run('mount', ['--bind', `/${name}`, path.join(merged ?? '', name)]);
  const within = (script: string): Outcome => run('chroot', [merged ?? '', '/bin/sh', '-c', script]);
  try {
    run('cp', [file, path.join(merged ?? '', 'root/bbb2pod.deb')]);
    const install = within('rm -f /usr/bin/node /usr/bin/npm; dpkg -i /root/bbb2pod.deb');
    expect('deb: dpkg installs it on a machine without Node', install.status === 0, install);
    proveCommands('deb', (words, directory) =>
      within(`mkdir -p '${directory}' && cd '${directory}' && HOME=/root exec bbb2pod ${words.join(' ')}`),
    );
    const modes = within("stat -c '%U:%G %a' /etc/bbb2pod /var/lib/bbb2pod /var/log/bbb2pod").stdout.trim();
    expect(
      `deb: account and directories (${modes.replaceAll('\n', ', ')})`,
      modes.split('\n').join() === 'root:bbb2pod 750,bbb2pod:bbb2pod 750,bbb2pod:bbb2pod 750',
    );
    const units = within(
      'cd /usr/lib/systemd/system && systemd-analyze verify --man=yes bbb2pod-*.service bbb2pod-*.timer',
    );
    const complaints = (units.stdout + units.stderr).split('\n').filter((line) => line.includes('bbb2pod'));
    expect(`deb: systemd-analyze verify on every unit`, complaints.length === 0, units);
    const page = within('MANWIDTH=80 man --warnings bbb2pod 2>&1 | head -5');
    expect('deb: the manual page', /BBB2POD\(1\)/.test(page.stdout) && !/warning/.test(page.stdout), page);
    const rotate = within(
      'which logrotate > /dev/null || exit 0; logrotate --debug /etc/logrotate.d/bbb2pod',
    );
    expect('deb: the logrotate rule', rotate.status === 0, rotate);
    proveCompletions(within);
    const upgrade = within(
      "echo '# mine' >> /etc/default/bbb2pod; dpkg -i --force-confdef --force-confold /root/bbb2pod.deb && tail -1 /etc/default/bbb2pod",
    );
    expect(
      'deb: installing again keeps what the administrator wrote',
      /# mine/.test(upgrade.stdout),
      upgrade,
    );
    const gone = within(
      'dpkg --purge bbb2pod; ls -d /usr/lib/bbb2pod /usr/bin/bbb2pod /var/lib/bbb2pod /etc/default/bbb2pod 2>/dev/null',
    );
    expect(
      'deb: purge leaves nothing',
      gone.stdout.split('\n').filter((line) => line.startsWith('/')).length === 0,
      gone,
    );
  } finally {
    for (const name of ['dev', 'proc', '']) run('umount', [path.join(merged ?? '', name)]);
  }
}

/** The same commands, however they were installed. */
function proveCommands(how: string, bbb2pod: (words: string[], directory: string) => Outcome): void {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-installed-'));
  try {
    const said = bbb2pod(['--version'], directory);
    expect(`${how}: ${said.stdout.trim()}`, said.stdout.startsWith(`bbb2pod/${version} `), said);
    const help = bbb2pod(['migrate', 'recordings', '--help'], directory);
    expect(`${how}: migrate recordings --help`, help.stdout.includes('--use-import-video'), help);
    const demo = bbb2pod(['demo', '--directory', path.join(directory, 'demo')], directory);
    expect(
      `${how}: demo, with the conversion`,
      demo.status === 0 && demo.stdout.includes('lecture.mp4'),
      demo,
    );
    const render = bbb2pod(['cluster', 'demo', '--help'], directory);
    expect(`${how}: cluster demo --help`, render.status === 0, render);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function proveCompletions(within: (script: string) => Outcome): void {
  const bash = within(
    `bash -c '. /usr/share/bash-completion/completions/bbb2pod; COMP_WORDS=(bbb2pod migrate rec); COMP_CWORD=2; _bbb2pod; echo "\${COMPREPLY[@]}"'`,
  );
  expect('deb: bash completes', bash.stdout.trim() === 'recordings', bash);
  const zsh = within(
    `zsh -fc 'autoload -Uz compinit; compinit -u -d /tmp/zcd; whence -w _bbb2pod; print $_comps[bbb2pod]'`,
  );
  expect(
    'deb: zsh loads',
    zsh.stdout.includes('_bbb2pod: function') && zsh.stdout.trim().endsWith('_bbb2pod'),
    zsh,
  );
  const fish = within(`HOME=/root fish -c 'complete -C "bbb2pod migrate rec"'`);
  expect('deb: fish completes', fish.stdout.startsWith('recordings'), fish);
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of npm's or Puppeteer's own environment reaches what is proved. */
function run(file: string, args: string[], { cwd = work }: { cwd?: string } = {}): Outcome {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
  };
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

function expect(promise: string, kept: boolean, told?: Outcome): void {
  process.stdout.write(`${kept ? 'kept  ' : 'BROKEN'} ${promise}\n`);
  if (kept) return;
  problems.push(promise);
  if (told !== undefined) process.stdout.write(`${(told.stdout + told.stderr).slice(-3000)}\n`);
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(path.join(entry.parentPath, entry.name)).size, 0);
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
