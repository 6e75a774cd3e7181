/* `npm run prove scale-plan [-- --recordings N --institutions N --hours-each H --speed S --page-seconds P]`: what a
   national server means for bbb2pod. First the model of each engine, a line through the two smaller sizes that
   `npm run prove scale` measured, is held against the largest size, which it was not made from; then it is applied. What
   is assumed is printed as assumed. Status 1 when a measurement is further than a quarter from its model. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../../src/kit/output/table.js';
import { readScaleRows, type ScaleRow } from '../support/scale-history.js';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    recordings: { type: 'string', default: '2000000' },
    institutions: { type: 'string', default: '200' },
    'hours-each': { type: 'string', default: '1.2' },
    speed: { type: 'string' },
    'page-seconds': { type: 'string', default: '2' },
  },
});
const RECORDINGS = Number(values.recordings);
const INSTITUTIONS = Number(values.institutions);
const HOURS_EACH = Number(values['hours-each']);
const PAGE_SECONDS = Number(values['page-seconds']);
const PAGE = 100;
const KEPT_WEEKS = 52;
const ENGINES = ['sqlite', 'mysql', 'postgresql'] as const;
/** How far a measurement may be from what the model says. */
const TOLERANCE = 0.25;
/** A load above it, on two cores, means that others used the machine. */
const BUSY = 3;
/** Sessions per week of the academic year from September on: teaching, holidays, exams, summer. */
const SEASON = [
  ...Array<number>(8).fill(1.4),
  0.4,
  ...Array<number>(7).fill(1.4),
  0.3,
  0.3,
  ...Array<number>(18).fill(1.3),
  ...Array<number>(6).fill(0.7),
  ...Array<number>(10).fill(0.2),
];

type Engine = (typeof ENGINES)[number];

/** Seconds of one run over so many recordings: `start + each * recordings`. */
interface Model {
  readonly start: number;
  readonly each: number;
  /** Measured on a busy machine: these are CPU seconds of the command, the database's own come on top. */
  readonly busy: boolean;
}

const right = 'right' as const;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const number = (value: number): string => Math.round(value).toLocaleString('en-GB');
const scaleRows = readScaleRows();
const newest = (engine: Engine, run: ScaleRow['run'], recordings: number): ScaleRow | undefined =>
  scaleRows.findLast((row) => row.engine === engine && row.run === run && row.recordings === recordings);
const sizes = [...new Set(scaleRows.map(({ recordings }) => recordings))].toSorted((a, b) => a - b);
const largest = sizes.at(-1) ?? 0;

const { models, broken } = holdModels();
const slowest = ENGINES.flatMap((engine) => models.get(`${engine} migration`) ?? []).reduce(
  (worst, model) => (model.each > worst.each ? model : worst),
  { start: 0, each: 0, busy: false },
);
const speed = planConversionSpeed();
planOneRun();
planInstitutions();
planConversion();
say(
  broken === 0
    ? '\nEvery measurement is within a quarter of its model.'
    : `\n${broken} measurements are further than a quarter from their model: npm run prove scale`,
);
process.exitCode = broken === 0 ? 0 : 1;

/**
 * The model of each engine and run beside what was measured at the largest size; runs without one are said. Where the
 * machine was busy, seconds tell what others did: then the CPU time of the command is judged.
 */
function holdModels(): { models: Map<string, Model>; broken: number } {
  const found = new Map<string, Model>();
  let far = 0;
  const lines = ENGINES.flatMap((engine) =>
    (['plan', 'migration', 'second run'] as const).map((run) => {
      const [small, middle] = sizes.flatMap((size) => newest(engine, run, size) ?? []);
      const large = newest(engine, run, largest);
      if (small === undefined || middle === undefined || large === undefined || middle === large) {
        far++;
        return [engine, run, 'not measured'];
      }
      const seconds = hold(small, middle, large, 'seconds');
      const cpu = hold(small, middle, large, 'cpuSeconds');
      const busy = [small, middle, large].some(({ load }) => load > BUSY);
      const { start, measured, ratio } = busy ? cpu : seconds;
      // What follows is computed from the measurement itself.
      found.set(`${engine} ${run}`, { start, each: (measured - start) / largest, busy });
      if (Math.abs(ratio - 1) > TOLERANCE) far++;
      const shown = [seconds, cpu].flatMap((held) => [
        held.model.toFixed(1),
        held.measured.toFixed(1),
        held.ratio.toFixed(2),
      ]);
      return [engine, run, ...shown, large.load.toFixed(1), busy ? 'CPU' : 'seconds'];
    }),
  );
  const [small, middle] = sizes.map((size) => number(size));
  say(
    `Model (a line through ${small ?? '?'} and ${middle ?? '?'} recordings) against ${number(largest)} measured`,
  );
  const titles = [
    'POD ON',
    'RUN',
    'SECONDS',
    'MEASURED',
    'RATIO',
    'CPU S',
    'MEASURED',
    'RATIO',
    'LOAD',
    'JUDGED BY',
  ];
  say(
    renderTable(
      titles.map((title, i) => (i < 2 || i === titles.length - 1 ? { title } : { title, align: right })),
      lines,
      100,
    ),
  );
  return { models: found, broken: far };
}

function hold(
  small: ScaleRow,
  middle: ScaleRow,
  large: ScaleRow,
  of: 'seconds' | 'cpuSeconds',
): Omit<Model, 'busy'> & { readonly model: number; readonly measured: number; readonly ratio: number } {
  const each = (middle[of] - small[of]) / (middle.recordings - small.recordings);
  const start = small[of] - each * small.recordings;
  const model = start + each * large.recordings;
  return { start, each, model, measured: large[of], ratio: large[of] / model };
}

/** Given, or what `npm run bench convert` measured last. */
function planConversionSpeed(): { readonly times: number; readonly how: string } {
  if (values.speed !== undefined) return { times: Number(values.speed), how: 'given' };
  interface Line {
    readonly at: string;
    readonly results: readonly { readonly name: string; readonly median: number | null }[];
  }
  const history = readFileSync(path.resolve(import.meta.dirname, '../../docs/bench/history.jsonl'), 'utf8');
  const found = history
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { at, results } = JSON.parse(line) as Line;
      return results.map((result) => ({ ...result, at }));
    })
    .findLast(({ name, median }) => name === 'convert balanced, webcam and screen' && median !== null);
  if (found?.median == null)
    return { times: 13, how: 'assumed: the goal of recorder.bench.ts; npm run bench convert' };
  return { times: found.median, how: `measured on two cores, ${found.at.slice(0, 10)}, docs/bench` };
}

function planOneRun(): void {
  say(
    `\nOne run over ${number(RECORDINGS)} recordings (assumed: ${PAGE_SECONDS} s a page of ${PAGE} from the server)`,
  );
  const pages = Math.ceil(RECORDINGS / PAGE);
  const migrated = ENGINES.flatMap((engine) => newest(engine, 'migration', largest) ?? []);
  const each = (of: (row: ScaleRow) => number): number =>
    Math.max(...migrated.map((row) => of(row) / row.recordings), 0);
  plan([
    ['getRecordings pages', number(pages)],
    ['listing, hours', ((pages * PAGE_SECONDS) / 3600).toFixed(1)],
    ['XML received, GB', ((RECORDINGS * 2390) / 1e9).toFixed(1)],
    ['Pod rows, three owners each', number(RECORDINGS * 3)],
    ['Pod database, GB more', ((RECORDINGS * each((row) => row.podMegabytes)) / 1000).toFixed(1)],
    ['state_dir, GB', ((RECORDINGS * each((row) => row.stateMegabytes)) / 1000).toFixed(1)],
    ['queries to servers', number(RECORDINGS * each((row) => row.queries))],
    [
      `plan and write, minutes${slowest.busy ? ' of CPU' : ''}`,
      ((slowest.start + RECORDINGS * slowest.each) / 60).toFixed(0),
    ],
  ]);
}

function planInstitutions(): void {
  say(`\nThe same as ${INSTITUTIONS} institutions, each its own Pod (assumed: sizes as 1/rank)`);
  const weights = Array.from({ length: INSTITUTIONS }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const ranks: readonly (readonly [string, number])[] = [
    ['largest', 0],
    ['10th', 9],
    ['median', Math.floor(INSTITUTIONS / 2)],
    ['smallest', INSTITUTIONS - 1],
  ];
  plan(
    ranks.map(([name, i]) => {
      const size = (RECORDINGS * (weights[Math.min(i, INSTITUTIONS - 1)] ?? 0)) / sum;
      const list = ((size / PAGE) * PAGE_SECONDS) / 60;
      const write = slowest.start + size * slowest.each;
      const unit = slowest.busy ? 's of CPU' : 's';
      return [
        `${name}: ${number(size)} recordings`,
        `list ${list.toFixed(0)} min, write ${write.toFixed(0)} ${unit}, convert ${number((size * HOURS_EACH) / speed.times)} h on one`,
      ];
    }),
  );
}

function planConversion(): void {
  say(
    `\nConverting all of it: ${number(RECORDINGS * HOURS_EACH)} hours of lectures (assumed ${HOURS_EACH} h each), ${speed.times.toFixed(1)} times real time`,
  );
  say(`  (${speed.how}; one job per server of two cores)`);
  say('  kept a year, oldest first, new sessions over the academic year:');
  const rows = [10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200].map((servers) => {
    const { lost, weeks, worst } = simulate(servers);
    return [
      String(servers),
      lost === 0 ? 'none' : number(lost),
      weeks === null ? 'never' : `${weeks} weeks`,
      number(worst),
    ];
  });
  const titles = ['SERVERS', 'EXPIRED UNTAKEN', 'BACKLOG CLEARED', 'LONGEST QUEUE'];
  say(
    renderTable(
      titles.map((title) => ({ title, align: right })),
      rows,
      80,
    ),
  );
}

/** Two years by weeks. The server's stock is what one year brought; what is not taken within the year is lost. */
function simulate(servers: number): { lost: number; weeks: number | null; worst: number } {
  const perYear = RECORDINGS;
  const mean = SEASON.reduce((total, weight) => total + weight, 0) / SEASON.length;
  const arriving = (week: number): number =>
    ((perYear / KEPT_WEEKS) * (SEASON[week % SEASON.length] ?? 0)) / mean;
  const capacity = (servers * 7 * 24 * speed.times) / HOURS_EACH;
  const queue = Array.from({ length: KEPT_WEEKS }, (_, i) => ({ week: i - KEPT_WEEKS, left: arriving(i) }));
  let lost = 0;
  let worst = 0;
  let weeks: number | null = null;
  for (let week = 0; week < 2 * KEPT_WEEKS; week++) {
    queue.push({ week, left: arriving(week) });
    let free = capacity;
    while (queue[0] !== undefined && (free > 0 || week - queue[0].week >= KEPT_WEEKS)) {
      const taken = Math.min(free, queue[0].left);
      free -= taken;
      queue[0].left -= taken;
      if (queue[0].left > 0 && week - queue[0].week < KEPT_WEEKS) break;
      lost += queue[0].left;
      queue.shift();
    }
    const waiting = queue.reduce((total, { left }) => total + left, 0);
    worst = Math.max(worst, waiting);
    if (weeks === null && waiting === 0) weeks = week + 1;
  }
  return { lost: Math.round(lost), weeks, worst };
}

function plan(lines: readonly (readonly [string, string])[]): void {
  for (const [name, value] of lines) say(`  ${name.padEnd(34)} ${value}`);
}
