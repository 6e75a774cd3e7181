import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Marks } from '../secrets/marks.js';
import type { LiveBench } from './bench.js';

export interface LeakSearch {
  /** Leaves out ffmpeg's own RTMP target, the one exception of docs/live.md. Default true. */
  readonly exceptTarget?: boolean;
  /** Processes of the product beside the keepers. */
  readonly more?: readonly number[];
  /** Files below the state directory that may hold a secret. */
  readonly mayHold?: (file: string) => boolean;
}

/**
 * Looks for marked secrets in all that a live on air shows: arguments and environment of the keepers and of whatever
 * they started, state files, logs.
 * @returns `WHERE: SECRET` for each, sorted, and the programs that were looked at.
 */
export function leaksOnAir(
  bench: LiveBench,
  marks: Marks,
  { exceptTarget = true, more = [], mayHold = () => false }: LeakSearch = {},
): { leaks: string[]; programs: string[] } {
  const keepers = bench.store.list().flatMap(({ job }) => bench.store.keeper(job.id)?.pid ?? []);
  const programs = new Set<string>();
  const leaks = [...new Set(family([...keepers, ...more]))].flatMap((pid) => {
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    const program = nameOf(words);
    programs.add(program);
    const shown =
      exceptTarget && program === 'ffmpeg'
        ? words.map((word) => word.replace(/rtmps?:\/\/[^|\s]+/g, 'rtmp:'))
        : words;
    return [
      ...marks.in(shown.join(' ')).map((place) => `arguments of ${program}: ${place}`),
      ...marks.in(read(`/proc/${pid}/environ`)).map((place) => `environment of ${program}: ${place}`),
    ];
  });
  const state = path.dirname(bench.store.root);
  const files = marks.inFiles(state, mayHold).map((found) => `file ${found}`);
  return { leaks: [...leaks, ...files].sort(), programs: [...programs].sort() };
}

/** Chromium writes its whole command line into the first word. */
const nameOf = (words: readonly string[]): string =>
  words.includes('keep') ? 'keeper' : path.basename((words[0] ?? '').split(' ')[0] ?? '');

/** Processes and all their descendants. */
function family(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const parent = Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const withDescendants = (pid: number): number[] => [
    pid,
    ...(children.get(pid) ?? []).flatMap(withDescendants),
  ];
  return roots.flatMap(withDescendants);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
