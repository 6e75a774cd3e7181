import { Writable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { Counter } from '../../../src/kit/batch/tally.js';
import { csvReport, csvWriter, harmlessCell } from '../../../src/kit/output/csv.js';
import { escapeHtml, escapeLink } from '../../../src/kit/output/escape-html.js';
import { MonthCounter, renderHistogram } from '../../../src/kit/output/histogram.js';
import { htmlReport } from '../../../src/kit/output/html-report.js';
import { dayOf, minuteOf } from '../../../src/kit/output/instants.js';
import { jsonLines } from '../../../src/kit/output/json-lines.js';
import {
  tellAll,
  type ReportHeader,
  type ReportItem,
  type ReportSummary,
} from '../../../src/kit/output/report.js';
import { sinkOfStream } from '../../../src/kit/output/text-sink.js';

const header: ReportHeader = {
  run: '20240331-a1b2',
  command: 'migrate recordings',
  mode: 'import',
  startedAt: Date.UTC(2024, 2, 31, 1, 30),
  timezone: 'Europe/Paris',
  total: 2,
  facts: { pod: 'https://pod.univ.fr', 'note <b>': '"x"' },
};
const item = (over: Partial<ReportItem> = {}): ReportItem => ({
  actionId: 'import/abc/jdupont',
  kind: 'import',
  recordId: 'abc-1711846800000',
  title: 'Réunion & co',
  startAt: Date.UTC(2024, 2, 31, 1, 30),
  origin: 'moodle.univ.fr',
  owner: 'jdupont',
  url: 'https://bbb.univ.fr/playback/presentation/2.3/abc',
  link: '',
  state: 'done',
  reason: 'imported',
  reasonParameters: {},
  marks: [],
  unresolved: false,
  ...over,
});
const hostile = item({
  title: '</td><script>alert(1)</script>\u202e"\' =1+1',
  url: 'javascript:alert(1)',
  owner: '<img src=x onerror=alert(1)>',
  state: 'failed',
  unresolved: true,
  link: 'https://user:hunter2@pod.univ.fr/admin/?token=abcdef',
});
function summary(items: readonly ReportItem[]): ReportSummary {
  const counter = new Counter();
  for (const { state, reason } of items)
    if (state !== 'planned') counter.add({ actionId: '', state, reason });
  return {
    tally: counter.tally(),
    endedAt: header.startedAt + 1500,
    stoppedBy: null,
    next: 'bbb2pod migrate status',
  };
}
async function render(
  make: typeof jsonLines | typeof htmlReport | typeof csvReport,
  items: readonly ReportItem[],
): Promise<string> {
  let text = '';
  const sink = make(async (chunk) => {
    text += chunk;
  });
  await sink.begin(header);
  for (const one of items) await sink.item(one);
  await sink.end(summary(items));
  return text;
}

function wellFormed(xml: string): boolean {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return true;
}
interface Line {
  type: string;
  startedAt?: string;
}
const parseLine = (line: string): Line => JSON.parse(line) as Line;

describe('marks and notes', () => {
  const marked = item({
    marks: [{ code: 'owner-not-staff', parameters: { user: 'jdupont' } }],
    notes: [
      {
        code: 'note-possible-pod-owner',
        parameters: { meeting: '0042-td', owner: 'dora', asked: '0042-td' },
      },
    ],
  });

  it('stand with their values in the page, the table and the lines', async () => {
    const html = await render(htmlReport, [marked]);
    expect(html).toContain('; jdupont is not staff in Pod and will not see it');
    expect(html).toContain('; possible owner: dora by the Pod meeting 0042-td');
    const csv = (await render(csvReport, [marked])).split('\r\n');
    expect(csv[0]).toMatch(/;marks;.*;notes$/);
    expect(csv[1]).toContain(';owner-not-staff;');
    expect(csv[1]).toContain('possible owner: dora by the Pod meeting 0042-td');
    const [, line] = (await render(jsonLines, [marked])).split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      marks: ['owner-not-staff'],
      notes: [
        {
          code: 'note-possible-pod-owner',
          text: expect.stringContaining('0042-td') as string,
          remedy: expect.stringContaining('shared = false') as string,
        },
      ],
    });
    expect(await render(jsonLines, [item()])).toContain('"notes":[]');
  });
});

describe('jsonLines', () => {
  it('writes a header, each item and a summary whose totals are the sums of the items', async () => {
    const lines = (await render(jsonLines, [item(), hostile])).trimEnd().split('\n').map(parseLine);
    expect(lines.map((line) => line.type)).toEqual(['header', 'item', 'item', 'summary']);
    expect(lines[0]?.startedAt).toBe('2024-03-31T01:30:00.000Z');
    expect(lines[1]).toMatchObject({
      recordId: 'abc-1711846800000',
      reasonText: 'in the external videos of its owner',
    });
    expect(lines[3]).toMatchObject({ total: 2, states: { done: 1, failed: 1, skipped: 0, 'not-run': 0 } });
  });

  it('leaves no secret, and does not take a URL followed by an address for user and host', async () => {
    const text = await render(jsonLines, [hostile, item({ url: 'https://pod.univ.fr', owner: 'a@b.fr' })]);
    expect(text).not.toMatch(/hunter2|abcdef/);
    expect(parseLine(text.split('\n')[2]!)).toMatchObject({ url: 'https://pod.univ.fr', owner: 'a@b.fr' });
  });
});

describe('htmlReport', () => {
  it('is one self-contained page that runs and fetches nothing, whatever the titles hold', async () => {
    const html = await render(htmlReport, [item(), hostile]);
    expect(html).not.toMatch(/<script|<img|<link|<iframe|@import|url\(|javascript:|\u202e|hunter2|abcdef/i);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).toContain("default-src 'none'");
    expect(html.match(/(?:src|href)="[^"]*"/g)).toEqual([
      'href="https://bbb.univ.fr/playback/presentation/2.3/abc"',
      'href="https://***@pod.univ.fr/admin/?token=***"',
    ]);
    const closed = html.replace('<!doctype html>', '').replace(/<meta ([^>]*)>/g, '<meta $1/>');
    expect(wellFormed(closed)).toBe(true);
  });

  it('counts states and reasons, lists the unresolved with why, and draws sessions per month', async () => {
    const html = await render(htmlReport, [item(), hostile]);
    expect(html).toContain('Without a known owner: 1');
    expect(html).toContain('<title>2024-03: 1</title>');
    expect(html).toMatch(/class="failed">failed<\/td><td class="n">1</);
    expect(html).toContain('bbb2pod migrate status');
  });
});

describe('csv', () => {
  it('makes formulas text, and leaves numbers and a lone dash alone', () => {
    expect(
      ['=1+1', '+33 1', '-2+3', '@SUM(A1)', '\t=1', ' =1', '＝1', '-', '-3', '+4,5', 'a=b', 7, null].map(
        harmlessCell,
      ),
    ).toEqual([
      "'=1+1",
      "'+33 1",
      "'-2+3",
      "'@SUM(A1)",
      "'\t=1",
      "' =1",
      "'＝1",
      '-',
      '-3',
      '+4,5',
      'a=b',
      '7',
      '',
    ]);
  });

  it('quotes separators, quotes and line breaks, with a mark at the head on demand', async () => {
    let text = '';
    const writer = csvWriter<string>(
      async (chunk) => void (text += chunk),
      [
        { title: 'title', value: (v) => v },
        { title: 'n', value: () => 1 },
      ],
      { bom: true },
    );
    await writer.row('a;b "c"\nd');
    await writer.end();
    expect(text).toBe('\uFEFFtitle;n\r\n"a;b ""c""\nd";1\r\n');
  });

  it('writes its titles even without a row', async () => {
    expect(await render(csvReport, [])).toMatch(/^run;state;reason;why;date;/);
  });

  it('gives each action one row with its day in the configured time zone', async () => {
    expect((await render(csvReport, [item()])).split('\r\n')[1]).toBe(
      '20240331-a1b2;done;imported;in the external videos of its owner;2024-03-31;Réunion & co;jdupont;moodle.univ.fr;' +
        'abc-1711846800000;https://bbb.univ.fr/playback/presentation/2.3/abc;;;import;;;;;',
    );
  });
});

describe('instants', () => {
  it('tells the repeated and the missing hour of Paris apart by the clock on the wall', () => {
    const twice = Date.UTC(2024, 9, 27, 0, 30);
    expect([minuteOf(twice, 'Europe/Paris'), minuteOf(twice + 3_600_000, 'Europe/Paris')]).toEqual([
      '2024-10-27 02:30',
      '2024-10-27 02:30',
    ]);
    expect(minuteOf(Date.UTC(2024, 2, 31, 1, 0), 'Europe/Paris')).toBe('2024-03-31 03:00');
    expect(dayOf(Date.UTC(2024, 11, 31, 23, 30), 'Europe/Paris')).toBe('2025-01-01');
  });
});

describe('histogram', () => {
  it('shows the empty months between, over a year', () => {
    const counter = new MonthCounter('UTC');
    counter.add(Date.UTC(2023, 10, 5));
    counter.add(Date.UTC(2024, 1, 5));
    counter.add(Date.UTC(2024, 1, 6));
    expect(counter.months()).toEqual([
      { month: '2023-11', count: 1 },
      { month: '2023-12', count: 0 },
      { month: '2024-01', count: 0 },
      { month: '2024-02', count: 2 },
    ]);
    expect(wellFormed(renderHistogram(counter.months()))).toBe(true);
    expect(renderHistogram([])).toBe('');
  });
});

it('escapes quotes and keeps only web links', () => {
  expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
  expect(['https://x/?a=1&b="', 'data:text/html,x', 'no url'].map(escapeLink)).toEqual([
    'https://x/?a=1&amp;b=&quot;',
    null,
    null,
  ]);
});

describe('sinkOfStream', () => {
  it('waits for a slow reader instead of filling memory', async () => {
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1000,
      write: (_chunk, _encoding, done) => setImmediate(done),
    });
    const write = sinkOfStream(slow);
    for (let i = 0; i < 200; i++) {
      await write('x'.repeat(500));
      most = Math.max(most, slow.writableLength);
    }
    expect(most).toBeLessThan(2000);
  });

  it('ends silently when the reader went away, and not when the disk is full', async () => {
    const failing = (code: string) =>
      new Writable({
        highWaterMark: 1,
        write: (_c, _e, done) => done(Object.assign(new Error(code), { code })),
      });
    const gone = sinkOfStream(failing('EPIPE'));
    await gone('a');
    await expect(gone('b')).resolves.toBeUndefined();
    const full = sinkOfStream(failing('ENOSPC'));
    await expect(full('a').then(() => full('b'))).rejects.toThrow('ENOSPC');
  });
});

it('tells all reports the same in the same order', async () => {
  const told: string[] = [];
  const one = (name: string) => ({
    begin: async () => void told.push(`${name} begin`),
    item: async () => void told.push(`${name} item`),
    end: async () => void told.push(`${name} end`),
  });
  const all = tellAll([one('a'), one('b')]);
  await all.begin(header);
  await all.item(item());
  await all.end(summary([item()]));
  expect(told).toEqual(['a begin', 'b begin', 'a item', 'b item', 'a end', 'b end']);
});
