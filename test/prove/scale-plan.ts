/* `npm run prove:scale-plan [-- --recordings N --institutions N --hours-each H --speed S --page-seconds P]`: what a
   national server means for bbb2pod. Figures that were measured are read from docs/bench/history.jsonl (the newest of
   each); what is assumed is printed as assumed. First the model is held against the measurement it was not made from;
   then it is applied. Status 1 when
   the measurement is more than twice the model, or less than two thirds of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../../src/output/table.js';

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
const PAGE = 100;
const KEPT_WEEKS = 52;
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

interface Line {
  readonly results: readonly { readonly name: string; readonly median: number }[];
}
const history = readFileSync(path.resolve(import.meta.dirname, '../../docs/bench/history.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const measured = (name: RegExp): number | null =>
  history.flatMap(({ results }) => results).findLast((result) => name.test(result.name))?.median ?? null;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const number = (value: number): string => Math.round(value).toLocaleString('en-GB');

const msPerRecording = measured(/^migrate 2000 recordings .* sqlite/) ?? Number.NaN;
const listSecondsPer100k = 2.3 + 1.5;
const wholeSeconds = measured(/^scale: 100000 recordings/) ?? Number.NaN;
const speedKnown = measured(/^convert.*times real time/);
const speed = values.speed === undefined ? (speedKnown ?? 4) : Number(values.speed);

// 2,000 recordings, three owners each, without listing, tell what 100,000 with listing take.
const predicted = (msPerRecording * 100_000) / 1000 + listSecondsPer100k;
const ratio = wholeSeconds / predicted;
say('Model against measurement');
say(
  `  migration: ${msPerRecording.toFixed(2)} ms per recording at 2,000 -> ${predicted.toFixed(0)} s for 100,000 with listing`,
);
say(
  `  measured at 100,000: ${wholeSeconds.toFixed(0)} s, ${ratio.toFixed(2)} times the model; the plans below use the larger`,
);
const secondsPerRecording = Math.max(wholeSeconds, predicted) / 100_000;
process.exitCode = ratio < 2 && ratio > 2 / 3 ? 0 : 1;

say(
  `\nOne run over ${number(RECORDINGS)} recordings (assumed: ${values['page-seconds']} s a page of ${PAGE} from the server)`,
);
const pages = Math.ceil(RECORDINGS / PAGE);
plan([
  ['getRecordings pages', number(pages)],
  ['listing, hours', ((pages * Number(values['page-seconds'])) / 3600).toFixed(1)],
  ['XML received, GB', ((RECORDINGS * 2390) / 1e9).toFixed(1)],
  ['Pod rows, three owners each', number(RECORDINGS * 3)],
  ['plan and write, minutes', ((RECORDINGS * secondsPerRecording) / 60).toFixed(0)],
]);

say(`\nThe same as ${INSTITUTIONS} institutions, each its own Pod (assumed: sizes as 1/rank)`);
const weights = Array.from({ length: INSTITUTIONS }, (_, i) => 1 / (i + 1));
const sum = weights.reduce((total, weight) => total + weight, 0);
const sizes = weights.map((weight) => (RECORDINGS * weight) / sum);
plan(
  (
    [
      ['largest', 0],
      ['10th', 9],
      ['median', Math.floor(INSTITUTIONS / 2)],
      ['smallest', INSTITUTIONS - 1],
    ] as const
  ).map(([name, i]) => {
    const size = sizes[Math.min(i, INSTITUTIONS - 1)] ?? 0;
    return [
      `${name}: ${number(size)} recordings`,
      `list ${(((size / PAGE) * Number(values['page-seconds'])) / 60).toFixed(0)} min, write ${(size * secondsPerRecording).toFixed(0)} s, convert ${number((size * HOURS_EACH) / speed)} h on one`,
    ];
  }),
);

say(
  `\nConverting all of it: ${number(RECORDINGS * HOURS_EACH)} hours of lectures (assumed ${HOURS_EACH} h each), ${speed} times real time`,
);
say(
  `  (speed ${values.speed !== undefined ? 'given' : speedKnown === null ? 'assumed: no conversion bench in docs/bench yet' : 'measured, docs/bench'}; one job per server)`,
);
say('  kept a year, oldest first, new sessions over the academic year:');
const rows = [25, 50, 100, 150, 200, 300, 400].map((servers) => {
  const { lost, weeks, worst } = simulate(servers);
  return [
    String(servers),
    lost === 0 ? 'none' : number(lost),
    weeks === null ? 'never' : `${weeks} weeks`,
    number(worst),
  ];
});
say(
  renderTable(
    ['SERVERS', 'EXPIRED UNTAKEN', 'BACKLOG CLEARED', 'LONGEST QUEUE'].map((title) => ({
      title,
      align: 'right' as const,
    })),
    rows,
    80,
  ),
);

/** Two years by weeks. The server's stock is what one year brought; what is not taken within the year is lost. */
function simulate(servers: number): { lost: number; weeks: number | null; worst: number } {
  const perYear = RECORDINGS;
  const mean = SEASON.reduce((total, weight) => total + weight, 0) / SEASON.length;
  const arriving = (week: number): number =>
    ((perYear / KEPT_WEEKS) * (SEASON[week % SEASON.length] ?? 0)) / mean;
  const capacity = (servers * 7 * 24 * speed) / HOURS_EACH;
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
