import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from '../../../src/kit/adapters/process/identity.js';
import type { LiveDirectory } from '../../../src/live/adapters/live-store.js';

const LOG_LINES = 14;
/** What an ffmpeg tells of its streams when all is well. */
const SMALL_TALK = /info ffmpeg .*\[info\]/;

/** What one would look at first when a live does not do what it should: its state, and the last lines of its log. */
export function describeLives(stores: readonly LiveDirectory[], nginxLog: string): string {
  const lines = [`machine: load ${tail('/proc/loadavg', 1).join('')}`];
  for (const store of stores) {
    const shown = new Set<string>();
    for (const { job, status, record, keeperAlive } of store.list()) {
      shown.add(job.id);
      const keeper = store.keeper(job.id);
      const children = Object.entries(status?.children ?? {}).map(([name, pid]) => `${name} ${pid}`);
      const running = store.children(job.id).filter(({ pid, startTime }) => isAlive(pid, startTime));
      lines.push(
        `live ${job.id}: keeper ${keeper?.pid ?? 'none'} ${keeperAlive ? 'alive' : 'DEAD'}, phase ${status?.phase ?? 'unknown'}` +
          `${status === null ? '' : ` (told ${((Date.now() - status.updatedAt) / 1000).toFixed(1)} s ago)`}, ` +
          `end ${status?.endReason ?? '-'}, rtmp ${status?.rtmp ?? '-'}, audio ${status?.audio ?? '-'}, repairs ${status?.repairs ?? '-'}, deaths ${record.deaths}`,
        `  encoder ${JSON.stringify(status?.progress ?? null)}`,
        `  incidents ${JSON.stringify(status?.incidents ?? [])}`,
        `  children ${children.join(', ') || 'none'}; running ${running.map(({ pid }) => pid).join(', ') || 'none'}`,
        ...logTail(store, job.id),
      );
    }
    for (const id of finished(store, shown)) lines.push(`over: ${id}`, ...logTail(store, id, 4));
  }
  return [...lines, ...tail(nginxLog, 4).map((line) => `nginx | ${line}`)].join('\n');
}

const logTail = (store: LiveDirectory, id: string, count = LOG_LINES): string[] => [
  ...tail(store.logFile(id), count).map((line) => `  log | ${line.slice(0, 220)}`),
  ...tail(`${store.logFile(id)}.out`, 5).map((line) => `  out | ${line.slice(0, 220)}`),
];

/** Lives whose traces are gone but for their logs, the latest first. */
function finished(store: LiveDirectory, known: ReadonlySet<string>): string[] {
  const directory = path.join(store.root, 'logs');
  return readdirSync(directory)
    .filter((name) => name.endsWith('.log') && !known.has(name.slice(0, -4)))
    .map((name) => ({
      id: name.slice(0, -4),
      at: statSync(path.join(directory, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.at - a.at)
    .slice(0, 2)
    .map(({ id }) => id);
}

function tail(file: string, count: number): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '' && !SMALL_TALK.test(line)).slice(-count);
  } catch {
    return [];
  }
}
