import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePlayback } from '../../src/bbb/choose-playback.js';
import { countInRange, matchesFilters, noFilters, parseRecordList } from '../../src/bbb/filters.js';
import { mergeRecordings } from '../../src/bbb/merge-recordings.js';
import { compareRecordings } from '../../src/bbb/order.js';
import { isTokenUrl, parsePlaybackUrl, recordIdOfUrl, toPlayback23 } from '../../src/bbb/playback-url.js';
import type { Recording } from '../../src/bbb/recording.js';
import {
  claimFileName,
  claimHash,
  djangoSlug,
  hashOfClaimFile,
  oldScriptFileNames,
  titleOf,
} from '../../src/bbb/recording-names.js';
import { instantOf, localDay, localTime, parseMoment } from '../../src/kit/time-zone.js';
import { toSlug } from '../../src/bbb/transliterate.js';

const ID = '183f0bf3a0982a127bdb8161e0c44eb696b3e75c-1711893600000';
const paris = 'Europe/Paris';
const recording = (changes: Partial<Recording> = {}): Recording => ({
  recordId: ID,
  internalMeetingId: ID,
  meetingId: 'seed-2-1[0]',
  name: 'Réunion & co',
  state: 'published',
  startAt: Date.parse('2024-03-31T14:05:00Z'),
  endAt: null,
  participants: null,
  sizeBytes: null,
  isBreakout: false,
  metadata: {},
  formats: [],
  server: 'default',
  ...changes,
});
const format = (type: string, url: string) => ({ type, url, lengthMinutes: 1, sizeBytes: null });
const recordIds = fc
  .tuple(fc.stringMatching(/^[0-9a-f]{40}$/), fc.integer({ min: 1e12, max: 2e12 - 1 }))
  .map(([hash, at]) => `${hash}-${at}`);

describe('order and range', () => {
  it('is newest first on every server, whatever its answer', () => {
    const instants = fc.record({ recordId: recordIds, startAt: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(instants), (list) => {
        const sorted = [...list].sort(compareRecordings);
        expect(
          [...list]
            .reverse()
            .sort(compareRecordings)
            .map((r) => `${r.recordId} ${r.startAt}`),
        ).toEqual(sorted.map((r) => `${r.recordId} ${r.startAt}`));
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i - 1]!.startAt >= sorted[i]!.startAt).toBe(true);
      }),
    );
  });

  it('announces the number that will be taken', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.integer({ min: 1, max: 60 })),
        (count, min, max) => {
          const taken = Array.from({ length: count }, (_, i) => i + 1).filter(
            (n) => n >= min && n <= (max ?? count),
          );
          expect(countInRange(count, { min, max })).toBe(taken.length);
        },
      ),
    );
  });

  it('filters by every criterion, and together', () => {
    const one = recording({
      metadata: { 'bbb-origin': 'Moodle', 'bbb-origin-server-name': 'Moodle.univ.example' },
    });
    expect(matchesFilters(one, noFilters)).toBe(true);
    expect(matchesFilters(one, { ...noFilters, origins: ['moodle.UNIV.example'] })).toBe(true);
    expect(matchesFilters(one, { ...noFilters, origins: ['greenlight'] })).toBe(false);
    expect(matchesFilters(one, { ...noFilters, sinceAt: one.startAt })).toBe(true);
    expect(matchesFilters(one, { ...noFilters, untilAt: one.startAt })).toBe(false);
    expect(matchesFilters(one, { ...noFilters, states: ['deleted'] })).toBe(false);
    expect(matchesFilters(one, { ...noFilters, recordIds: [ID], meetingIds: ['other'] })).toBe(false);
  });

  it('reads lists of recordIDs and URLs', () => {
    const text = `# objections\n${ID} # wants out\n\nhttps://b/playback/presentation/2.3/${ID.replace('183', '283')}\n`;
    expect(parseRecordList(text, recordIdOfUrl)).toEqual(new Set([ID, ID.replace('183', '283')]));
  });
});

describe('playback URLs', () => {
  const forms = (id: string): [string, string, string | null][] => [
    [`https://b.fr/playback/presentation/2.3/${id}`, 'presentation', '2.3'],
    [`https://b.fr/playback/presentation/2.3/${id}?meetingId=${id}`, 'presentation', '2.3'],
    [`https://b.fr/playback/presentation/2.0/playback.html?meetingId=${id}`, 'presentation', '2.0'],
    [`https://b.fr/playback/presentation/2.3/playback.html?meetingId=${id}`, 'presentation', '2.3'],
    [`http://b.fr/playback/presentation/0.9.0/playback.html?meetingId=${id}`, 'presentation', '0.9.0'],
    [`http://b.fr/playback/presentation/0.81/playback.html?meetingId=${id}`, 'presentation', '0.81'],
    [`http://b.fr/playback/presentation/playback.html?meetingId=${id}`, 'presentation', null],
    [`https://b.fr/playback/video/${id}/`, 'video', null],
    [`https://b.fr/playback/video/${id}/video-0.m4v`, 'video', null],
    [`https://b.fr/recording/${id}/presentation?token=abc`, 'presentation', null],
    [`https://bbb.numerique-esr.fr/recording/${id}/video?token=abc`, 'video', null],
    [`https://bbb.numerique-esr.fr/video/${id}/`, 'video', null],
    [`https://b.fr/podcast/${id}/audio.ogg`, 'podcast', null],
    [`https://b.fr/proxy/presentation/${id}/shapes.svg`, 'presentation', null],
    [`https://b.fr/playback/screenshare/${id}/`, 'screenshare', null],
    [`https://b.fr/notes/${id}`, 'notes', null],
  ];

  it('lead back to the recordID in all their forms', () => {
    fc.assert(
      fc.property(recordIds, (id) => {
        for (const [url, kind, player] of forms(id))
          expect(parsePlaybackUrl(url), url).toMatchObject({ recordId: id, format: kind, player });
      }),
    );
  });

  it('http, https, 2.0, 2.3, proxy and token forms are one recording', () => {
    const urls = forms(ID).flatMap(([url]) => [
      url,
      url.replace('https:', 'http:'),
      url.replace('b.fr', 'other.fr:8443'),
    ]);
    expect(new Set(urls.map(recordIdOfUrl))).toEqual(new Set([ID]));
  });

  it('never throw and never invent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (text) => {
        const id = recordIdOfUrl(text);
        if (id !== null) expect(decodeURIComponent(text)).toContain(id);
      }),
    );
    for (const text of [
      '',
      'ftp://b/playback/video/x',
      'https://b/',
      'https://b/playback/presentation/2.0/playback.html',
    ])
      expect(recordIdOfUrl(text)).toBeNull();
  }, 60_000);

  it('rewrites 2.0 links, and only these, without leaving a query behind', () => {
    fc.assert(
      fc.property(recordIds, (id) => {
        expect(toPlayback23(`https://b.fr/playback/presentation/2.0/playback.html?meetingId=${id}`)).toBe(
          `https://b.fr/playback/presentation/2.3/${id}`,
        );
        for (const [url, , player] of forms(id)) {
          expect(recordIdOfUrl(toPlayback23(url))).toBe(id);
          if (player !== '2.0') expect(toPlayback23(url)).toBe(url);
        }
      }),
    );
  });

  it('knows single-use URLs', () => {
    expect(isTokenUrl(`https://b.fr/recording/${ID}/presentation?token=x`)).toBe(true);
    expect(isTokenUrl(`https://b.fr/playback/presentation/2.3/${ID}?meetingId=${ID}`)).toBe(false);
  });

  it('chooses the video, else the presentation, never an empty URL', () => {
    const video = format('video', `https://b.fr/playback/video/${ID}/`);
    const slides = format(
      'presentation',
      `https://b.fr/playback/presentation/2.0/playback.html?meetingId=${ID}`,
    );
    expect(choosePlayback({ formats: [video, slides] }, { playback23: true })).toMatchObject({
      kind: 'video',
      url: video.url,
    });
    expect(choosePlayback({ formats: [slides] }, { playback23: true })).toMatchObject({
      kind: 'presentation',
      is20Link: false,
    });
    expect(choosePlayback({ formats: [slides] }, { playback23: false })).toMatchObject({
      url: slides.url,
      is20Link: true,
    });
    const others = [
      format('podcast', 'https://b.fr/podcast/x'),
      format('statistics', 'https://b.fr/s'),
      format('hologram', 'https://b.fr/h'),
    ];
    expect(choosePlayback({ formats: others }, { playback23: true })).toEqual({
      none: ['podcast', 'statistics', 'hologram'],
    });
    expect(
      choosePlayback({ formats: [format('video', 'javascript:alert(1)')] }, { playback23: true }),
    ).toEqual({ none: ['video'] });
  });
});

describe('names', () => {
  it('is the name the teacher gave, when there is one', () => {
    expect(titleOf(recording({ metadata: { 'bbb-recording-name': ' Cours 3 :  les graphes ' } }))).toBe(
      'Cours 3 : les graphes',
    );
    expect(titleOf(recording({ metadata: { 'bbb-recording-name': '  ' } }))).toBe('Réunion & co');
    expect(titleOf(recording({ name: '', meetingId: '', metadata: {} }))).toBe(ID);
  });

  it('never exceeds 250 characters nor cuts one in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
        const title = titleOf(recording({ name }));
        expect(Array.from(title).length).toBeLessThanOrEqual(250);
        expect(title).not.toMatch(/\p{Surrogate}|[\u0000-\u001f\u202a-\u202e]/u);
        expect(title).not.toBe('');
      }),
    );
    expect(titleOf(recording({ name: '😀'.repeat(300) }))).toBe('😀'.repeat(250));
    expect(titleOf(recording({ name: 'a\u202eb\u0007c' }))).toBe('ab c');
  });

  const names = { extension: 'mp4' as const, timeZone: paris, maxLength: 80 };

  it('gives claims readable names, the day within the 43 characters that Pod shows', () => {
    expect(claimFileName(recording(), names)).toBe(`reunion-co-2024-03-31-16h05-${claimHash(ID)}.mp4`);
    const long = recording({ name: 'Introduction à la programmation orientée objet en Java' });
    expect(claimFileName(long, names).slice(0, 43)).toContain('2024-03-31');
    expect(claimFileName(recording({ name: 'Лекция по химии' }), names)).toMatch(/^lektsiya-po-khimii-/);
    expect(
      claimFileName(recording({ name: '化学入門', metadata: { 'bbb-context-label': 'CHI101' } }), names),
    ).toMatch(/^chi101-/);
    expect(claimFileName(recording({ name: '化学' }), names)).toMatch(/^session-2024/);
  });

  it('two sessions of one day never collide', () => {
    fc.assert(
      fc.property(
        recordIds,
        recordIds,
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 30, max: 120 }),
        (a, b, name, maxLength) => {
          const one = claimFileName(recording({ recordId: a, name }), { ...names, maxLength });
          const other = claimFileName(recording({ recordId: b, name }), { ...names, maxLength });
          expect(one === other).toBe(a === b);
          expect(one.length).toBeLessThanOrEqual(maxLength);
          expect(one).toMatch(/^[a-z0-9][a-z0-9-]*\.mp4$/);
          expect(hashOfClaimFile(one) ?? one.slice(0, 8)).toBe(claimHash(a));
        },
      ),
    );
  });

  it("recomputes the old script's names exactly", () => {
    expect(oldScriptFileNames(recording(), paris)).toEqual([
      'reunion-co-2024-03-31.m4v',
      'reunion-co-2024-03-31.webm',
    ]);
    const night = recording({ name: 'Cours', startAt: Date.parse('2024-02-29T23:30:00Z') });
    expect(oldScriptFileNames(night, paris)).toEqual([
      'cours-2024-02-29.m4v',
      'cours-2024-02-29.webm',
      'cours-2024-03-01.m4v',
      'cours-2024-03-01.webm',
    ]);
    expect(djangoSlug('化学 2024-03-01')).toBe('2024-03-01');
    expect(djangoSlug('Œuvre_d’art — n°3 (ﬁn) 2024-03-01')).toBe('uvre_dart-n3-fin-2024-03-01');
    expect(djangoSlug('-_x_-')).toBe('x');
  });

  it('transliterates what letters can stand for', () => {
    expect(toSlug('Cœur & Straße : Ærø, Łódź, Ελλάδα')).toBe('coeur-strasse-aero-lodz-ellada');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toSlug(text)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
      }),
    );
  });
});

describe('days and moments in the configured zone', () => {
  const now = Date.parse('2024-06-15T12:00:00Z');
  const read = (text: string, bound: 'since' | 'until' = 'since', zone = paris): string | null => {
    const at = parseMoment(text, bound, { zone, now });
    return at === null ? null : new Date(at).toISOString();
  };

  it('the repeated hour and the missing hour are instants like others', () => {
    expect(localDay(paris, Date.parse('2024-03-31T22:30:00Z'))).toBe('2024-04-01');
    // 27 October 2024: 02:30 occurs twice; 31 March 2024: 02:30 does not occur.
    expect(read('2024-10-27T02:30')).toBe('2024-10-27T00:30:00.000Z');
    expect(read('2024-10-27T02:30', 'until')).toBe('2024-10-27T01:30:00.000Z');
    expect(read('2024-03-31T02:30')).toBe('2024-03-31T01:00:00.000Z');
    for (const at of ['2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z', '2024-03-31T01:00:00Z'])
      expect(
        claimFileName(recording({ startAt: Date.parse(at) }), {
          extension: 'mp4',
          timeZone: paris,
          maxLength: 90,
        }),
      ).toContain(at.slice(0, 10));
  });

  it('reads ages, days, local times and instants', () => {
    expect(read('60d')).toBe('2024-04-16T12:00:00.000Z');
    expect(read('60j')).toBe('2024-04-16T12:00:00.000Z');
    expect(read('2024-01-01')).toBe('2023-12-31T23:00:00.000Z');
    expect(read('2024-01-01', 'until')).toBe('2024-01-01T23:00:00.000Z');
    expect(read('2024-03-31', 'until')).toBe('2024-03-31T22:00:00.000Z');
    expect(read('2024-05-01T10:00Z')).toBe('2024-05-01T10:00:00.000Z');
    for (const text of ['', 'yesterday', '2024-02-30', '2024-13-01', '60', '31/12/2024'])
      expect(read(text)).toBeNull();
  });

  it('begins a day that has no midnight when it begins', () => {
    // Beirut, 31 March 2024: 00:00 became 01:00.
    const at = instantOf('Asia/Beirut', '2024-03-31T00:00:00')!;
    expect(localTime('Asia/Beirut', at)).toBe('2024-03-31 01:00:00');
    expect(localDay('Asia/Beirut', at - 1000)).toBe('2024-03-30');
  });

  it('inverts the clock of any zone', () => {
    const zones = fc.constantFrom(
      'Europe/Paris',
      'Asia/Beirut',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'UTC',
      'Indian/Reunion',
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: 1.4e9, max: 1.9e9 }), (zone, seconds) => {
        const local = localTime(zone, seconds * 1000).replace(' ', 'T');
        const found = [instantOf(zone, local, 'first'), instantOf(zone, local, 'last')];
        expect(found).toContain(seconds * 1000);
      }),
    );
  });
});

it('entries without end of one recordID cost no more each than a few, and give the same in any order', () => {
  const entries = Array.from({ length: 500 }, (_, i) =>
    recording({ metadata: { [`k${i}`]: '1' }, formats: [format('video', `https://b.fr/${i}`)] }),
  );
  const merged = entries.reduce(mergeRecordings);
  expect([merged.formats.length, Object.keys(merged.metadata).length]).toEqual([50, 200]);
  expect(entries.reverse().reduce(mergeRecordings)).toEqual(merged);
});
