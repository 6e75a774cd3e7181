import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { emptyDirectory, runCli } from '../e2e/run-cli.js';
import { createPod } from '../support/pod.js';
import { recordIdOf } from '../support/import-run.js';

const ROWS = 'import_video_externalrecording';
const NAMES = ['imported', 'by its video', 'under way', 'failed', 'waiting'] as const;

const presentation = (n: number): string => {
  const id = recordIdOf(n);
  const start = Number(id.split('-')[1]);
  return `<recording><recordID>${id}</recordID><meetingID>room-${n}</meetingID><name>${NAMES[n - 1] ?? ''}</name>
  <published>true</published><state>published</state><startTime>${start}</startTime><endTime>${start + 60_000}</endTime>
  <playback><format><type>presentation</type><length>1</length>
  <url>https://bbb.univ.fr/playback/presentation/2.3/${id}</url></format></playback></recording>`;
};

/* Links first, then another mode or the same again: what Pod's plug and its videos leave of an import decides
   (pod/import_video/views.py 3.5.1, 3.8.4, 4.1.0; texts in Pod's two languages). By the built command. */
it.each([
  [
    '3.5.1',
    'sqlite',
    'Video file already uploaded to Pod',
    'Convert web presentation to video in progress...',
    'Impossible to upload to Pod the video',
  ],
  [
    '3.8.4',
    'mysql',
    'Fichier vidéo déjà téléversé sur Pod',
    'Conversion de la présentation web en vidéo en cours…',
    'Impossible de téléverser la vidéo sur Pod',
  ],
  [
    '4.1.0',
    'postgresql',
    'FICHIER VIDÉO DÉJÀ TÉLÉVERSÉ SUR POD ',
    'Convert web presentation to video in progress…',
    'x',
  ],
] as const)(
  'claims after imports and imports again, on Pod %s with %s',
  async (version, engine, done, going, wrong) => {
    const pod = await createPod({ engine, version });
    onTestFinished(() => pod.drop());
    const directory = emptyDirectory();
    mkdirSync(path.join(directory, 'ftp/bbb'), { recursive: true });
    writeFileSync(
      path.join(directory, 'list.xml'),
      `<response><returncode>SUCCESS</returncode><recordings>${NAMES.map((_, i) => presentation(i + 1)).join('\n')}</recordings></response>`,
    );
    writeFileSync(
      path.join(directory, 'owners.csv'),
      ['key;owner', ...NAMES.map((_, i) => `${recordIdOf(i + 1)};amartin`)].join('\n'),
    );
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      `state_dir = "${directory}/state"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\n[migrate]\nowners_file = "owners.csv"\n`,
      { mode: 0o600 },
    );
    const cli = (...words: string[]) =>
      runCli(['migrate', 'recordings', '--from-xml', 'list.xml', ...words], { cwd: directory });
    const planned = async (mode: string): Promise<Record<string, string>> => {
      const { stdout, stderr, status } = await cli(mode, '--dry', '--json');
      expect(status, stderr).toBe(0);
      const items = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string>)
        .filter(({ type }) => type === 'item');
      return Object.fromEntries(
        items.map(({ title = '', kind = '', reason = '' }) => [title, `${kind} ${reason}`]),
      );
    };

    const run = await cli('--use-import-video');
    expect(run.status, run.stderr).toBe(0);
    const set = (name: string, state: string, by: number | null = null): PromiseLike<unknown> =>
      pod.admin(ROWS).where({ name }).update({ state, uploaded_to_pod_by_id: by });
    await set('imported', done);
    await set('by its video', '', 2);
    await set('under way', going);
    await set('failed', wrong);

    expect(await planned('--use-manual-claim')).toEqual({
      imported: 'skip already-imported',
      'by its video': 'skip already-imported',
      'under way': 'skip claim-while-imported',
      failed: 'claim claim-planned',
      waiting: 'claim claim-planned',
    });
    expect(await planned('--use-import-video')).toEqual({
      imported: 'skip already-imported',
      'by its video': 'skip already-imported',
      'under way': 'skip already-external',
      failed: 'skip already-external',
      waiting: 'skip already-external',
    });
    const before = await pod.dump();
    const again = await cli('--use-import-video', '--recreate');
    expect(again.stdout).toContain('Nothing was left to do.');
    expect(await pod.dump()).toEqual(before);
  },
);
