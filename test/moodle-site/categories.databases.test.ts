import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import { openMoodleDatabase } from '../../src/moodle-site/database.js';
import { emptyDirectory, runCli } from '../e2e/run-cli.js';
import { createMoodleSite, type MoodleForm, type Seed } from '../support/moodle-site.js';
import { createPod, type TestPod } from '../support/pod.js';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';

/* `--category` by the built command: a faculty's pilot. */

const SEED = 'c'.repeat(40);
const START = 1_700_000_000_000;
const category = (id: number, name: string, parent: number, idnumber: string | null = null) => ({
  id,
  name,
  idnumber,
  parent,
  // Not what `parent` says: a move that was not finished.
  path: `/${id}`,
});
const course = (id: number, of: number) => ({
  id,
  category: of,
  fullname: `Course ${id}`,
  shortname: `C${id}`,
});
const seed: Seed = {
  course_categories: [
    category(1, 'Sciences', 0, 'SCI'),
    category(2, 'Licence', 1),
    category(3, 'L1', 2),
    category(4, 'Droit', 0),
    category(5, 'L1', 4),
    category(6, 'Empty', 0),
  ],
  course: [course(10, 1), course(11, 3), course(12, 4), course(13, 5)],
};

/** Course by the metadata of Moodle's plugin, or by the meetingID alone. */
const recording = (n: number, courseId: number, server: string, said = true): string => {
  const start = START + n * 3_600_000;
  return `<recording><recordID>${String(n).padStart(40, 'a')}-${start}</recordID>
  <meetingID>${SEED}-${courseId}-${n}[0]</meetingID><name>R${n}</name><published>true</published><state>published</state>
  <startTime>${start}</startTime><endTime>${start + 60_000}</endTime>
  <metadata><bbb-origin>Moodle</bbb-origin>${said ? `<bbb-context-id>${courseId}</bbb-context-id>` : ''}
  <bbb-origin-server-name>${server}</bbb-origin-server-name></metadata>
  <playback><format><type>video</type><length>1</length><url>https://bbb.univ.fr/playback/video/${n}/</url></format></playback></recording>`;
};

describe.each(['mysql', 'postgresql'] as ServerEngine[])('--category on %s', (engine) => {
  const form: MoodleForm = engine === 'mysql' ? '5.1' : '2.4';
  let pod: TestPod;
  let moodle: TestDatabase;
  let other: TestDatabase;
  let directory: string;
  beforeAll(async () => {
    pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
    moodle = await createDatabase(engine);
    other = await createDatabase(engine);
    await createMoodleSite(moodle, seed, { form });
    await createMoodleSite(
      other,
      { course_categories: [category(1, 'Arts', 0)], course: [course(11, 1)] },
      { form },
    );
    directory = emptyDirectory();
    writeFileSync(
      path.join(directory, 'list.xml'),
      `<response><returncode>SUCCESS</returncode><recordings>${[
        recording(1, 10, 'moodle.univ.fr'),
        recording(2, 11, 'moodle.univ.fr', false),
        recording(3, 12, 'moodle.univ.fr'),
        recording(4, 13, 'moodle.univ.fr'),
        recording(5, 11, 'arts.univ.fr'),
      ].join('\n')}</recordings></response>`,
    );
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      [
        `state_dir = "${directory}/state"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/"`,
        `[moodle.default]\ndatabase = "${moodle.url}"\n[moodle."arts.univ.fr"]\ndatabase = "${other.url}"`,
      ].join('\n'),
      { mode: 0o600 },
    );
  });
  afterAll(async () => {
    await pod.drop();
    await moodle.drop();
    await other.drop();
  });
  const plan = async (...words: string[]) => {
    const { stdout, stderr, status } = await runCli(
      ['migrate', 'recordings', '--from-xml', 'list.xml', '--dry', '--json', ...words],
      { cwd: directory },
    );
    const titles = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string; title?: string })
      .filter(({ type }) => type === 'item')
      .map(({ title }) => title);
    return { titles: [...new Set(titles)].sort(), stderr, status };
  };

  it('finds by id, idnumber and name, with the whole subtree', async () => {
    const site = openMoodleDatabase(
      openDatabase(databaseSettings('[moodle.default]', { database: new Secret(moodle.url) })),
      { prefix: 'mdl_', name: 'default' },
    );
    const find = async (wanted: string) =>
      (await site.findCategories(wanted)).map(({ id, path: where, courseIds }) => [
        id,
        where,
        [...courseIds].sort(),
      ]);
    expect(await find('sciences')).toEqual([[1, 'Sciences', [10, 11]]]);
    expect(await find('SCI')).toEqual(await find('1'));
    expect(await find('L1')).toEqual([
      [3, 'Sciences / Licence / L1', [11]],
      [5, 'Droit / L1', [13]],
    ]);
    expect(await find('Empty')).toEqual([[6, 'Empty', []]]);
    expect(await find('Medecine')).toEqual([]);
    await site.close();
  });

  // Each start of the command costs seconds: one engine is enough for what it makes of them.
  it.runIf(engine === 'postgresql')('narrows both modes, by Moodle; what may be meant is named', async () => {
    expect(await plan('--use-import-video', '--category', 'SCI', '--category', 'arts')).toMatchObject({
      titles: ['R1', 'R2', 'R5'],
    });
    expect(await plan('--use-manual-claim', '--category', 'default:1')).toMatchObject({
      titles: ['R1', 'R2'],
    });
    const l1 = await plan('--use-import-video', '--category', 'L1');
    expect(l1.status).toBe(2);
    expect(l1.stderr).toContain('default:3 (Sciences / Licence / L1); default:5 (Droit / L1)');
    expect(await plan('--use-import-video', '--category', 'Medecine')).toMatchObject({ status: 2 });
  });
});
