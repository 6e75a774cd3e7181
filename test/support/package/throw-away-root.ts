import { mkdirSync } from 'node:fs';
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

/** A copy-on-write root of this machine, without its Node. Needs root. @throws Error where overlays cannot be mounted */
export function openRoot(work: string): ThrowAwayRoot {
  const [upper = '', scratch = '', directory = ''] = ['upper', 'scratch', 'merged'].map((name) =>
    path.join(work, name),
  );
  for (const each of [upper, scratch, directory]) mkdirSync(each, { recursive: true });
  const options = `lowerdir=/,upperdir=${upper},workdir=${scratch}`;
  const mounted = run('mount', ['-t', 'overlay', 'overlay', '-o', options, directory]);
  if (mounted.status !== 0) throw new Error(`no copy-on-write root: ${mounted.stderr}`);
  // The copy has no devices of its own.
  for (const name of ['dev', 'proc']) run('mount', ['--bind', `/${name}`, path.join(directory, name)]);
  const within = (script: string): Outcome => run('chroot', [directory, '/bin/sh', '-c', script]);
  within('for name in node npm npx; do rm -f $(which -a $name); done');
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
      for (const name of ['dev', 'proc', '']) run('umount', [path.join(directory, name)]);
    },
  };
}
