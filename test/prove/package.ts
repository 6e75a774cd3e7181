/* `npm run prove package`: builds both packages, then installs each where nothing of this checkout is. The tarball: an
   empty directory, no development dependency, no browser download, its size, the commands. The .deb: lintian, then
   dpkg itself in a copy-on-write root without Node, its units, completions and manual page; what the Containerfile does;
   an older version in use, the upgrade, the removal, the purge (support/package/prove-life.ts).
   As root (mounts). Ends with status 1 when a promise is not kept. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { broken, promise, run, type Outcome } from '../support/package/promises.js';
import { proveLife } from '../support/package/prove-life.js';
import { openRoot } from '../support/package/throw-away-root.js';

const LIMIT_BYTES = 150_000_000;
const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-package-'));
try {
  // The argument `built` proves what stands there already.
  if (process.argv[2] !== 'built')
    promise('npm run package', run('npm', ['run', '--silent', 'package'], root).status === 0);
  proveTarball();
  const deb = proveDeb();
  proveContainer(deb);
  proveLife(path.join(work, 'life'), deb, version);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(broken.length === 0 ? 'package: all kept\n' : `package: ${broken.length} BROKEN\n`);
process.exitCode = broken.length === 0 ? 0 : 1;

function proveTarball(): void {
  const cwd = path.join(work, 'empty');
  mkdirSync(cwd);
  const tarball = path.join(root, `bbb2pod-${version}.tgz`);
  const install = run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', tarball], cwd);
  promise(
    'npm pack: installs in an empty directory, without a browser download',
    install.status === 0,
    install,
  );
  const modules = path.join(cwd, 'node_modules');
  const bytes = bytesBelow(modules);
  promise(`npm pack: ${(bytes / 1e6).toFixed(0)} MB installed (limit 150)`, bytes < LIMIT_BYTES);
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const present = Object.keys(devDependencies).filter((name) => exists(path.join(modules, name)));
  // @types/node comes with run-time packages that name it.
  const unwanted = present.filter((name) => name !== '@types/node');
  promise(`npm pack: no development dependency (${unwanted.join(', ') || 'none'})`, unwanted.length === 0);
  proveCommands('npm pack', (words, directory) => run(path.join(modules, '.bin/bbb2pod'), words, directory));
}

function proveDeb(): string {
  const [deb = ''] = readdirSync(root).filter((name) => name.startsWith(`bbb2pod_${version}-1_`));
  const file = path.join(root, deb);
  const control = run('dpkg-deb', ['--field', file, 'Depends']).stdout;
  promise(`deb: declares ${control.trim()}`, control.includes('chromium') && control.includes('ffmpeg'));
  const lint = run('lintian', ['--fail-on', 'error', '--tag-display-limit', '0', file]);
  promise(`deb: lintian finds no error`, lint.status === 0, lint);
  const made = openRoot(path.join(work, 'deb'));
  const { within } = made;
  try {
    run('cp', [file, path.join(made.directory, 'root/bbb2pod.deb')]);
    const install = within(
      '! command -v node && mkdir -m 700 /var/lib/bbb2pod && touch /var/lib/bbb2pod/of-root && dpkg -i /root/bbb2pod.deb',
    );
    promise('deb: dpkg installs it on a machine without Node', install.status === 0, install);
    proveCommands('deb', (words, directory) =>
      within(`mkdir -p '${directory}' && cd '${directory}' && HOME=/root exec bbb2pod ${words.join(' ')}`),
    );
    const modes = within(
      "cd /var/lib/bbb2pod && stat -c '%U:%G %a' /etc/bbb2pod . /var/log/bbb2pod && stat -c %U of-root",
    ).stdout.trim();
    promise(
      `deb: account and directories (${modes.replaceAll('\n', ', ')})`,
      modes.split('\n').join() === 'root:bbb2pod 2750,bbb2pod:bbb2pod 750,bbb2pod:bbb2pod 750,bbb2pod',
    );
    const units = within(
      'cd /usr/lib/systemd/system && systemd-analyze verify --man=yes bbb2pod-*.service bbb2pod-*.timer',
    );
    const complaints = (units.stdout + units.stderr).split('\n').filter((line) => line.includes('bbb2pod'));
    promise(`deb: systemd-analyze verify on every unit`, complaints.length === 0, units);
    const page = within('MANWIDTH=80 man --warnings bbb2pod 2>&1 | head -5');
    promise(
      'deb: the manual page',
      page.stdout.includes('BBB2POD(1)') && !page.stdout.includes('warning'),
      page,
    );
    const rotate = within(
      'which logrotate > /dev/null || exit 0; logrotate --debug /etc/logrotate.d/bbb2pod',
    );
    promise('deb: the logrotate rule', rotate.status === 0, rotate);
    proveCompletions(within);
  } finally {
    made.close();
  }
  return file;
}

/** What the Containerfile does, in a root of its own: no container engine is at hand, its commands are. */
function proveContainer(deb: string): void {
  const lines = readFileSync(path.join(root, 'config/Containerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n');
  const of = (name: string): string =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const made = openRoot(path.join(work, 'container'));
  try {
    const [pattern = '', into = ''] = of('COPY').split(' ');
    const name = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    promise(`container: COPY ${pattern} finds the package`, name.test(path.basename(deb)));
    run('cp', [deb, path.join(made.directory, into)]);
    // The lists of this machine stand in for `apt-get update`.
    const installed = made.within(of('RUN').replace(/apt-get update\s*&&\s*/, ''));
    promise('container: its RUN installs', installed.status === 0, installed);
    const words = [...(JSON.parse(of('ENTRYPOINT')) as string[]), ...(JSON.parse(of('CMD')) as string[])];
    const started = made.within(
      `cd ${of('WORKDIR')} && HOME=${of('WORKDIR')} ${of('ENV')} setpriv --reuid ${of('USER')} --regid ${of('USER')} --init-groups ${words.join(' ')}`,
    );
    promise(`container: ${words.join(' ')}, as ${of('USER')}`, started.stdout.includes('USAGE'), started);
  } finally {
    made.close();
  }
}

/** The same commands, however they were installed. */
function proveCommands(how: string, bbb2pod: (words: string[], directory: string) => Outcome): void {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-installed-'));
  try {
    const said = bbb2pod(['--version'], directory);
    promise(`${how}: ${said.stdout.trim()}`, said.stdout.startsWith(`bbb2pod/${version} `), said);
    const help = bbb2pod(['migrate', 'recordings', '--help'], directory);
    promise(`${how}: migrate recordings --help`, help.stdout.includes('--use-import-video'), help);
    const demo = bbb2pod(['demo', '--directory', path.join(directory, 'demo')], directory);
    promise(
      `${how}: demo, with the conversion`,
      demo.status === 0 && demo.stdout.includes('lecture.mp4'),
      demo,
    );
    const render = bbb2pod(['cluster', 'demo', '--help'], directory);
    promise(`${how}: cluster demo --help`, render.status === 0, render);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function proveCompletions(within: (script: string) => Outcome): void {
  const bash = within(
    `bash -c '. /usr/share/bash-completion/completions/bbb2pod; COMP_WORDS=(bbb2pod migrate rec); COMP_CWORD=2; _bbb2pod; echo "\${COMPREPLY[@]}"'`,
  );
  promise('deb: bash completes', bash.stdout.trim() === 'recordings', bash);
  const zsh = within(
    `zsh -fc 'autoload -Uz compinit; compinit -u -d /tmp/zcd; whence -w _bbb2pod; print $_comps[bbb2pod]'`,
  );
  promise(
    'deb: zsh loads',
    zsh.stdout.includes('_bbb2pod: function') && zsh.stdout.trim().endsWith('_bbb2pod'),
    zsh,
  );
  const fish = within(`HOME=/root fish -c 'complete -C "bbb2pod migrate rec"'`);
  promise('deb: fish completes', fish.stdout.startsWith('recordings'), fish);
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(path.join(entry.parentPath, entry.name)).size, 0);
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
