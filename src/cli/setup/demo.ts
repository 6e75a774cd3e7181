import { createNewFile } from '../../kit/adapters/files/create-new-file.js';
import { makeKeptDirectory } from '../../kit/adapters/files/own-directory.js';
import { readText } from '../../kit/adapters/files/read-named-file.js';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import os from 'node:os';
import path from 'node:path';
import { Secret } from '../../kit/config/secret.js';
import { renderDuration } from '../../kit/output/units.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { systemTexts } from '../../kit/errors/system.js';
import { shownLanguage } from '../../kit/language.js';
import { words } from './words.js';

interface DemoOptions {
  readonly directory: string | undefined;
  readonly video: boolean;
  /** Where the package lies: it brings the samples. */
  readonly root: string;
}

const BBB_SECRET = 'demo-secret';

/** `bbb2pod demo`: the real commands, typed for the newcomer, against servers that live as long as the demo. */
export async function runDemo(context: Context, options: DemoOptions, speaker: Speaker): Promise<ExitStatus> {
  const startedAt = Date.now();
  const directory = options.directory ?? makeKeptDirectory(os.tmpdir(), 'bbb2pod-demo');
  makeDirectory(directory);
  const samples = path.join(options.root, 'fixtures', 'demo');
  speaker.say(words.rehearsal({ directory }));
  const bbbUrl = await startBbb(context, samples);
  const moodleUrl = await startMoodle(context, samples);
  const pod = await createPod(context, options.root, samples, directory);
  await writeAtomically(
    path.join(directory, 'bbb2pod.toml'),
    configuration(directory, { bbbUrl, moodleUrl, pod }),
  );
  const migrate = ['migrate', 'recordings', '--use-import-video', '--use-database-moodle'];
  const steps: [string, string[]][] = [
    [words.stepPlan(), [...migrate, '--dry']],
    [words.stepReal(), migrate],
    [words.stepAgain(), migrate],
    [words.stepUndo(), ['migrate', 'undo', 'last', '--yes']],
    [words.stepOnceMore(), migrate],
  ];
  if (options.video) {
    const recording = '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000';
    steps.push([
      words.stepVideo(),
      ['recorder', 'convert', recording, '--output', path.join(directory, 'lecture.mp4')],
    ]);
  }
  for (const step of steps) await showStep(context, { root: options.root, directory }, step, speaker);
  speaker.print(
    [
      '',
      words.lookAt({ time: renderDuration(Date.now() - startedAt) }),
      ...(options.video ? [words.theVideo({ place: path.join(directory, 'lecture.mp4') })] : []),
      words.theReports({ place: `${path.join(directory, 'state', 'runs')}/*/report.html` }),
      words.theDatabase({ place: pod }),
      words.next(),
    ].join('\n'),
  );
  return ExitStatus.done;
}

async function startBbb(context: Context, samples: string): Promise<string> {
  const [{ readSampleRecordings }, { startSampleServer }] = await Promise.all([
    import('../../bbb-server/sample/sample-recordings.js'),
    import('../../bbb-server/sample/sample-server.js'),
  ]);
  const recordings = await readSampleRecordings(path.join(samples, 'recordings.xml'));
  const server = await startSampleServer({
    secret: BBB_SECRET,
    recordings,
    directory: path.join(samples, 'published'),
    ...(shownLanguage() === 'fr' ? { translated: [path.join(samples, 'published-fr')] } : {}),
  });
  context.closeWith(() => server.close());
  return server.url;
}

async function startMoodle(context: Context, samples: string): Promise<string> {
  const [{ startPostgresql }, { openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../kit/adapters/sql/postgresql/throw-away-server.js'),
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const server = await startPostgresql({ durable: false });
  context.closeWith(() => server.stop());
  const url = `postgresql://${server.user}:${server.password}@${server.host}:${server.port}/postgres`;
  const database = openDatabase(databaseSettings('[moodle.default]', { database: new Secret(url) }));
  const script = readText(path.join(samples, 'moodle.sql'));
  // Question marks are knex's placeholders.
  await database.write((query) => query.raw(script.replaceAll('?', '\\?')));
  await database.close();
  return url;
}

async function createPod(
  context: Context,
  root: string,
  samples: string,
  directory: string,
): Promise<string> {
  const [{ renderSchema }, { openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../kit/adapters/sql/django-schema.js'),
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const file = path.join(directory, 'pod.sqlite3');
  try {
    createNewFile(file, '');
  } catch {
    throw systemTexts.fileUnwritable({
      path: file,
      detail: 'a rehearsal needs a directory of its own',
    });
  }
  const schema = JSON.parse(readText(path.join(root, 'fixtures/schemas/pod/tables.json'))) as Parameters<
    typeof renderSchema
  >[0];
  const seed = readText(path.join(samples, 'pod.sql')).split(/;\n/);
  const statements = [
    ...renderSchema(schema, { engine: 'sqlite', version: '4.1.0' }),
    ...seed.filter((statement) => statement.trim() !== ''),
  ];
  const database = openDatabase(databaseSettings('[pod]', { database: new Secret(`sqlite:${file}`) }), {
    stateDirectory: directory,
  });
  await database.write(async (query) => {
    for (const statement of statements) await query.raw(statement.replaceAll('?', '\\?'));
  });
  await database.close();
  context.signal.throwIfAborted();
  return file;
}

const configuration = (
  directory: string,
  { bbbUrl, moodleUrl, pod }: { bbbUrl: string; moodleUrl: string; pod: string },
): string =>
  `state_dir = "${directory}/state"
[bbb]
url = "${bbbUrl}"
secret = "${BBB_SECRET}"
[pod]
database = "sqlite:${pod}"
url = "https://pod.demo.example"
[moodle.default]
database = "${moodleUrl}"
`;

async function showStep(
  context: Context,
  { root, directory }: { readonly root: string; readonly directory: string },
  [title, typed]: readonly [title: string, typed: readonly string[]],
  speaker: Speaker,
): Promise<void> {
  const { runToEnd } = await import('../../kit/adapters/process/run-to-end.js');
  speaker.print(`\n# ${title}\n$ bbb2pod ${typed.join(' ')}`);
  const { code, stdout, stderrTail } = await runToEnd({
    file: process.execPath,
    args: [path.join(root, 'bin', 'run.js'), ...typed],
    cwd: directory,
    env: { NODE_ENV: 'production', COLUMNS: '80', BBB2POD_LANG: shownLanguage() },
    timeLimitMs: 300_000,
    mustSucceed: false,
    signal: context.signal,
  });
  speaker.print(stdout.toString().trimEnd());
  if (code !== 0)
    throw systemTexts.demoStepFailed({
      command: typed.join(' '),
      status: code ?? 'killed',
      detail: stderrTail.slice(-2).join(' '),
    });
}
