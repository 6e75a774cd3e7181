import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSampleRecordings } from '../../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer } from '../../../src/bbb-server/sample/sample-server.js';
import { root, runCli } from '../../e2e/run-cli.js';
import { createGreenlight, type GreenlightForm } from '../../support/greenlight-site.js';
import { createPod, insertMeeting, insertUser, type TestPod } from '../../support/pod.js';
import { createDatabase, stopOwnServers, type TestDatabase } from '../../support/servers.js';
import type { Attack } from './attack.js';

/* Hostile rows of Greenlight and of Pod itself, where people name their rooms, meetings and accounts: each costs its
   recording at most. SQLite keeps anything in any column, as a dump that was mended by hand does. */

/** What people name things when they mean harm. PostgreSQL keeps no NUL. */
const words = (nul: string): readonly string[] => [
  `a${nul}b\u001b]0;owned\u0007\u001b[2J\u009b31m`,
  '\u202egpj.exe\u2066\u200b',
  '=cmd|"/C calc"!A0',
  '<script>alert(1)</script>',
  '"; DROP TABLE auth_user; --',
  '../../../etc/passwd\r\n\r\nx: y',
  '__proto__',
  '',
];
const TITLE = 'é'.repeat(5_000_000);
const ROOM = 'gl-qwertyuiop';
const MEETING = '0003-reunion-de-laboratoire';

async function seedGreenlight(greenlight: TestDatabase, form: GreenlightForm): Promise<void> {
  const isLoose = greenlight.engine === 'sqlite';
  const hostile = words(isLoose ? '\0' : '');
  await createGreenlight(
    greenlight,
    form,
    [
      { key: 'owner', email: 'amartin@univ.fr', name: hostile[0] ?? '', username: hostile[1] ?? '' },
      ...hostile.map((word, i) => ({
        ...{ key: `u${i}`, email: `${word}@univ.fr${i}`, name: isLoose ? TITLE : word, username: word },
        ...{ externalId: word, provider: i % 2 === 0 ? 'greenlight' : word },
      })),
    ],
    [
      { key: 'room', owner: 'owner', meetingId: ROOM, shared: hostile.map((_, i) => `u${i}`) },
      ...hostile.map((word, i) => ({ key: `r${i}`, owner: `u${i}`, meetingId: `${word}${i}` })),
    ],
  );
  if (isLoose) await greenlight.admin('rooms').update({ name: TITLE });
}

async function seedPod(pod: TestPod): Promise<void> {
  const isLoose = pod.engine === 'sqlite';
  const hostile = words(isLoose ? '\0' : '');
  const fit = (word: string, most: number): string => (isLoose ? word : word.slice(0, most));
  for (const [i, word] of hostile.entries())
    await insertUser(pod.admin, 20 + i, fit(`${word}${i}`, 150), {
      ...{ first_name: fit(word, 20), last_name: fit(word, 100), email: fit(`${word}@univ.fr`, 250) },
      ...(isLoose ? { last_login: 'never', date_joined: -1e18 } : {}),
    });
  const names = isLoose ? [TITLE, ...hostile] : hostile;
  for (const [i, word] of names.entries())
    await insertMeeting(pod, {
      ...{ id: 3 + i, name: fit(word, 250), meeting_id: i === 0 ? MEETING : fit(`${word}${i}`, 200) },
      ...{ owner_id: 20, site_id: 1 },
      ...(isLoose ? { created_at: ['never', 1e300, '9999-99-99', Buffer.from('x'), ''][i % 5] } : {}),
    });
  const link = 'https://bbb.univ.example/playback/presentation/2.3/';
  for (const [i, word] of hostile.entries())
    await pod.admin('import_video_externalrecording').insert({
      ...{
        id: 50 + i,
        name: isLoose ? TITLE : fit(word, 250),
        start_at: isLoose ? word : '2023-01-01 00:00:00',
      },
      ...{ type: 'bigbluebutton', source_url: fit(`${link}${word}${i}`, 200), owner_id: 20 + i, site_id: 1 },
      ...{ state: fit(word, 100) },
    });
}

async function migrate(site: string, pod: TestPod): Promise<string | null> {
  const lines = [
    ['migrate', 'recordings', '--use-import-video', '--use-database-greenlight', '--dry', '--all'],
    ['migrate', 'recordings', '--use-import-video', '--use-database-greenlight'],
    ['migrate', 'recordings', '--use-manual-claim', '--dry', '--all'],
    ['migrate', 'recordings', '--export-csv', 'out.csv', '--use-database-greenlight'],
    ['migrate', 'status'],
    ['migrate', 'status', 'last'],
    ['migrate', 'status', '--adoption'],
    ['migrate', 'status', '--verify'],
    ['migrate', 'cleanup'],
    ['migrate', 'undo', 'last', '--yes'],
  ];
  for (const line of lines) {
    const { status, stdout, stderr } = await runCli(line, { cwd: site });
    const said = `${stdout}${stderr}`;
    const what = `${line.join(' ')}: `;
    if (status !== 0 && status !== 3) return `${what}status ${String(status)}: ${said.slice(-400)}`;
    if (/internal-fault|    at /.test(said)) return what + said.slice(0, 300);
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e\u2066]/.test(said))
      return `${what}control characters were printed`;
    if (line.includes('--dry') && line.includes('--use-database-greenlight') && !/Greenlight room/.test(said))
      return `the proof is blind: no room was looked at: ${said.slice(0, 300)}`;
    if (said.length > 300_000) return `${what}${said.length} characters were printed`;
  }
  const csv = readFileSync(path.join(site, 'out.csv'), 'utf8');
  if (/(?:^|[;"])\s*=cmd/m.test(csv)) return 'out.csv holds a formula';
  for (const name of readdirSync(path.join(site, 'state'), { recursive: true, encoding: 'utf8' }))
    if (
      name.endsWith('.html') &&
      readFileSync(path.join(site, 'state', name), 'utf8').includes('<script>alert')
    )
      return `${name} holds a script`;
  const left = await pod.admin('auth_user').count({ n: '*' });
  return Number(left[0]?.['n']) < words('').length ? 'accounts of Pod are gone' : null;
}

async function attack(
  form: GreenlightForm,
  engine: 'sqlite' | 'mysql' | 'postgresql',
  podEngine: 'sqlite' | 'mysql' | 'postgresql',
): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const greenlight = await createDatabase(engine);
  const pod = await createPod({ engine: podEngine, version: '4.1.0' });
  const bbb = await startSampleServer({
    secret: 's',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/demo/recordings.xml')),
  });
  try {
    await seedGreenlight(greenlight, form);
    await seedPod(pod);
    writeFileSync(
      path.join(site, 'bbb2pod.toml'),
      `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\nshared = false\n` +
        `[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"\nrecorder_path = "${site}/ftp/"\n` +
        `[greenlight]\ndatabase = "${greenlight.url}"\nshared = "owners"\n`,
    );
    return await migrate(site, pod);
  } finally {
    await bbb.close();
    await greenlight.drop();
    await pod.drop();
    rmSync(site, { recursive: true, force: true });
  }
}

const pairs = [
  ['2', 'sqlite', 'sqlite'],
  ['2', 'mysql', 'postgresql'],
  ['3', 'postgresql', 'mysql'],
] as const;

export const attacks: readonly Attack[] = pairs.map(([form, engine, podEngine], i) => ({
  name: `hostile rooms and people in Greenlight ${form} on ${engine}, rows in Pod on ${podEngine}`,
  run: () =>
    attack(form, engine, podEngine).finally(() => (i === pairs.length - 1 ? stopOwnServers() : undefined)),
}));
