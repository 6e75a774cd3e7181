import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ComposePort } from '../backends/container-rig.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { texts } from '../texts.js';

export interface ComposeSettings {
  /** The slot's own directory: docker-compose.yml and videodata/. */
  readonly directory: string;
  readonly text: string;
  /** Path of the next part of the recording; null drops what was recorded. */
  readonly nextRecordingFile: () => string | null;
  readonly log: (message: string) => void;
}

/** Drives `docker compose` (the plugin, else docker-compose) for one slot. */
export function dockerCompose({ directory, text, nextRecordingFile, log }: ComposeSettings): ComposePort {
  const file = path.join(directory, 'docker-compose.yml');
  const compose = async (what: string, args: readonly string[], signal?: AbortSignal): Promise<string> => {
    const [program = 'docker-compose', ...front] = await composeProgram();
    const { code, stdout, stderrTail } = await runToEnd({
      file: program,
      args: [...front, '-f', file, ...args],
      cwd: directory,
      timeLimitMs: 10 * 60_000,
      mustSucceed: false,
      onStderrLine: (line) => log(`compose ${line}`),
      ...(signal === undefined ? {} : { signal }),
    });
    if (code !== 0)
      throw texts.liveComposeFailed({
        what,
        file,
        detail: stderrTail.slice(-3).join(' | '),
      });
    return stdout.toString();
  };
  return {
    up: async (signal) => {
      mkdirSync(path.join(directory, 'videodata'), { recursive: true, mode: 0o755 });
      writeFileSync(file, text, { mode: 0o600 });
      chmodSync(file, 0o600);
      await compose('config', ['config', '-q'], signal);
      await compose('up', ['up', '-d', '--remove-orphans'], signal);
    },
    isUp: async () => (await compose('ps', ['ps', '-q'])).trim() !== '',
    down: async () => {
      if (existsSync(file)) await compose('down', ['down', '-t', '20']);
    },
    collect: () => {
      const videos = path.join(directory, 'videodata');
      if (!existsSync(videos)) return;
      for (const name of readdirSync(videos)
        .filter((entry) => entry.endsWith('.mkv'))
        .sort()) {
        const target = nextRecordingFile();
        if (target !== null) renameSync(path.join(videos, name), target);
      }
    },
  };
}

let found: readonly string[] | undefined;

/** The plugin where it is installed, else Debian's docker-compose 1.29. */
export async function composeProgram(): Promise<readonly string[]> {
  if (found !== undefined) return found;
  const plugin = await runToEnd({
    file: 'docker',
    args: ['compose', 'version'],
    mustSucceed: false,
    timeLimitMs: 10_000,
  }).catch(() => null);
  found = plugin?.code === 0 ? ['docker', 'compose'] : ['docker-compose'];
  return found;
}
