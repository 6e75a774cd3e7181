import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { run, type Outcome } from './promises.js';

export interface ThrowAwayRoot {
  readonly directory: string;
  /** Runs a shell script inside. */
  readonly within: (script: string) => Outcome;
  /** What was made or changed inside, as absolute paths; those of directories end with a slash. */
  readonly changed: () => Set<string>;
  readonly close: () => void;
}

/**
 * Enters as a container does, for a process of a mere chroot may make no name space, and Chromium has no sandbox then.
 * $0 is the root, $1 the script; the mounts end with it.
 */
const ENTER =
  'cd "$0" && mount --rbind /dev dev && mount --bind /proc proc && pivot_root . mnt && umount -l mnt && exec chroot . /bin/sh -c "$1"';

/** A copy-on-write root of this machine, without its Node and without a bbb2pod of its own. Needs root. @throws Error where overlays cannot be mounted */
export function openRoot(work: string): ThrowAwayRoot {
  const [upper = '', scratch = '', directory = ''] = ['upper', 'scratch', 'merged'].map((name) =>
    path.join(work, name),
  );
  for (const each of [upper, scratch, directory]) mkdirSync(each, { recursive: true });
  const options = `lowerdir=/,upperdir=${upper},workdir=${scratch}`;
  const mounted = run('mount', ['-t', 'overlay', 'overlay', '-o', options, directory]);
  if (mounted.status !== 0) throw new Error(`no copy-on-write root: ${mounted.stderr}`);
  const within = (script: string): Outcome =>
    run('unshare', ['--mount', '/bin/sh', '-c', ENTER, directory, script]);
  within(`for name in node npm npx; do rm -f $(which -a $name); done
    rm -rf /etc/bbb2pod /var/lib/bbb2pod /var/log/bbb2pod`);
  return {
    directory,
    within,
    changed: () => {
      // A character device stands for what was removed.
      const { stdout } = run('find', [upper, '-not', '-type', 'c', '-printf', '%y /%P\\n']);
      const lines = stdout.split('\n').filter((line) => line !== '');
      return new Set(lines.map((line) => line.slice(2) + (line.startsWith('d') ? '/' : '')));
    },
    close: () => {
      killWithin(upper);
      run('umount', [directory]);
    },
  };
}

/** Ends what a script left running: those who live in a mount space of their own that holds this root. */
function killWithin(upper: string): void {
  const own = readlinkSync('/proc/self/ns/mnt');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const holds = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(upper);
      if (holds && readlinkSync(`/proc/${pid}/ns/mnt`) !== own) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone meanwhile, or a thread of the kernel.
    }
  }
}
