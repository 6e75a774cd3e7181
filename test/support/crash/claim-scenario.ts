import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSampleRecordings } from '../../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer } from '../../../src/bbb-server/sample/sample-server.js';
import { makeVideo } from '../make-video.js';
import { createPod } from '../pod.js';
import type { Scenario } from './scenario.js';
import { unfinishedBelow } from './traces.js';

const root = path.resolve(import.meta.dirname, '../../..');

/** `migrate recordings --use-manual-claim` of ready videos, the built command: downloads, claim files, journal. */
export async function claimScenario(): Promise<Scenario> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  const pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
  const samples = await readSampleRecordings(path.join(root, 'fixtures/getrecordings'));
  const ids: string[] = [];
  for (const { recording } of samples) {
    const announced = recording.formats.find(({ type }) => type === 'video');
    if (announced === undefined) continue;
    ids.push(recording.recordId);
    const folder = path.join(directory, 'published/video', recording.recordId);
    mkdirSync(folder, { recursive: true });
    makeVideo(path.join(folder, 'video-0.m4v'), announced.lengthMinutes ?? 1);
  }
  const bbb = await startSampleServer({
    secret: 'crash',
    recordings: samples,
    directory: path.join(directory, 'published'),
  });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "crash"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\n`,
  );
  const claims = path.join(directory, 'ftp/bbb');
  const reset = (): Promise<void> => {
    for (const name of ['ftp', 'state']) rmSync(path.join(directory, name), { recursive: true, force: true });
    mkdirSync(claims, { recursive: true });
    return Promise.resolve();
  };
  await reset();
  const start = (temporary: string, bandwidth: readonly string[]) =>
    spawn(
      process.execPath,
      [
        path.join(root, 'bin/run.js'),
        'migrate',
        'recordings',
        '--use-manual-claim',
        ...bandwidth,
        ...ids.flatMap((id) => ['--recording', id]),
      ],
      {
        cwd: directory,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: directory,
          NODE_ENV: 'production',
          TMPDIR: temporary,
        },
        stdio: 'ignore',
      },
    );
  return {
    name: 'claims by the built command',
    // Slowed down, so that kills meet downloads, too.
    start: (_step, temporary) => start(temporary, ['--bandwidth', '1M']),
    finish: async (temporary) => {
      const status = await new Promise((resolve) => start(temporary, []).once('close', resolve));
      if (status !== 0) throw new Error(`the second run ended with ${String(status)}`);
    },
    look: async () => [
      readdirSync(claims)
        .sort()
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(path.join(claims, name)))
            .digest('hex'),
        ]),
      (await pod.rows('recorder_recording')).length,
      unfinishedBelow(path.join(directory, 'state')),
    ],
    reset,
    close: async () => {
      await bbb.close();
      await pod.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
