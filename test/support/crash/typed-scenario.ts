import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import { createGreenlight } from '../greenlight-site.js';
import { recordIdOf } from '../import-run.js';
import { advanceSequences, createPod, insertUser, type TestPod } from '../pod.js';
import { createDatabase } from '../servers.js';
import type { Scenario } from './scenario.js';
import { unfinishedBelow } from './traces.js';
import { restorePod, visible } from './visible-pod.js';

const root = path.resolve(import.meta.dirname, '../../..');
const killing = path.join(import.meta.dirname, 'kill-at-write.mjs');
const RECORDINGS = 12;

const recording = (n: number): string => {
  const id = recordIdOf(n);
  const start = Number(id.split('-')[1]);
  return `<recording><recordID>${id}</recordID><meetingID>room-${n % 4}</meetingID><name>Cours ${n}</name>
  <published>true</published><state>published</state><startTime>${start}</startTime><endTime>${start + 60_000}</endTime>
  <playback><format><type>video</type><length>1</length><url>https://bbb.univ.fr/playback/video/${id}/</url></format></playback></recording>`;
};

interface Typed {
  readonly status: number | null;
  readonly text: string;
}

/** The built command on a Pod, a list of BBB's and owners: who has an account, who gets one, rooms of Greenlight. */
async function site(engine: TestPod['engine'], sections: readonly string[] = []) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  const pod = await createPod({ engine, version: '4.1.0' });
  await insertUser(pod.admin, 3, 'bdupont');
  if (engine === 'postgresql') await advanceSequences(pod.admin);
  const all = Array.from({ length: RECORDINGS }, (_, i) => i + 1);
  writeFileSync(
    path.join(directory, 'list.xml'),
    `<response><returncode>SUCCESS</returncode><recordings>${all.map(recording).join('\n')}</recordings></response>`,
  );
  writeFileSync(
    path.join(directory, 'owners.csv'),
    ['key;owner', ...all.map((n) => `${recordIdOf(n)};${n % 3 === 0 ? `new${n % 2}` : 'amartin'}`)].join(
      '\n',
    ),
  );
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    [`state_dir = "${directory}/state"`, `[pod]\ndatabase = "${pod.test.url}"`, ...sections].join('\n'),
    { mode: 0o600 },
  );
  const start = (words: readonly string[], temporary: string, step = 0): ChildProcess =>
    spawn(process.execPath, ['--import', killing, path.join(root, 'bin/run.js'), ...words], {
      cwd: directory,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: directory,
        NODE_ENV: 'production',
        TMPDIR: temporary,
        KILL_AT_WRITE: String(step),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const type = (words: readonly string[], temporary: string): Promise<Typed> => {
    const child = start(words, temporary);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, text })));
  };
  const must = async (words: readonly string[], temporary: string): Promise<string> => {
    const { status, text } = await type(words, temporary);
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${String(status)}: ${text.slice(-600)}`);
    return text;
  };
  /** Takes back what runs wrote since those. */
  const undoBut = async (known: ReadonlySet<string>): Promise<void> => {
    const journal = openJournal(path.join(directory, 'state'));
    const runs = journal
      .listRuns({ command: 'migrate recordings' })
      .filter(({ id, state }) => !known.has(id) && state !== 'undone')
      .reverse();
    journal.close();
    for (const { id } of runs) await must(['migrate', 'undo', id, '--yes'], os.tmpdir());
  };
  return { directory, pod, start, must, undoBut };
}

const importing = ['migrate', 'recordings', '--use-import-video', '--from-xml', 'list.xml'];

/**
 * A Pod that was put back to before two runs of the journal, and one of the two answers: `--recreate` gives all again,
 * `--accept-removed` leaves it. Whatever is killed, the same command typed again ends as one that nobody killed, and a
 * third run without the flag finds nothing to do.
 */
export async function restoredScenario(
  engine: 'sqlite' | 'postgresql',
  answer: '--recreate' | '--accept-removed',
): Promise<Scenario> {
  const { directory, pod, start, must, undoBut } = await site(engine, [
    '[migrate]\nowners_file = "owners.csv"',
  ]);
  const before = await pod.dump();
  const file = pod.test.url.replace(/^sqlite:/, '');
  if (engine === 'sqlite') {
    await pod.admin.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(file, `${file}.before`);
  }
  const state = path.join(directory, 'state');
  await must([...importing, '--max', '5'], os.tmpdir());
  await must([...importing, '--max', '9'], os.tmpdir());
  if (engine === 'sqlite') {
    await pod.admin.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(`${file}.before`, file);
  } else {
    await restorePod(pod, before);
    await advanceSequences(pod.admin);
  }
  if (!isDeepStrictEqual(await pod.dump(), before)) throw new Error('the Pod is not as it was');
  cpSync(state, `${state}.lost`, { recursive: true });
  const journal = openJournal(state);
  const lost = new Set(journal.listRuns().map(({ id }) => id));
  journal.close();
  const words = [...importing, answer];
  return {
    name: `${answer} on ${engine}`,
    start: (step, temporary) => start(words, temporary, step),
    finish: async (temporary) => {
      await must(words, temporary);
      const third = await must(importing, temporary);
      if (!third.includes('Nothing was left to do')) throw new Error(`a third run: ${third.slice(-600)}`);
    },
    look: async () => [await visible(pod), unfinishedBelow(state)],
    reset: async () => {
      await undoBut(lost);
      if (engine === 'postgresql') await advanceSequences(pod.admin);
      const now = await pod.dump();
      rmSync(state, { recursive: true });
      cpSync(`${state}.lost`, state, { recursive: true });
      if (!isDeepStrictEqual(now, before)) {
        await restorePod(pod, before);
        throw new Error('undo left something behind');
      }
      // Counters stand above what was given meanwhile: a Pod that was put back has those of its copy.
      if (engine === 'sqlite') {
        await pod.admin.raw('PRAGMA wal_checkpoint(TRUNCATE)');
        copyFileSync(`${file}.before`, file);
      }
    },
    close: async () => {
      await pod.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** `--use-database-greenlight`: owners and sharers of rooms. */
export async function greenlightScenario(engine: 'sqlite' | 'postgresql'): Promise<Scenario> {
  const greenlight = await createDatabase('postgresql');
  await createGreenlight(
    greenlight,
    '3',
    [
      { key: 'Anne', email: 'amartin@univ.fr', externalId: 'amartin' },
      { key: 'Bruno', email: 'bdupont@univ.fr', externalId: 'bdupont' },
      { key: 'Nobody', email: 'nobody@univ.fr' },
    ],
    [
      { key: 'Salle 0', owner: 'Anne', meetingId: 'room-0', shared: ['Bruno'] },
      { key: 'Salle 1', owner: 'Bruno', meetingId: 'room-1' },
      { key: 'Salle 2', owner: 'Nobody', meetingId: 'room-2', shared: ['Anne'] },
    ],
  );
  const { directory, pod, start, must, undoBut } = await site(engine, [
    `[greenlight.default]\ndatabase = "${greenlight.url}"\nshared = "owners"`,
  ]);
  const before = await pod.dump();
  const state = path.join(directory, 'state');
  mkdirSync(state, { recursive: true });
  const words = [...importing, '--use-database-greenlight'];
  return {
    name: `Greenlight's owners on ${engine}`,
    start: (step, temporary) => start(words, temporary, step),
    finish: async (temporary) => {
      await must(words, temporary);
    },
    look: async () => [await visible(pod), unfinishedBelow(state)],
    reset: async () => {
      await undoBut(new Set());
      const now = await pod.dump();
      rmSync(state, { recursive: true });
      if (!isDeepStrictEqual(now, before)) {
        await restorePod(pod, before);
        throw new Error('undo left something behind');
      }
    },
    close: async () => {
      await pod.drop();
      await greenlight.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
