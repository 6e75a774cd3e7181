import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGreenlight } from '../support/greenlight-site.js';
import { createPod, type TestPod } from '../support/pod.js';
import { createDatabase, type TestDatabase } from '../support/servers.js';
import { runCli, type CliResult } from './run-cli.js';

/* A university without Moodle's help: rooms of Greenlight 3, a Pod 4.3 that refuses private addresses, then Pod 5. By
   the built command. */

const START = 1_700_000_000_000;
const ROOM_A = 'a'.repeat(40);
const ROOM_B = 'b'.repeat(40);
const recordIdOf = (meetingId: string): string =>
  `${createHash('sha1').update(meetingId).digest('hex')}-${START}`;

const recording = (meetingId: string, title: string): string => `<recording>
  <recordID>${recordIdOf(meetingId)}</recordID><meetingID>${meetingId}</meetingID>
  <internalMeetingID>${recordIdOf(meetingId)}</internalMeetingID><name>${title}</name>
  <published>true</published><state>published</state><startTime>${START}</startTime><endTime>${START + 60_000}</endTime>
  <metadata><bbb-origin>greenlight</bbb-origin><meetingName>${title}</meetingName></metadata>
  <playback><format><type>presentation</type><length>1</length>
  <url>https://bbb.localhost/playback/presentation/2.3/${recordIdOf(meetingId)}</url></format></playback></recording>`;

let directory: string;
let pod: TestPod;
let greenlight: TestDatabase;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-newer-'));
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  await pod.admin.schema.createTable('runner_manager', (table) => {
    table.increments('id');
    table.boolean('is_active').notNullable();
  });
  greenlight = await createDatabase('postgresql');
  await createGreenlight(
    greenlight,
    '3',
    [
      { key: 'Anne', email: 'Anne.Martin@univ.example', externalId: 'amartin' },
      { key: 'Bob', email: 'bob@etu.univ.example' },
    ],
    [
      { key: 'Salle A', owner: 'Anne', meetingId: ROOM_A },
      { key: 'Salle B', owner: 'Bob', meetingId: ROOM_B },
    ],
  );
  writeFileSync(
    path.join(directory, 'list.xml'),
    `<response><returncode>SUCCESS</returncode><recordings>${recording(ROOM_A, 'TD 1')}${recording(ROOM_B, 'TD 2')}</recordings></response>`,
  );
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    [
      `state_dir = "${directory}/state"`,
      `[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"`,
      `[greenlight.default]\ndatabase = "${greenlight.url}"`,
    ].join('\n'),
  );
});
afterAll(async () => {
  await pod.drop();
  await greenlight.drop();
  rmSync(directory, { recursive: true });
});

const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: directory });
const importing = [
  ...['migrate', 'recordings', '--use-import-video', '--use-database-greenlight', '--from-xml', 'list.xml'],
];

it('claims have no owners: the flag is refused with them, and without its section', async () => {
  const claims = await cli('migrate', 'recordings', '--use-manual-claim', '--use-database-greenlight');
  expect([claims.status, claims.stderr]).toEqual([2, expect.stringContaining('--use-database-greenlight')]);
  writeFileSync(path.join(directory, 'none.toml'), `[pod]\ndatabase = "${pod.test.url}"\n`);
  const none = await cli(...importing, '--config', 'none.toml');
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('[greenlight.default] database')]);
});

it('the plan names the room, and marks what Pod 4.3 will not import', async () => {
  const { stdout, status } = await cli(...importing, '--dry');
  expect(status).toBe(0);
  expect(stdout).toContain('owner of the Greenlight room "Salle A"');
  expect(stdout).toContain('bob@etu.univ.example');
  expect(stdout).toMatch(/2 marked: Pod 4\.3 and later refuse to import from\s+bbb\.localhost/);
  expect(stdout).toContain('use claims');
});

it('CSV and inventory show room and owner', async () => {
  await cli(
    'migrate',
    'recordings',
    '--export-csv',
    'all.csv',
    '--use-database-greenlight',
    '--from-xml',
    'list.xml',
  );
  const [head = '', ...rows] = readFileSync(path.join(directory, 'all.csv'), 'utf8').trim().split('\r\n');
  expect(head.endsWith(';greenlight_room;greenlight_owner')).toBe(true);
  expect(rows.map((row) => row.split(';').slice(-2).join(' '))).toEqual([
    'Salle A Anne.Martin@univ.example',
    'Salle B bob@etu.univ.example',
  ]);
  const { stdout, stderr } = await cli('moodle', 'inventory', '--from-xml', 'list.xml', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(
    lines.map(({ room, owners }) => [room, owners]),
    stderr,
  ).toEqual([
    ['Salle A', ['amartin']],
    ['Salle B', []],
    [undefined, undefined],
  ]);
});

it('after the run the list to work off before Pod 5 is a file for a mailing', async () => {
  expect((await cli(...importing)).status).toBe(0);
  const owners = await pod.admin('import_video_externalrecording').select('owner_id').orderBy('owner_id');
  expect(owners).toEqual([{ owner_id: 1 }, { owner_id: 2 }]);
  const { stdout, status } = await cli('migrate', 'status', '--adoption', '--csv', 'adoption.csv');
  expect(status).toBe(0);
  expect(stdout).toContain('Before an upgrade to Pod 5: 2 recordings of 2 owners');
  expect(readFileSync(path.join(directory, 'adoption.csv'), 'utf8').split('\r\n')).toEqual([
    'owner;email;imported_or_claimed;waiting;under_way;failed;removed;page',
    'admin;admin@univ.fr;0;1;0;0;0;https://pod.univ.example/import_video/',
    'amartin;amartin@univ.fr;0;1;0;0;0;https://pod.univ.example/import_video/',
    '',
  ]);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('Pod 5 is refused by name, whatever is asked', async () => {
  await pod.admin.schema.alterTable('authentication_owner', (table) => table.text('comment'));
  for (const args of [
    [...importing, '--dry'],
    ['migrate', 'undo', 'last', '--yes'],
    ['migrate', 'status', '--adoption'],
  ]) {
    const { status, stderr } = await cli(...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining('is Pod 5')]);
  }
  expect(await pod.admin('import_video_externalrecording').select('id')).toHaveLength(2);
});
