import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import {
  containerEnvironment,
  renderComposeFile,
  type ComposeFacts,
} from '../../src/live/backends/compose-file.js';
import { broadcasterName, streamName } from '../../src/live/stream-name.js';
import { emitPhp } from '../../src/moodle/emit/emit-php.js';
import { sqlLiteral } from '../../src/moodle/emit/emit-sql.js';
import type { AnnotateAction } from '../../src/moodle/plan-annotation.js';
import { metadataText } from '../../src/recorder/encoding/plan-file.js';
import { claimFileName } from '../../src/bbb/recording-names.js';
import { escapeXml } from '../../src/recorder/timeline/xml-tree.js';
import { runCli } from '../e2e/run-cli.js';
import { hostileWords } from '../support/hostile/faults.js';
import { createPod, type TestPod } from '../support/pod.js';
import { createDatabase } from '../support/servers.js';

/* Titles that anybody can give to a meeting, through every output and every program that is told them. */
const titles = Object.values(hostileWords);
/** What an XML document can hold at all. */
const writable = titles.filter(
  (title) =>
    !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udfff](?![\udc00-\udfff])/.test(
      title.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''),
    ) && title.trim() !== '',
);
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-titles-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a migration of meetings with hostile names', () => {
  let pod: TestPod;
  let bbb: SampleServer;
  const idOf = (i: number): string => `${String(i).padStart(40, 'b')}-${1_750_420_800_000 + i * 60_000}`;

  beforeAll(async () => {
    const recordings = writable.map((title, i) => {
      const id = idOf(i);
      const text = escapeXml(title);
      return `<recording><recordID>${id}</recordID><meetingID>m${i}</meetingID><internalMeetingID>${id}</internalMeetingID><name>${text}</name><published>true</published><state>published</state><startTime>${1_750_420_800_000 + i * 60_000}</startTime><endTime>${1_750_424_400_000 + i * 60_000}</endTime><participants>2</participants><metadata><meetingName>${text}</meetingName><bbb-origin>${text}</bbb-origin><bbb-origin-server-name>${text}</bbb-origin-server-name><bbb-context>${text}</bbb-context></metadata><playback><format><type>presentation</type><url>https://sample.example/playback/presentation/2.3/${id}</url><length>60</length></format></playback></recording>`;
    });
    const file = path.join(directory, 'hostile.xml');
    writeFileSync(
      file,
      `<response><returncode>SUCCESS</returncode><recordings>${recordings.join('\n')}</recordings></response>`,
    );
    pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
    bbb = await startSampleServer({ secret: 'titles', recordings: await readSampleRecordings(file) });
    mkdirSync(path.join(directory, 'ftp'));
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "titles"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\n`,
    );
  });
  afterAll(async () => {
    await bbb.close();
    await pod.drop();
  });

  it('keeps every title text: in tables, JSON, CSV, HTML, the log and the database', async () => {
    const call = async (...args: string[]) => {
      const result = await runCli(
        ['migrate', 'recordings', ...args, '--log-level', 'debug', '--log-file', 'log'],
        { cwd: directory },
      );
      expect([result.status, result.stderr]).toEqual([0, expect.any(String)]);
      expect(result.stdout.split('\n').filter((line) => UNSAFE.test(line))).toEqual([]);
      expect(result.stderr).not.toMatch(UNSAFE);
      return result.stdout;
    };
    await call('--use-import-video', '--dry', '--all');
    await call('--export-csv', 'all.csv');
    const lines = (await call('--use-import-video', '--json', '--report', 'r.html', '--report', 'r.csv'))
      .trim()
      .split('\n');
    expect(
      lines.map((line) => (JSON.parse(line) as { type: string }).type).filter((type) => type === 'item')
        .length,
    ).toBe(writable.length);
    const rows = await pod.rows('import_video_externalrecording');
    expect(rows.length).toBe(writable.length);
    const names = rows.map((row) => String(row['name']));
    expect(names.filter((name) => UNSAFE.test(name))).toEqual([]);
    expect(names).toContain(hostileWords['sql']);
    expect(names).toContain(hostileWords['shell']);
    expect((await pod.rows('auth_user')).length).toBe(2);
    for (const name of ['all.csv', 'r.csv']) {
      const text = readFileSync(path.join(directory, name), 'utf8');
      const cells = [...text.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"|([^";\r\n]*))/gm)].map(
        ([, quoted, bare]) => quoted ?? bare ?? '',
      );
      expect(cells.length).toBeGreaterThan(writable.length * 5);
      expect(cells.filter((cell) => /^[=+@]|^-(?!\d+$|$)/.test(cell))).toEqual([]);
    }
    const page = readFileSync(path.join(directory, 'r.html'), 'utf8');
    expect(page).not.toMatch(/<script>alert|<img|href="(?:javascript|file):|\son\w+="alert/i);
    expect(readFileSync(path.join(directory, 'log'), 'utf8')).not.toMatch(UNSAFE);
  });

  it('names files to claim by letters, digits and dashes only', () => {
    for (const name of titles) {
      const options = { extension: 'mp4', timeZone: 'Europe/Paris', maxLength: 80 } as const;
      const recording = { recordId: idOf(1), name, startAt: 0, metadata: {}, meetingId: 'm' };
      expect(claimFileName(recording, options)).toMatch(/^[a-z0-9-]+\.mp4$/);
      expect(streamName('bbb-1', name)).toMatch(/^[a-z0-9-]+$/);
      expect(broadcasterName('bbb-1', name)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});

describe('programs that are told a title', () => {
  it('ffmpeg keeps it as title and chapter, whatever it says', () => {
    const chapters = titles.map((title, i) => ({ title, fromMs: i * 1000, toMs: (i + 1) * 1000 }));
    const metadata = path.join(directory, 'metadata.txt');
    const target = path.join(directory, 'titled.mkv');
    writeFileSync(metadata, metadataText({ title: hostileWords['template of ffmpeg'] ?? '' }, chapters));
    execFileSync('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-t',
      String(titles.length),
      '-i',
      'anullsrc',
      '-i',
      metadata,
      '-map_metadata',
      '1',
      '-map_chapters',
      '1',
      '-c:a',
      'pcm_s16le',
      '-ar',
      '8000',
      target,
    ]);
    const probed = JSON.parse(
      execFileSync('ffprobe', [
        '-v',
        'error',
        '-of',
        'json',
        '-show_chapters',
        '-show_format',
        target,
      ]).toString(),
    ) as { chapters: { tags?: { title?: string } }[]; format: { tags: Record<string, string> } };
    expect(probed.chapters.length).toBe(titles.length);
    expect(probed.format.tags['title']).toBe(hostileWords['template of ffmpeg']);
    const shell = titles.indexOf(hostileWords['shell'] ?? '');
    expect(probed.chapters[shell]?.tags?.title).toBe(hostileWords['shell']);
  });

  it('docker compose reads it back, without any variable replaced', () => {
    const facts: ComposeFacts = {
      slot: 1,
      image: 'image',
      bbbUrl: 'https://bbb/bigbluebutton/api',
      bbbSecret: 'secret',
      meetingId: 'm',
      meetingTitle: '',
      attendeePassword: '',
      moderatorPassword: '',
      record: false,
      streamUrl: null,
      size: '1280x720',
      bitrateKbps: 1,
      threads: 0,
      chat: false,
      showChat: false,
      botName: 'Live',
      timezone: 'UTC',
      redisHost: '',
      redisChannel: '',
      more: {},
    };
    titles.forEach((meetingTitle, i) => {
      writeFileSync(path.join(directory, `compose-${i}.yml`), renderComposeFile({ ...facts, meetingTitle }));
    });
    const program =
      'import glob, json, sys, yaml\nprint(json.dumps({f: yaml.safe_load(open(f)) for f in glob.glob(sys.argv[1])}))';
    const read = JSON.parse(
      execFileSync('python3', ['-c', program, path.join(directory, 'compose-*.yml')]).toString(),
    ) as Record<string, { services: Record<string, { environment: Record<string, string> }> }>;
    titles.forEach((meetingTitle, i) => {
      const { environment = {} } =
        read[path.join(directory, `compose-${i}.yml`)]?.services['bbb-streamer'] ?? {};
      const expected = (containerEnvironment({ ...facts, meetingTitle })['BBB_MEETING_TITLE'] ?? '')
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
        .replace(/\p{Surrogate}/gu, '\ufffd')
        .replaceAll('$', '$$$$');
      expect(environment['BBB_MEETING_TITLE'] ?? '').toBe(expected);
      expect(Object.keys(environment).every((name) => /^[A-Z_]+$/.test(name))).toBe(true);
    });
  });

  it.each(['mysql', 'postgresql'] as const)(
    '%s reads an emitted literal as the text it was',
    async (engine) => {
      const database = await createDatabase(engine);
      try {
        for (const title of titles.filter(
          (text) => !text.includes('\0') && !/[\ud800-\udbff](?![\udc00-\udfff])/.test(text),
        )) {
          const answer: unknown = await database.admin.raw(
            `SELECT ${sqlLiteral(title, engine).replaceAll('?', '\\?')} AS t`,
          );
          const rows =
            engine === 'mysql'
              ? (answer as { t: string }[][])[0]
              : (answer as { rows: { t: string }[] }).rows;
          expect(String(rows?.[0]?.t)).toBe(title);
        }
      } finally {
        await database.drop();
      }
    },
  );

  it('PHP takes the emitted script for a program without holes', () => {
    const file = path.join(directory, 'notices.php');
    const action = (title: string, i: number): AnnotateAction => ({
      id: `a${i}`,
      kind: 'annotate',
      recordId: `r${i}`,
      reason: 'imported',
      title,
      activity: { id: i, name: title, courseId: 1, courseName: title, introFormat: 1 },
      recordings: 1,
      from: title,
      to: `${title}<p>notice</p>`,
    });
    writeFileSync(file, emitPhp(titles.map(action), 'campaign'));
    expect(execFileSync('php', ['-l', file]).toString()).toContain('No syntax errors');
    expect(readFileSync(file, 'utf8')).not.toContain('alert(1)');
  });
});
