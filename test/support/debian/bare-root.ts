import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type Release = 'bookworm' | 'trixie';

export interface Said {
  readonly status: number | null;
  readonly text: string;
}

/** A Debian with nothing but what debootstrap installs, in a directory of its own. */
export interface BareRoot {
  readonly release: Release;
  readonly directory: string;
  /** A line of bash inside, as root. */
  within(line: string): Said;
}

/*
 * Chromium's sandbox needs user namespaces, which the kernel refuses below a chroot: pivot_root makes the directory the
 * root for good.
 */
const ENTER = `
mount --make-rprivate /
mount --bind "$1" "$1"; cd "$1"
mount -t proc proc proc; mount --rbind /sys sys; mount --rbind /dev dev
mkdir -p .outside; pivot_root . .outside; cd /; umount -l /.outside
export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
bash -c "$2"; exit $?`;

/** Opens the root of that name, made by debootstrap the first time. As root. @throws Error when it cannot be made */
export function openBareRoot(release: Release, directory: string): BareRoot {
  if (!existsSync(path.join(directory, 'etc/debian_version'))) {
    mkdirSync(path.dirname(directory), { recursive: true });
    const made = call('debootstrap', [
      '--variant=minbase',
      '--include=ca-certificates',
      release,
      directory,
      mirror(),
    ]);
    if (made.status !== 0) throw new Error(`debootstrap ${release}: ${made.text.slice(-1000)}`);
  }
  shareNetwork(directory);
  // No daemon is started by a package.
  writeFileSync(path.join(directory, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return {
    release,
    directory,
    within: (line) =>
      call('unshare', [
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'bash',
        '-c',
        ENTER,
        'sh',
        directory,
        line,
      ]),
  };
}

/** Node of this machine with its npm, where the release's own is too old (Debian 12 has 18). */
export function lendNode({ directory }: BareRoot): void {
  const modules = path.resolve(process.execPath, '../../lib/node_modules/npm');
  const local = path.join(directory, 'usr/local');
  copyFileSync(process.execPath, path.join(local, 'bin/node'));
  mkdirSync(path.join(local, 'lib/node_modules'), { recursive: true });
  cpSync(modules, path.join(local, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  writeFileSync(
    path.join(local, 'bin/npm'),
    '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n',
    { mode: 0o755 },
  );
}

function call(file: string, args: readonly string[]): Said {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, text: `${stdout}${stderr}` };
}

/** The machine's own source of packages: its names, certificates and settings go into the root. */
function shareNetwork(directory: string): void {
  const files = ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs/ca-certificates.crt', '/etc/npmrc'];
  for (const file of files) if (existsSync(file)) copyInto(directory, file, file);
  const own = path.join(os.homedir(), '.npmrc');
  if (existsSync(own)) copyInto(directory, own, '/root/.npmrc');
  for (const name of readdirSync('/etc/apt/apt.conf.d')) {
    const file = path.join('/etc/apt/apt.conf.d', name);
    if (/Acquire|Proxy/.test(readFileSync(file, 'utf8'))) copyInto(directory, file, file);
  }
}

function copyInto(directory: string, from: string, to: string): void {
  const target = path.join(directory, to);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(from));
}

function mirror(): string {
  const lists = readdirSync('/etc/apt/sources.list.d').map((name) =>
    path.join('/etc/apt/sources.list.d', name),
  );
  const text = [...lists, '/etc/apt/sources.list']
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const uri = /(?:^URIs: |^deb (?:\[[^\]]*\] )?)(\S+\/debian)\/?(?=\s|$)/m.exec(text)?.[1];
  if (uri === undefined) throw new Error('no source of Debian itself in /etc/apt');
  return uri;
}
