import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiBase, signedUrl } from '../../src/bbb-server/bbb-api.js';
import { describeServer } from '../../src/bbb-server/describe-server.js';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';
import { openRecordingSource, type SourceOptions } from '../../src/bbb-server/recording-source.js';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { openHttp } from '../../src/kit/adapters/http/open-http.js';
import { openRecordingSpool } from '../../src/bbb-server/recording-spool.js';
import { OperatorError } from '../../src/kit/errors/operator-error.js';
import { Secret } from '../../src/kit/config/secret.js';
import { matchesFilters, noFilters, wholeRange, type RecordingFilters } from '../../src/bbb/filters.js';
import { compareRecordings } from '../../src/bbb/order.js';
import type { Recording, RecordingState } from '../../src/bbb/recording.js';
import { isTokenUrl } from '../../src/bbb/playback-url.js';
import type { RecordingSpool } from '../../src/bbb/recording-source.js';
import { loopbackGuard } from '../support/loopback-guard.js';

// Real HTTP, with servers that are slow on purpose: minutes on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });
afterAll(() => vi.resetConfig());

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/getrecordings');
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bbb-'));
const spoolDirectory = path.join(work, 'spool');
const http = openHttp({ guard: loopbackGuard, retryDelayMs: 1, retries: 2, timeoutMs: 500, environment: {} });
const { signal } = new AbortController();
const SECRET = 'sample secret & co';
const servers: SampleServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  const left = existsSync(spoolDirectory) ? readdirSync(spoolDirectory) : [];
  rmSync(spoolDirectory, { recursive: true, force: true });
  expect(left).toEqual([]);
});
afterAll(async () => {
  await http.close();
  rmSync(work, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startSampleServer>[0]> = {}): Promise<SampleServer> {
  const server = await startSampleServer({
    secret: SECRET,
    recordings: await readSampleRecordings(fixtures),
    ...options,
  });
  servers.push(server);
  return server;
}

const source = (url: string, more: Partial<SourceOptions> = {}, pageSize = 3) =>
  openRecordingSource({
    spoolDirectory,
    servers: [{ name: 'default', url, secret: new Secret(SECRET), checksum: 'sha256', http, pageSize }],
    ...more,
  });

async function all(
  spool: RecordingSpool,
  filters = noFilters,
  range = wholeRange,
  size = 4,
): Promise<Recording[]> {
  const found: Recording[] = [];
  for await (const page of spool.pages(filters, range, size)) found.push(...page);
  return found;
}

const failure = async (promise: Promise<unknown>): Promise<OperatorError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof OperatorError ? error : Promise.reject(error as Error)),
  );

const READABLE = 19;

describe('signature', () => {
  it('accepts the URL in every form people give', () => {
    for (const url of [
      'https://b.fr',
      'https://b.fr/',
      'https://b.fr/bigbluebutton',
      'https://b.fr/bigbluebutton/',
      'https://b.fr/bigbluebutton/api',
      'https://b.fr/bigbluebutton/api/',
    ])
      expect(apiBase(url)).toBe('https://b.fr/bigbluebutton/api');
    expect(apiBase('https://b.fr/lb/bigbluebutton/api/')).toBe('https://b.fr/lb/bigbluebutton/api');
  });

  it('signs the exact query that leaves', async () => {
    const server = await start();
    for (const checksum of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
      const url = signedUrl({ url: server.url, secret: new Secret(SECRET), checksum }, 'getRecordings', {
        meetingID: "é 'x'[0],b&c=d",
        state: 'any',
      });
      expect((await http.readText({ url })).text).toContain('SUCCESS');
    }
  });

  it('names a wrong secret, and never shows a checksum', async () => {
    const server = await start();
    const error = await failure(
      openRecordingSource({
        spoolDirectory,
        servers: [{ name: 'default', url: server.url, secret: new Secret('wrong'), checksum: 'sha1', http }],
      }).list({ signal }),
    );
    expect(error.code).toBe('bbb-checksum-refused');
    const refused = await failure(
      http.readText({
        url: signedUrl(
          { url: 'http://127.0.0.1:1', secret: new Secret('wrong'), checksum: 'sha1' },
          'getRecordings',
        ),
        retries: 0,
      }),
    );
    expect(refused.message).not.toMatch(/[0-9a-f]{40}/);
  });
});

describe('listing', () => {
  it('reads every generation page by page, in one order, each once', async () => {
    const server = await start();
    const spool = await source(server.url).list({ signal });
    const recordings = await all(spool);
    expect(spool.total).toBe(READABLE);
    expect(recordings.length).toBe(READABLE);
    expect([...recordings].sort(compareRecordings)).toEqual(recordings);
    expect(spool.notes).toEqual([]);
    expect(server.requests.every(({ call, method }) => call === 'getRecordings' && method === 'GET')).toBe(
      true,
    );
    expect(server.requests.length).toBe(8);
    spool.close();
  });

  it('reads all states and says which', async () => {
    const server = await start();
    const spool = await source(server.url).list({ signal });
    const states = (await all(spool)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['published', 'unpublished', 'deleted', 'processing']));
    spool.close();
  });

  it('asks a server that ignores paging only once', async () => {
    const server = await start({ paging: 'ignored' });
    const spool = await source(server.url).list({ signal });
    expect([spool.total, server.requests.length]).toEqual([READABLE, 1]);
    expect(spool.notes).toContainEqual({ server: 'default', kind: 'unpaged', count: READABLE });
    spool.close();
  });

  it('notices one whose whole list is exactly one page', async () => {
    const recordings = (await readSampleRecordings(fixtures)).slice(0, 3);
    const server = await start({ paging: 'ignored', recordings });
    const spool = await source(server.url).list({ signal });
    expect([spool.total, server.requests.length]).toEqual([3, 2]);
    spool.close();
  });

  it('merges pages that shift while they are read, and says that the count shrank', async () => {
    const server = await start();
    server.trouble = { kind: 'shrink', times: 1 };
    const spool = await source(server.url).list({ signal });
    expect(spool.notes).toContainEqual({ server: 'default', kind: 'shrunk', count: 1 });
    expect(new Set((await all(spool)).map(({ recordId }) => recordId)).size).toBe(spool.total);
    spool.close();
  });

  it.each([
    ['busy', 3],
    ['not-found', 1],
  ] as const)('asks by batches of known ids when a whole list is %s', async (kind, times) => {
    const server = await start();
    server.trouble = { kind, times };
    const known = (await readSampleRecordings(fixtures)).map(({ recording }) => recording);
    const spool = await source(server.url).list({
      signal,
      knownIds: () => ({
        meetingIds: known.slice(0, 8).map(({ meetingId }) => meetingId),
        recordIds: known.slice(8).map(({ recordId }) => recordId),
      }),
    });
    expect(spool.total).toBe(READABLE);
    expect(spool.notes.map(({ kind }) => kind)).toContain('by-batches');
    spool.close();
  });

  it('merges several servers, each recordID once', async () => {
    const [one, two] = [await start(), await start()];
    const entry = (name: string, url: string) => ({
      name,
      url,
      secret: new Secret(SECRET),
      checksum: 'sha1' as const,
      http,
    });
    const spool = await openRecordingSource({
      spoolDirectory,
      servers: [entry('new', one.url), entry('old', two.url)],
    }).list({ signal });
    expect(spool.total).toBe(READABLE);
    expect(new Set((await all(spool)).map(({ server }) => server))).toEqual(new Set(['new']));
    spool.close();
  });

  it('asks again for one recording, by its whole id', async () => {
    const server = await start({ protection: 'scalelite' });
    const [first] = server.recordings;
    const id = first!.recording.recordId;
    const urls = await Promise.all(
      [1, 2].map(
        async () => (await source(server.url).findRecording('default', id, signal))!.formats[0]!.url,
      ),
    );
    expect(urls[0]).toContain('token=');
    expect(urls[0]).not.toBe(urls[1]);
    expect(await source(server.url).findRecording('default', id.slice(0, 20), signal)).toBeNull();
  });

  it('keeps no single-use link, in the spool or in a saved answer', async () => {
    const server = await start({ protection: 'national' });
    const saved = path.join(work, 'tokens.xml');
    const spool = await source(server.url, { saveXml: saved }).list({ signal });
    const urls = (await all(spool)).flatMap(({ formats }) => formats.map(({ url }) => url));
    const tokens = urls.filter((url) => url.includes('token='));
    expect(tokens.length).toBeGreaterThan(5);
    for (const text of [...tokens, ...readFileSync(saved, 'utf8').split('\n')])
      expect(text).not.toMatch(/token=(?!spent)/);
    expect(tokens.every((url) => isTokenUrl(url))).toBe(true);
    spool.close();
  });

  it('stops when told to, and keeps nothing', async () => {
    const server = await start();
    server.trouble = { kind: 'silent', times: 9 };
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await expect(source(server.url).list({ signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('describeServer', () => {
  const ask = (server: SampleServer, secret = SECRET) =>
    describeServer(
      http,
      { name: 'default', url: server.url, secret: new Secret(secret), checksum: 'sha1' },
      signal,
    );

  it('tells version, count, paging and clock', async () => {
    const paged = await ask(await start());
    expect(paged).toMatchObject({ version: '2.7.3', recordings: READABLE, paged: true });
    expect(Math.abs(paged.clockSkewMs ?? 9e9)).toBeLessThan(2000);
    expect(await ask(await start({ paging: 'ignored' }))).toMatchObject({
      recordings: READABLE,
      paged: false,
    });
  });

  it('names what is no API, and a refused signature', async () => {
    const server = await start();
    expect((await failure(ask(server, 'wrong'))).code).toBe('bbb-checksum-refused');
    server.trouble = { kind: 'html', times: 9 };
    expect((await failure(ask(server))).code).toBe('bbb-not-an-api');
  });
});

describe('what is no answer', () => {
  it.each([
    ['html', 'bbb-not-an-api'],
    ['not-found', 'bbb-not-an-api'],
    ['failed', 'bbb-call-failed'],
    ['busy', 'http-status'],
    ['silent', 'http-timeout'],
  ] as const)('%s is one clear error, and nothing is kept', async (kind, code) => {
    const server = await start({ paging: 'ignored' });
    server.trouble = { kind, times: 99 };
    const error = await failure(
      source(server.url, { saveXml: path.join(work, 'never.xml') }).list({ signal }),
    );
    expect(error.code).toBe(code);
    expect(error.remedy).not.toBe('');
    expect(existsSync(path.join(work, 'never.xml')) || existsSync(path.join(work, 'never.xml.part'))).toBe(
      false,
    );
  });

  const parse = (text: string) =>
    parseRecordings(
      (async function* () {
        for (let i = 0; i < text.length; i += 7) yield text.slice(i, i + 7);
      })(),
      { source: 'test', server: 'default', onRecording: () => undefined },
    );

  it.each([
    [
      'an entity bomb',
      '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><response>&b;</response>',
      'bbb-answer-unsafe',
    ],
    [
      'an external entity',
      '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><response>&x;</response>',
      'bbb-answer-unsafe',
    ],
    ['an unknown entity', '<response>&bomb;</response>', 'bbb-answer-broken'],
    ['NUL', '<response><returncode>SUC\u0000CESS</returncode></response>', 'bbb-answer-broken'],
    ['nothing', '', 'bbb-answer-broken'],
    ['JSON', '{"response": {}}', 'bbb-answer-broken'],
    ['two roots', '<response><returncode>SUCCESS</returncode></response><response/>', 'bbb-answer-broken'],
    ['crossed tags', '<response><recordings></response></recordings>', 'bbb-answer-broken'],
    ['another root', '<rss/>', 'bbb-answer-broken'],
    ['no returncode', '<response><recordings/></response>', 'bbb-answer-broken'],
    ['depth without end', '<response>' + '<a>'.repeat(100), 'bbb-answer-broken'],
  ])('%s', async (_, text, code) => {
    expect((await failure(parse(text))).code).toBe(code);
  });

  it('no recordings is an answer', async () => {
    expect(
      await parse(
        '<response><returncode>SUCCESS</returncode><recordings/><messageKey>noRecordings</messageKey></response>',
      ),
    ).toMatchObject({ recordings: 0 });
  });
});

describe('saved answers', () => {
  it('saves and reads back the same, whatever the locale', async () => {
    const server = await start();
    const saved = path.join(work, 'saved.xml');
    const live = await source(server.url, { saveXml: saved }).list({ signal });
    const again = await source('http://127.0.0.1:1', { fromXml: { file: saved, server: 'default' } }).list({
      signal,
    });
    expect(await all(again)).toEqual(await all(live));
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    expect(readFileSync(saved, 'utf8')).toContain('日本語入門');
    live.close();
    again.close();
  });

  it('counts recordings without identity, and keeps the others', async () => {
    const file = path.join(fixtures, '5-traps.xml');
    const spool = await source('http://127.0.0.1:1', { fromXml: { file, server: 'old' } }).list({ signal });
    expect(spool.total).toBe(6);
    expect(spool.notes).toMatchObject([{ server: 'old', kind: 'unreadable', count: 1, kept: 6 }]);
    expect(spool.notes[0]!.detail).toMatch(/line \d+, byte \d+/);
    spool.close();
  });

  it('says what it cannot read', async () => {
    const from = (file: string) =>
      source('http://127.0.0.1:1', { fromXml: { file, server: 'default' } }).list({ signal });
    expect((await failure(from('/dev/null/answer.xml'))).code).toBe('bbb-xml-unreadable');
    const cut = path.join(work, 'cut.xml');
    writeFileSync(cut, readFileSync(path.join(fixtures, '3-bbb-2.7.xml')).subarray(0, 1500));
    const broken = await failure(from(cut));
    expect([broken.code, broken.remedy]).toEqual(['bbb-file-broken', expect.stringContaining('iconv')]);
  });
});

describe('recordings of every generation', () => {
  let byName: Map<string, Recording>;
  beforeAll(async () => {
    byName = new Map(
      (await readSampleRecordings(fixtures)).map(({ recording }) => [recording.name, recording]),
    );
  });

  it('reads 0.81: no state, a URL among blanks', () => {
    expect(byName.get('Cours de chimie')).toMatchObject({
      state: 'published',
      startAt: Date.parse('2013-10-02T08:00:00Z'),
      formats: [{ type: 'presentation', lengthMinutes: 52, sizeBytes: null }],
    });
    expect(byName.get('Cours de chimie')!.formats[0]!.url).toMatch(/^https:.*[0-9]$/);
  });

  it('reads CDATA that holds a tag, empty names, hostile text, as they are', () => {
    expect(byName.get('Un </recording> dans un nom & <b>gras</b>')).toBeDefined();
    expect(byName.get('')).toMatchObject({ meetingId: 'trap empty name', metadata: { 'bbb-origin': '' } });
    expect(byName.get("Robert'); DROP TABLE students;--")).toMatchObject({
      meetingId: "x'; DROP TABLE recordings; --",
    });
  });

  it('one strange recording costs no other', () => {
    expect(byName.get('Sans adresse')).toMatchObject({ formats: [] });
    expect(byName.get('État inconnu')).toMatchObject({ state: 'unpublished' });
    expect(byName.get('Salle annexe 2')).toMatchObject({ isBreakout: true });
    expect(byName.has('Sans identité')).toBe(false);
  });
});

describe('spool', () => {
  const states: RecordingState[] = ['published', 'unpublished', 'deleted'];
  const some = fc.record({
    recordId: fc.stringMatching(/^[0-9a-f]{3}$/),
    startAt: fc.integer({ min: 0, max: 9 }),
    meetingId: fc.constantFrom('a', "b'", 'c'),
    state: fc.constantFrom(...states),
    origin: fc.constantFrom('Moodle', 'greenlight', ''),
    course: fc.constantFrom('12', 'ANA1', ''),
    server: fc.constantFrom('one', 'two'),
  });
  const filters: fc.Arbitrary<RecordingFilters> = fc.record({
    sinceAt: fc.option(fc.integer({ min: 0, max: 9 })),
    untilAt: fc.option(fc.integer({ min: 0, max: 9 })),
    meetingIds: fc.subarray(['a', "b'", 'c'], { maxLength: 2 }),
    recordIds: fc.constant([]),
    states: fc.subarray(states),
    origins: fc.subarray(['moodle', 'Greenlight'], { maxLength: 1 }),
    courses: fc.subarray(['12', 'ana1'], { maxLength: 1 }),
    courseSets: fc.option(
      fc.array(
        fc.record({
          courseIds: fc.subarray(['12', '13']),
          originServers: fc.subarray(['', 'moodle.univ.fr', 'b.fr']),
          isOfThem: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
    ),
    servers: fc.subarray(['one', 'two'], { maxLength: 1 }),
  });

  it('pages exactly what the pure filters, order and range say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(some, { maxLength: 40 }),
        filters,
        fc.integer({ min: 1, max: 6 }),
        fc.option(fc.integer({ min: 1, max: 20 })),
        async (list, wanted, min, max) => {
          const writer = openRecordingSpool(spoolDirectory);
          const merged = new Map<string, Recording>();
          for (const { origin, course, ...rest } of list) {
            const recording = {
              ...rest,
              internalMeetingId: rest.recordId,
              name: '',
              endAt: null,
              participants: null,
              sizeBytes: null,
              isBreakout: false,
              metadata: { 'bbb-origin': origin, 'bbb-context-label': course },
              formats: [],
            };
            writer.add(recording);
            const former = merged.get(rest.recordId);
            if (former === undefined || former.server === rest.server) merged.set(rest.recordId, recording);
          }
          const spool = writer.finish([]);
          const expected = [...merged.values()]
            .filter((r) => matchesFilters(r, wanted))
            .sort(compareRecordings);
          expect(spool.count(wanted)).toBe(expected.length);
          expect(await all(spool, wanted, { min, max }, 3)).toEqual(
            expected.slice(min - 1, max ?? undefined),
          );
          if (expected.length > 1) expect(spool.page(wanted, expected[0]!, 1)).toEqual([expected[1]]);
          spool.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ids and names from outside are values, never SQL', () => {
    const hostile = "x'); DROP TABLE recordings; --";
    const writer = openRecordingSpool(spoolDirectory);
    const one: Recording = {
      recordId: hostile,
      internalMeetingId: hostile,
      meetingId: hostile,
      name: hostile,
      state: 'published',
      startAt: 1,
      endAt: null,
      participants: null,
      sizeBytes: null,
      isBreakout: false,
      metadata: { 'bbb-origin': hostile },
      formats: [],
      server: hostile,
    };
    writer.add(one);
    const spool = writer.finish([]);
    const filters = {
      ...noFilters,
      meetingIds: [hostile],
      recordIds: [hostile],
      origins: [hostile],
      servers: [hostile],
    };
    expect(spool.page(filters, null, 5)).toEqual([one]);
    expect(spool.page(filters, { startAt: 2, recordId: hostile }, 5)).toEqual([one]);
    expect(spool.find(hostile)).toEqual(one);
    expect([spool.count(filters), spool.total]).toEqual([1, 1]);
    spool.close();
  });

  it('tells of which recordings there is more than it keeps', () => {
    const writer = openRecordingSpool(spoolDirectory);
    const add = (recordId: string, formats: number, server = 'one'): void => {
      for (let i = 0; i < formats; i++)
        writer.add({
          ...{ recordId, internalMeetingId: recordId, meetingId: recordId, name: '', server },
          ...{ state: 'published', startAt: 1, endAt: null, participants: null, sizeBytes: null },
          ...{ isBreakout: false, metadata: {} },
          formats: [{ type: 'video', url: `https://b.fr/${i}`, lengthMinutes: null, sizeBytes: null }],
        });
    };
    add('few', 50);
    add('few', 50);
    add('many', 53);
    add('many', 1, 'two');
    const spool = writer.finish([]);
    expect(spool.notes).toEqual([{ server: 'one', kind: 'overfull', count: 1, detail: 'many' }]);
    expect(spool.find('many')?.formats).toHaveLength(50);
    spool.close();
  });

  it('is private, and what a killed run left is removed by the next', () => {
    mkdirSync(spoolDirectory, { recursive: true });
    writeFileSync(path.join(spoolDirectory, 'recordings-999999-dead_1-1.sqlite3'), 'x');
    const first = openRecordingSpool(spoolDirectory);
    const second = openRecordingSpool(spoolDirectory);
    const files = readdirSync(spoolDirectory);
    expect(files.length).toBe(2);
    for (const file of files) expect(statSync(path.join(spoolDirectory, file)).mode & 0o777).toBe(0o600);
    first.discard();
    second.discard();
  });
});
