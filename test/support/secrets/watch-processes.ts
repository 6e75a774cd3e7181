import { readdirSync, readFileSync } from 'node:fs';

export interface Seen {
  /** `PROGRAM ARGUMENTS` of each descendant, and of the process itself. */
  readonly commandLines: Set<string>;
  /** Environment of the descendants that are not bbb2pod itself: those may know its configuration. */
  readonly environments: Set<string>;
}

/** Looks at a process and its descendants every few milliseconds until `stop`. */
export function watchProcesses(pid: number): { readonly seen: Seen; stop: () => Seen } {
  const seen: Seen = { commandLines: new Set(), environments: new Set() };
  const look = (): void => {
    for (const each of [pid, ...descendants(pid)]) {
      const commandLine = read(`/proc/${each}/cmdline`).replaceAll('\0', ' ');
      if (commandLine === '') continue;
      seen.commandLines.add(commandLine);
      if (!commandLine.includes('bin/run.js'))
        seen.environments.add(`${commandLine}\n${read(`/proc/${each}/environ`)}`);
    }
  };
  const timer = setInterval(look, 15);
  return {
    seen,
    stop: () => {
      clearInterval(timer);
      return seen;
    },
  };
}

function descendants(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const children = threads.flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
