import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultFileLimits } from '../../src/bbb/published-file.js';
import { openPlayback, defaultFetchLimits } from '../../src/bbb-server/open-playback.js';
import { openHttp, type HttpClient } from '../../src/kit/adapters/http/open-http.js';
import { openPublishedFolder } from '../../src/recorder/adapters/published-folder.js';
import { fetchPresentation } from '../../src/recorder/fetch-presentation.js';
import { countShortfalls, type ShortfallCount } from '../../src/recorder/shortfalls/count-shortfalls.js';
import { isGrave } from '../../src/recorder/shortfalls/shortfall.js';
import { findMedia } from '../../src/recorder/survey-media.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../src/recorder/timeline/read-presentation.js';
import { loopbackGuard } from '../support/loopback-guard.js';
import { startLossyServer, type Loss, type LossyServer } from '../support/lossy-server.js';
import { publishFixture, realPorts } from '../support/presentations.js';

/* What a server owes is counted: each kind of file, lost in each way. The commands: `npm run prove missing`. */

const ID = `${'71d7a2'.padEnd(40, '0')}-1600000002060`;
const signal = new AbortController().signal;
let directory = '';
let folder = '';
let server: LossyServer;
let http: HttpClient;
let slide = '';

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-shortfalls-'));
  folder = publishFixture('tldraw2', directory, ['webcams', 'deskshare']);
  server = await startLossyServer(folder, ID);
  http = openHttp({ guard: loopbackGuard, retries: 1, retryDelayMs: 10 });
  const { visits } = readPresentation(await textsOf(folder));
  slide = visits.find(({ href }) => /slide/.test(href ?? ''))?.href ?? '';
});
beforeEach(() => server.losses.clear());
afterAll(async () => {
  await http.close();
  await server.close();
  rmSync(directory, { recursive: true });
});

async function textsOf(root: string): Promise<PresentationTexts> {
  const opened = openPublishedFolder(root);
  const entries = await Promise.all(
    presentationFiles.map(async (name) => [name, await opened.readText(name)]),
  );
  return Object.fromEntries(entries) as PresentationTexts;
}

async function count(root: string, faults: ReadonlyMap<string, string> = new Map()): Promise<ShortfallCount> {
  const opened = openPublishedFolder(root);
  const texts = await textsOf(root);
  const media = await findMedia(opened, realPorts(directory).media, defaultFileLimits, signal);
  return countShortfalls(opened, texts, readPresentation(texts), media, {
    faults,
    limits: defaultFileLimits,
    audioOnly: false,
  });
}

async function fetched(): Promise<ShortfallCount> {
  const into = mkdtempSync(path.join(directory, 'fetched-'));
  const limits = { ...defaultFetchLimits, retryAfterMs: 1 };
  const opened = await openPlayback(server.url, into, { http, signal, limits });
  if (opened.kind !== 'presentation') throw new Error('no presentation');
  const { faults } = await fetchPresentation(opened.files, () => undefined);
  return count(into, faults);
}

it('finds nothing missing in a whole recording, by the server and on disk', async () => {
  expect((await fetched()).line).toBe('');
  expect((await count(folder)).line).toBe('');
});

const KINDS: readonly (readonly [string, string, string, boolean])[] = [
  ['slide', 'SLIDE', 'slides', true],
  ['webcams', 'video/webcams.webm', 'webcams', true],
  ['screen share', 'deskshare/deskshare.webm', 'screen share', true],
  ['times of the screen share', 'deskshare.xml', 'screen share', true],
  ['shapes', 'shapes.svg', 'shapes.svg', true],
  ['tldraw', 'tldraw.json', 'tldraw.json', true],
  ['zooms', 'panzooms.xml', 'panzooms.xml', true],
  ['cursor', 'cursor.xml', 'cursor', false],
  ['text of a slide', 'textfiles/slide-1.txt', 'texts', false],
  ['captions', 'caption_en.vtt', 'captions', false],
];
const LOSSES: readonly (readonly [Loss, RegExp])[] = [
  ['404', /404|sound/],
  ['empty', /empty/],
  ['html', /HTML page of 37 B/],
  ['page-as-medium', /HTML page of 37 B/],
  ['cut', /cut: the server broke off after \d+ B/],
  ['too-large', /30.0 GB, more than \[recorder\] max_(picture|text|media)/],
];
const cells = KINDS.flatMap(([kind, file, named, grave]) =>
  LOSSES.filter(([loss]) => kind !== 'text of a slide' || loss !== 'empty').map(
    ([loss, said]) => [kind, loss, file, named, said, grave] as const,
  ),
);

it.each(cells)('%s, %s: is asked again and named', async (kind, loss, file, named, said, grave) => {
  const path = file === 'SLIDE' ? slide : file;
  server.losses.set(path, loss);
  server.asked.splice(0);
  const { shortfalls, line } = await fetched();
  // Without webcams a recording publishes its sound: neither is a loss of the sound.
  expect(line).toContain(kind === 'webcams' && loss === '404' ? 'sound' : named);
  expect(line).toMatch(said);
  expect(isGrave(shortfalls)).toBe(grave);
  const asked = server.asked.filter((one) => one.endsWith(path)).length;
  expect(asked).toBeGreaterThanOrEqual(kind === 'tldraw' && loss === '404' ? 1 : 2);
});

it('counts slides, and says what a file on disk is', async () => {
  const own = publishFixture('classic', mkdtempSync(path.join(directory, 'disk-')), ['webcams', 'deskshare']);
  const { visits } = readPresentation(await textsOf(own));
  const slides = [
    ...new Set(visits.flatMap(({ href }) => (/slide-\d/.test(href ?? '') ? [href ?? ''] : []))),
  ];
  const [first = '', second = ''] = slides;
  rmSync(path.join(own, first));
  writeFileSync(path.join(own, second), '');
  // Its own copy: the fixture is linked.
  const webcams = path.join(own, 'video/webcams.webm');
  const whole = readFileSync(webcams);
  rmSync(webcams);
  writeFileSync(webcams, whole.subarray(0, 40_000));
  truncateSync(path.join(own, 'cursor.xml'), 200);
  rmSync(path.join(own, 'deskshare/deskshare.webm'));
  symlinkSync('/etc/hostname', path.join(own, 'deskshare/deskshare.webm'));
  const { line } = await count(own);
  expect(line).toContain(`1 of ${slides.length} slides missing: absent`);
  expect(line).toContain(`1 of ${slides.length} slides missing: empty`);
  expect(line).toMatch(/webcams: cut: 40.0 kB of \d/);
  expect(line).toContain('cursor: cut: it ends in the middle, after 200 B');
  expect(line).toContain('screen share: a link out of its folder');
});
