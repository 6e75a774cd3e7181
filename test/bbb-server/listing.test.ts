import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { isPartial } from '../../src/bbb/listing-notes.js';
import { mergeRecordings } from '../../src/bbb/merge-recordings.js';
import { noFilters, wholeRange } from '../../src/bbb/filters.js';
import { choosePlayback } from '../../src/bbb/choose-playback.js';
import { titleOf } from '../../src/bbb/recording-names.js';
import type { KnownIds, RecordingSpool } from '../../src/bbb/recording-source.js';
import type { Recording } from '../../src/bbb/recording.js';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';
import { openRecordingSource } from '../../src/bbb-server/recording-source.js';
import type { SampleRecording } from '../../src/bbb-server/sample/sample-recordings.js';
import {
  startSampleServer,
  type SampleServer,
  type SampleServerOptions,
} from '../../src/bbb-server/sample/sample-server.js';
import { Secret } from '../../src/kit/config/secret.js';
import { decodeStream } from '../../src/kit/adapters/http/decode-text.js';
import { openHttp } from '../../src/kit/adapters/http/open-http.js';
import { OperatorError } from '../../src/kit/errors/operator-error.js';
import { loopbackGuard } from '../support/loopback-guard.js';

// Real HTTP, with servers that are slow on purpose: minutes on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });
afterAll(() => vi.resetConfig());

const cases = path.resolve(import.meta.dirname, '../../fixtures/listing');
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-listing-'));
const spoolDirectory = path.join(work, 'spool');
const http = openHttp({ guard: loopbackGuard, retryDelayMs: 1, retries: 1, timeoutMs: 300, environment: {} });
const { signal } = new AbortController();
const SECRET = 'sample secret';
const servers: SampleServer[] = [];
const spools: RecordingSpool[] = [];

afterEach(async () => {
  for (const spool of spools.splice(0)) spool.close();
  for (const server of servers.splice(0)) await server.close();
});
afterAll(async () => {
  await http.close();
  rmSync(work, { recursive: true, force: true });
});

const idOf = (i: number): string => `${String(i).padStart(40, 'a')}-${1_700_000_000_000 + i}`;
const FORMATS = ['presentation', 'video', 'podcast'];

function answerOf(count: number): string {
  const recording = (i: number): string => {
    const formats = FORMATS.slice(0, (i % 3) + 1).map(
      (type) =>
        `<format><type>${type}</type><url>https://b.example/playback/${type === 'presentation' ? 'presentation/2.3' : type}/${idOf(i)}</url><length>10</length></format>`,
    );
    return `<recording><recordID>${idOf(i)}</recordID><meetingID>m-${i}</meetingID><name>Séance ${i}</name><published>true</published><state>published</state><startTime>${1_700_000_000_000 + i}</startTime><metadata/><playback>${formats.join('')}</playback></recording>`;
  };
  return `<response><returncode>SUCCESS</returncode><recordings>${Array.from({ length: count }, (_, i) => recording(i)).join('\n')}</recordings></response>`;
}

async function samplesOf(count: number): Promise<SampleRecording[]> {
  const samples: SampleRecording[] = [];
  await parseRecordings(chunksOf(answerOf(count), 5000), {
    source: 'test',
    server: 'default',
    onRecording: (recording, node) => samples.push({ recording, node }),
  });
  return samples;
}

async function* chunksOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function start(count: number, options: Partial<SampleServerOptions> = {}): Promise<SampleServer> {
  const server = await startSampleServer({ secret: SECRET, recordings: await samplesOf(count), ...options });
  servers.push(server);
  return server;
}

const entry = (url: string, name = 'default') => ({
  name,
  url,
  secret: new Secret(SECRET),
  checksum: 'sha1' as const,
  http,
});

async function list(
  urls: readonly string[],
  more: { known?: KnownIds; wanted?: KnownIds; pageSize?: number } = {},
): Promise<RecordingSpool> {
  const spool = await openRecordingSource({
    spoolDirectory,
    servers: urls.map((url, i) => ({
      ...entry(url, i === 0 ? 'default' : `server${i}`),
      ...(more.pageSize === undefined ? {} : { pageSize: more.pageSize }),
    })),
  }).list({
    signal,
    ...(more.known === undefined ? {} : { knownIds: () => more.known! }),
    ...(more.wanted === undefined ? {} : { wantedIds: more.wanted }),
  });
  spools.push(spool);
  return spool;
}

async function listFile(text: string | Buffer): Promise<RecordingSpool> {
  const file = path.join(work, `answer-${Math.random()}.xml`);
  writeFileSync(file, text);
  const spool = await openRecordingSource({
    spoolDirectory,
    servers: [],
    fromXml: { file, server: 'default' },
  }).list({ signal });
  spools.push(spool);
  return spool;
}

async function all(spool: RecordingSpool): Promise<Recording[]> {
  const found: Recording[] = [];
  for await (const page of spool.pages(noFilters, wholeRange)) found.push(...page);
  return found;
}

const formatsOf = async (spool: RecordingSpool): Promise<string[]> =>
  (await all(spool)).map(
    ({ recordId, formats }) =>
      `${recordId} ${formats.map(({ type, url }) => `${type} ${new URL(url).pathname}`).join(' ')}`,
  );

const failure = async (promise: Promise<unknown>): Promise<OperatorError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof OperatorError ? error : Promise.reject(error as Error)),
  );

const isPage = (from: number) => (query: URLSearchParams) => Number(query.get('offset') ?? -1) >= from;
const isFirst = (query: URLSearchParams): boolean => query.get('offset') === '0';
const byIds = (query: URLSearchParams): boolean => query.has('recordID') || query.has('meetingID');

describe('paging of every generation', () => {
  it.each(['unmerged', 'one-format', 'obeyed', 'ignored'] as const)(
    '%s: 250 recordings come with exactly the formats of the unpaged answer',
    async (paging) => {
      const whole = await listFile(answerOf(250));
      const server = await start(250, { paging });
      const spool = await list([server.url]);
      expect(await formatsOf(spool)).toEqual(await formatsOf(whole));
      expect(spool.notes.filter(isPartial)).toEqual([]);
      expect(server.requests.length).toBeLessThanOrEqual(11);
    },
  );

  it('one dead server of two leaves the list partial', async () => {
    const [one, two] = [await start(3), await start(3)];
    two.trouble = { kind: 'busy', times: 99 };
    const spool = await list([one.url, two.url]);
    expect(spool.total).toBe(3);
    expect(spool.notes.filter(isPartial)).toMatchObject([{ server: 'server1', kind: 'failed' }]);
  });
});

describe('whatever a server does', () => {
  const some = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
  const behaviour = fc.record({
    count: fc.integer({ min: 0, max: 23 }),
    pageSize: fc.integer({ min: 1, max: 8 }),
    paging: some('obeyed', 'unmerged', 'one-format', 'ignored'),
    filtered: fc.boolean(),
    // `silent` takes its time and is tried apart.
    trouble: some(
      'none',
      'not-found',
      'busy',
      'html',
      'failed',
      'truncated',
      'broken-off',
      'latin1',
      'shrink',
    ),
    times: some(1, 2, 99),
    when: some('always', 'first', 'later', 'ids'),
    known: some('nobody', 'none', 'some', 'all'),
    second: some('none', 'well', 'dead'),
  });
  const concerns = { always: () => true, first: isFirst, later: isPage(1), ids: byIds };

  it('what is listed is what the unpaged answer holds, or the list is partial, or it is a failure', async () => {
    const told = { whole: 0, partial: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(behaviour, async (given) => {
        const { count, trouble, times, known } = given;
        const server = await start(count, { paging: given.paging, filtered: given.filtered });
        if (trouble !== 'none')
          server.trouble = {
            kind: trouble,
            times: trouble === 'shrink' ? 1 : times,
            when: concerns[given.when],
          };
        const others = given.second === 'none' ? [] : [await start(count + 2)];
        for (const other of others) if (given.second === 'dead') other.trouble = { kind: 'busy', times: 1e6 };
        const ids = Array.from({ length: known === 'all' ? count : Math.min(count, 3) }, (_, i) => idOf(i));
        const knownIds = { meetingIds: ['nobody'], recordIds: known === 'none' ? [] : ids };
        const whole = await listFile(answerOf(Math.max(count, given.second === 'well' ? count + 2 : 0)));
        const expected = await formatsOf(whole);
        const listed = await list(
          [server, ...others].map(({ url }) => url),
          {
            pageSize: given.pageSize,
            ...(known === 'nobody' ? {} : { known: knownIds }),
          },
        ).catch((error: unknown) => error);
        if (listed instanceof OperatorError) {
          told.failed++;
          expect([
            listed.remedy !== '',
            trouble !== 'none' || given.filtered || given.second === 'dead',
          ]).toEqual([true, true]);
          return;
        }
        if (listed instanceof Error) throw listed;
        const spool = listed as RecordingSpool;
        const formats = await formatsOf(spool);
        const isWhole = spool.notes.filter(isPartial).length === 0;
        told[isWhole ? 'whole' : 'partial']++;
        // The last recording is deleted while it is listed.
        const without =
          trouble === 'shrink' ? expected.filter((line) => !line.startsWith(idOf(count - 1))) : expected;
        if (isWhole) expect([expected, without]).toContainEqual(formats);
        // Nothing is made up: every recording, and each of its formats, is one of the server's.
        const owned = new Map(expected.map((line) => [line.split(' ')[0], new Set(line.split(' '))]));
        for (const line of formats)
          for (const word of line.split(' ')) expect(owned.get(line.split(' ')[0])?.has(word)).toBe(true);
      }),
      { numRuns: 100 },
    );
    // A property that meets only one outcome proves nothing.
    expect(Math.min(told.whole, told.partial, told.failed)).toBeGreaterThan(5);
  });
});

describe('a failure is never an empty list', () => {
  it.each([
    ['not-found', 'bbb-not-an-api'],
    ['busy', 'http-status'],
    ['silent', 'http-timeout'],
  ] as const)('%s on the first page, with nothing to ask or nothing that comes', async (kind, code) => {
    const fails = async (known?: KnownIds, when?: (query: URLSearchParams) => boolean): Promise<void> => {
      const server = await start(5);
      server.trouble = { kind, times: 99, ...(when === undefined ? {} : { when }) };
      const error = await failure(list([server.url], known === undefined ? {} : { known }));
      expect(error.code).toBe(code);
    };
    await Promise.all([
      fails(),
      fails({ meetingIds: [], recordIds: [] }),
      fails({ meetingIds: ['nobody'], recordIds: [] }, (query) => !byIds(query)),
      fails({ meetingIds: [], recordIds: [idOf(1)] }),
    ]);
  });

  it.each(['busy', 'not-found', 'silent'] as const)('page 2 is %s: partial, with what came', async (kind) => {
    const server = await start(250, { paging: 'one-format' });
    server.trouble = { kind, times: 99, when: isPage(100) };
    const spool = await list([server.url]);
    expect(spool.total).toBe(100);
    expect(spool.notes.filter(isPartial)).toMatchObject([
      { kind: 'pages-failed', count: 2, kept: 100, announced: 250 },
    ]);
  });

  it('a page that breaks off costs what it cut, and no other page', async () => {
    const server = await start(250, { paging: 'unmerged' });
    server.trouble = { kind: 'truncated', times: 1, when: isPage(100) };
    const spool = await list([server.url]);
    expect(spool.total).toBeGreaterThan(200);
    expect(spool.notes.filter(isPartial).map(({ kind }) => kind)).toContain('cut');
  });

  it.each(['unmerged', 'one-format', 'obeyed'] as const)(
    '%s: a recording deleted while pages are read hides no other one',
    async (paging) => {
      const server = await start(6, { paging });
      server.trouble = { kind: 'shrink', times: 1 };
      const spool = await list([server.url], { pageSize: 2 });
      const kept = (await all(spool)).map(({ recordId }) => recordId);
      expect(kept).toEqual(expect.arrayContaining([0, 1, 2, 3, 4].map(idOf)));
      expect(spool.notes.map(({ kind }) => kind)).toContain('shrunk');
      // The deleted one was on a page already read, and its recordID brings nothing any more.
      if (kept.includes(idOf(5)))
        expect(spool.notes).toContainEqual(
          expect.objectContaining({ kind: 'vanished', count: 1, detail: idOf(5) }),
        );
    },
  );

  it('batches that fail leave formats unknown: partial', async () => {
    const server = await start(120, { paging: 'one-format' });
    server.trouble = { kind: 'busy', times: 99, when: byIds };
    const spool = await list([server.url]);
    expect(spool.total).toBe(120);
    expect(spool.notes.filter(isPartial)).toMatchObject([{ kind: 'formats-failed', count: 120 }]);
  });

  it('says how many are missing of what a server announces', async () => {
    const page = answerOf(100).replace('</recordings>', '</recordings><totalElements>250</totalElements>');
    expect((await listFile(page)).notes).toMatchObject([
      { kind: 'incomplete', kept: 100, announced: 250, count: 150 },
    ]);
  });
});

describe('a server that refuses the whole list', () => {
  it('is asked by the ids that are known, and the list is partial', async () => {
    const server = await start(60, { filtered: true });
    const refused = await failure(list([server.url]));
    expect([refused.code, refused.remedy]).toEqual([
      'bbb-listing-filtered',
      expect.stringContaining('GET_RECORDINGS_API_FILTERED'),
    ]);
    const spool = await list([server.url], {
      known: { meetingIds: ['m-1', 'm-2'], recordIds: [idOf(3)] },
    });
    expect(spool.total).toBe(3);
    expect(spool.notes.filter(isPartial)).toMatchObject([{ kind: 'by-batches', kept: 3 }]);
  });

  it('is asked by what flags name, and the list is whole', async () => {
    const server = await start(60, { filtered: true });
    const spool = await list([server.url], { wanted: { meetingIds: [], recordIds: [idOf(7)] } });
    expect((await all(spool)).map(({ recordId }) => recordId)).toEqual([idOf(7)]);
    expect(spool.notes.filter(isPartial)).toEqual([]);
  });
});

describe('odd bytes cost their recording, not the list', () => {
  const fileOf = async (name: string): Promise<Recording[]> => {
    const spool = await openRecordingSource({
      spoolDirectory,
      servers: [],
      fromXml: { file: path.join(cases, name), server: 'default' },
    }).list({ signal });
    spools.push(spool);
    expect(spool.notes.filter(isPartial)).toEqual([]);
    return all(spool);
  };

  it('reads every small case whole', async () => {
    for (const name of readdirSync(cases)) expect((await fileOf(name)).length).toBeGreaterThan(0);
  });

  it.each([
    ['01-published-false-state-published.xml', 'unpublished'],
    ['01b-published-true-state-unpublished.xml', 'unpublished'],
    ['13b-dup-state.xml', 'unpublished'],
    ['13-dup-formats.xml', 'published'],
  ])('%s is %s', async (name, state) => {
    expect((await fileOf(name)).map((recording) => recording.state)).toEqual([state]);
  });

  it.each([
    ['02-entities.xml', 'Analyse & algèbre <L1> "TD" l\'été'],
    ['03-vt.xml', 'TP chimie'],
    ['03b-charref.xml', 'TP chimie'],
    ['04-badmeta.xml', 'Cours'],
    ['40-greenlight-renamed.xml', 'TD 3 : corrige des exercices'],
  ])('%s is called %s', async (name, title) => {
    expect((await fileOf(name)).map(titleOf)).toContain(title);
  });

  it('the order of entries changes nothing', async () => {
    const [a, b] = [await fileOf('13-dup-formats.xml'), await fileOf('13r-dup-formats-reversed.xml')];
    expect(a).toEqual(b);
    expect(a[0]!.formats.map(({ type }) => type)).toEqual(['presentation', 'video']);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
        const whole = a[0]!;
        const parts = [whole, ...whole.formats.map((format) => ({ ...whole, formats: [format] }))];
        expect(order.map((i) => parts[i]!).reduce(mergeRecordings)).toEqual(whole);
      }),
    );
  });

  it('understands seconds, and never dates a session 1970', async () => {
    expect((await fileOf('44-seconds.xml')).map(({ startAt }) => startAt)).toEqual([1_704_100_000_000]);
    const spool = await listFile(answerOf(2).replace(/<startTime>1700000000001/, '<startTime>86400000'));
    // Its recordID tells the start instead.
    expect((await all(spool)).map(({ startAt }) => startAt)).toEqual([1_700_000_000_001, 1_700_000_000_000]);
  });

  it('a recording that nobody can read is named, and the others are kept', async () => {
    const broken = answerOf(5)
      .replace('<name>Séance 2</name>', '<name>Séance 2</nom></playback>')
      .replace('<name>Séance 3</name>', '<name>R&D <3 & co</name>');
    const spool = await listFile(broken);
    expect((await all(spool)).map(({ name }) => name)).toEqual([
      'Séance 4',
      'R&D <3 & co',
      'Séance 1',
      'Séance 0',
    ]);
    const [note] = spool.notes.filter(isPartial);
    expect(note).toMatchObject({ kind: 'unreadable', count: 1, kept: 4 });
    expect(note!.detail).toContain(idOf(2));
  });

  it.each([
    ['a <!-- b', 'a <!-- b'],
    ['a <![CDATA[ b', 'a <![CDATA[ b'],
    ['a ]]> b', 'a ]]> b'],
    ['a&#999999999999;b', 'a b'],
    ['a&#x1FFFFFFFFF;b', 'a b'],
  ])('%s in a name is mended, and swallows nothing', async (name, title) => {
    for (const at of [0, 2, 3]) {
      const spool = await listFile(answerOf(4).replace(`<name>Séance ${at}`, `<name>${name}`));
      const titles = (await all(spool)).map(titleOf).reverse();
      expect([titles.length, titles[at]]).toEqual([4, title]);
      expect(spool.notes.map(({ kind }) => kind)).toEqual(['mended']);
    }
  });

  it.each([
    ['1704100000', 1_704_100_000_000],
    ['1704100000.5', 1_704_100_000_500],
    ['1704100000000.0', 1_704_100_000_000],
    ['1704100000000000', 1_704_100_000_000],
    ['99999999999999', 1_700_000_000_000],
    ['9999999999', 1_700_000_000_000],
    ['-1', 1_700_000_000_000],
  ])('a start of %s is a session of our time', async (text, at) => {
    const spool = await listFile(answerOf(1).replace('<startTime>1700000000000<', `<startTime>${text}<`));
    expect((await all(spool)).map(({ startAt }) => startAt)).toEqual([at]);
  });

  it.each(['false', 'FALSE', ' no ', '0', 'f'])(
    'published %s hides, whatever the state says',
    async (word) => {
      const spool = await listFile(answerOf(1).replace('<published>true<', `<published>${word}<`));
      expect((await all(spool)).map(({ state }) => state)).toEqual(['unpublished']);
    },
  );

  it('a comment between recordings is none, and two answers in one file are both read', async () => {
    const commented = answerOf(2).replace('<recordings>', '<recordings><!-- <recording><recordID>x -->');
    const spool = await listFile(commented);
    expect([spool.total, spool.notes]).toEqual([2, []]);
    const twice = await listFile(answerOf(2) + answerOf(4));
    expect([twice.total, twice.notes.map(({ kind }) => kind)]).toEqual([4, ['cut']]);
  });

  it('an answer to something else is no empty list', async () => {
    const other = '<response><returncode>SUCCESS</returncode><version>2.0</version></response>';
    expect((await failure(listFile(other))).code).toBe('bbb-file-broken');
    expect((await listFile('<response><returncode>SUCCESS</returncode><recordings/></response>')).total).toBe(
      0,
    );
  });

  it('reads the punctuation of windows-1252', async () => {
    const text = answerOf(1).replace('Séance 0', 'QQ');
    const [before = '', after = ''] = text.split('QQ');
    const bytes = Buffer.concat([
      Buffer.from(before),
      Buffer.from([0x93, 0x6c, 0x92, 0xe9, 0x94]),
      Buffer.from(after),
    ]);
    expect((await all(await listFile(bytes))).map(titleOf)).toEqual(['“l’é”']);
  });

  it('a URL is taken only with scheme and host, and never with a line end in it', async () => {
    const playbackOf = async (url: string): Promise<unknown> => {
      const spool = await listFile(answerOf(1).replace(/<url>[^<]*<\/url>/, `<url>${url}</url>`));
      const [recording] = await all(spool);
      return choosePlayback(recording!, { playback23: true });
    };
    for (const url of ['/p/x', 'p/x', '//h/x', 'http:/h/x', 'https:h/x', 'https://', 'http://h:99999/x'])
      expect(await playbackOf(url)).toMatchObject({ relative: url });
    expect(await playbackOf('\n  https://h/playback/\n   x y ')).toMatchObject({
      url: 'https://h/playback/x%20y',
    });
  });

  it('a recording that is never closed costs itself alone', async () => {
    const spool = await listFile(answerOf(4).replace('</playback></recording>', '</playback>'));
    expect(spool.total).toBe(3);
    expect(spool.notes.filter(isPartial)).toMatchObject([{ kind: 'unreadable', count: 1 }]);
  });

  it('a file that breaks off keeps what came before', async () => {
    const text = answerOf(10);
    const spool = await listFile(text.slice(0, Math.floor(text.length * 0.7)));
    expect(spool.total).toBeGreaterThan(4);
    const [note] = spool.notes.filter(isPartial);
    expect(note).toMatchObject({ kind: 'cut' });
    expect(note!.detail).toMatch(/after [0-9a-f]+-\d+ \(line \d+, byte \d+/);
  });

  it('reads Latin-1 bytes among UTF-8, what stands before the declaration, and a wrong charset', async () => {
    const text = `\ufeff \n<?xml version="1.0" encoding="UTF-8"?>\n${answerOf(3)}`;
    const bytes = Buffer.concat([
      Buffer.from(text.slice(0, text.indexOf('Séance 1'))),
      Buffer.from('Séance 1', 'latin1'),
      Buffer.from(text.slice(text.indexOf('Séance 1') + 'Séance 1'.length)),
    ]);
    const spool = await listFile(bytes);
    expect((await all(spool)).map(({ name }) => name)).toEqual(['Séance 2', 'Séance 1', 'Séance 0']);
    expect(spool.notes).toMatchObject([{ kind: 'mended', count: 1, detail: idOf(1) }]);
    const pieces: string[] = [];
    const body = (async function* () {
      for (const byte of Buffer.from('Réunion – 日本')) yield Buffer.from([byte]);
    })();
    for await (const piece of decodeStream(body, 'text/xml; charset=iso-8859-1')) pieces.push(piece);
    expect(pieces.join('')).toBe('Réunion – 日本');
  });
});
