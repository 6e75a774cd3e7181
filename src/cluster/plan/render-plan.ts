import { configured } from '../../kit/named-configuration.js';
import { renderBytes } from '../../kit/output/units.js';
import { renderTable } from '../../kit/output/table.js';
import { wrap } from '../check/render-table.js';
import { bandwidthTable } from './bandwidth-table.js';
import { sayComparison, type Plans, type RoleComparison } from './compare.js';
import type { EncodingPlan, JitsiPlan, StreamingPlan } from './plan-capacity.js';
import type { RunnerPlan, SpeedSource } from './plan-runners.js';
import { shownLanguage } from '../../kit/language.js';
import { words } from './words.js';

/** A rate for people: `18.9 Gb/s`, `3.5 Mb/s`. */
function renderRate(bits: number): string {
  for (const [unit, size] of [
    ['Gb/s', 1e9],
    ['Mb/s', 1e6],
    ['kb/s', 1e3],
  ] as const)
    if (bits >= size) return `${trim(bits / size)} ${unit}`;
  return `${trim(bits)} b/s`;
}

const trim = (value: number): string => {
  const text = String(Math.round(value * 10) / 10);
  return shownLanguage() === 'fr' ? text.replace('.', ',') : text;
};
const count = (value: number): string =>
  Math.round(value)
    .toLocaleString(shownLanguage() === 'fr' ? 'fr-FR' : 'en-GB')
    .replaceAll(/\s/g, ' ');

/** A size as the language writes it: `60.2 MB`, `60,2 Mo`. */
function bytes(value: number): string {
  const text = renderBytes(value);
  return shownLanguage() === 'fr' ? text.replace('.', ',').replace(/B$/, 'o') : text;
}

/** The whole answer of `cluster plan` in words and figures. */
export function renderPlan(
  plans: Plans,
  comparison: readonly RoleComparison[],
  options: { readonly table: boolean },
): string {
  const parts = [
    ...(plans.streaming === null ? [] : [renderStreaming(plans.streaming)]),
    ...(plans.jitsi === null ? [] : [renderJitsi(plans.jitsi)]),
    ...(plans.encoding === null ? [] : [renderEncoding(plans.encoding)]),
    ...(plans.runners === null || plans.runners === undefined ? [] : [renderRunners(plans.runners)]),
    ...(comparison.length === 0
      ? []
      : [
          [
            comparison.some(({ by }) => by?.running === true) ? words.runningCluster() : words.inventory(),
            ...comparison.map((role) => wrap(`  ${mark(role)} ${sayComparison(role)}`, 5)),
          ].join('\n'),
        ]),
    ...(options.table ? [renderBandwidthTable()] : []),
    ...(comparison.length === 0 ? [] : [nextStep(comparison)]),
  ];
  return configured(parts.join('\n\n'));
}

/** What to type next: bring back what is down before anything is bought. */
function nextStep(comparison: readonly RoleComparison[]): string {
  const next = words.next();
  const short = comparison.filter(({ spare }) => spare < 0);
  const [first] = short;
  if (first === undefined) return `${next} bbb2pod cluster check`;
  if (short.some(({ missing }) => missing.length > 0))
    return `${words.nodesAreDown()} ${next} bbb2pod cluster check`;
  return `${next} bbb2pod cluster render --output cluster
  ${words.then()} cluster/runbooks/add-${first.role.split(' ')[0] ?? ''}.md`;
}

const mark = ({ spare }: RoleComparison): string => (spare < 0 ? '!!' : 'ok');
const lines = (title: string, rows: readonly (readonly [string, string])[]): string =>
  [title, ...rows.map(([name, value]) => row(name, value))].join('\n');

/** A name and its figure; a long one goes on below, in its own column. */
const row = (name: string, value: string): string =>
  `  ${name.padEnd(28)}${wrap(`${'.'.repeat(30)} ${value}`, 31).slice(30)}`;

/** Common values that stand in for what nobody gave: the figures rest on them. */
const assumedRow = ({ assumed }: { readonly assumed: readonly string[] }): (readonly [string, string])[] =>
  assumed.length === 0 ? [] : [[words.assumed(), assumed.join(', ')]];

function renderStreaming(plan: StreamingPlan): string {
  const { balancer } = plan;
  const choices = renderTable(
    [
      { title: words.node() },
      { title: words.nodesWithSpare(), align: 'right' },
      { title: words.viewersTheyCarry(), align: 'right' },
      { title: words.price(), align: 'right' },
    ],
    plan.choices.map(({ nic, nodes, carried, price }) => [
      `  ${renderRate(nic)}`,
      String(nodes),
      count(carried),
      price === null ? '-' : count(price),
    ]),
  );
  return [
    lines(
      words.streamingTitle({
        shown: count(plan.viewers),
        viewers: plan.viewers,
        rate: renderRate(plan.rate),
      }),
      [
        [words.egressWithOverhead(), renderRate(plan.egress)],
        [words.requests(), `${count(plan.requestsPerSecond)} ${words.perSecond()}`],
        [words.behindCamera(), sayDelay(plan)],
        [words.concurrentTransfers(), count(plan.concurrentTransfers)],
        [words.maxconnViewers(), sayMaxconn(plan)],
        [words.globalMaxconn(), words.atLeastEach({ maxconn: count(balancer.maxconn) })],
        [
          words.mediaThrough({ nic: renderRate(balancer.nic) }),
          balancer.carries ? words.fits() : words.doesNotFit(),
        ],
        [words.hlsFiles(), `${bytes(plan.hlsBytes)} ${words.keepThemMemory()}`],
        [words.ingestCores(), plan.ingestCores === null ? words.measureIt() : trim(plan.ingestCores)],
        ...assumedRow(plan),
      ],
    ),
    choices,
  ].join('\n');
}

const formatWord = (format: StreamingPlan['format']): string =>
  ({
    mpegts: words.mpegTsSegments(),
    fmp4: words.fmp4Segments(),
    'low-latency': words.llHlsParts(),
  })[format];

/** Encoding adds one to two seconds to either. */
const sayDelay = ({ format, delay }: StreamingPlan): string =>
  words.delayBetween({ least: trim(delay.least), most: trim(delay.most), format: formatWord(format) });

/** HAProxy holds back what is above its servers' maxconn: viewers then wait, and their pictures stop. */
function sayMaxconn({ maxconnSum, maxconnViewers, viewers }: StreamingPlan): string {
  if (maxconnSum === null || maxconnViewers === null) return words.noLimitRead();
  const enough = maxconnViewers >= viewers ? '' : words.tooFew({ viewers: count(viewers) });
  return `${count(maxconnViewers)} (${words.serversMaxconn()} ${count(maxconnSum)})${enough}`;
}

const renderJitsi = (plan: JitsiPlan): string =>
  lines(words.jitsiTitle({ participants: count(plan.participants), roomSize: plan.roomSize }), [
    [words.receivedEach(), renderRate(plan.receivedRate)],
    [words.egressOneRoom(), renderRate(plan.roomEgress)],
    [words.egressAll(), renderRate(plan.egress)],
    [words.bridges(), String(plan.bridges)],
    [
      words.largestRoom(),
      plan.roomFits
        ? `${plan.largestRoom} ${words.neverSpansTwo()}`
        : words.roomDoesNotFit({ roomSize: plan.roomSize, largestRoom: plan.largestRoom }),
    ],
    ...assumedRow(plan),
  ]);

const renderEncoding = (plan: EncodingPlan): string =>
  lines(words.encodingTitle({ shown: count(plan.peakMinutesPerHour), minutes: plan.peakMinutesPerHour }), [
    [words.coreMinutesPerMinute(), `${trim(plan.coreMinutes)} ${words.measured()}`],
    [words.oneWorkerCores({ cores: plan.cores }), `${trim(plan.throughput)} ${words.minutesPerHour()}`],
    ['workers (N+1)', String(plan.workers)],
    ...assumedRow(plan),
  ]);

const saySpeed = (by: SpeedSource): string =>
  ({
    given: words.asGiven(),
    measured: words.measuredOnTasks(),
    cores: words.assumedFromCores(),
  })[by];

const renderRunners = (plan: RunnerPlan): string =>
  lines(words.runnersTitle({ hoursPerDay: trim(plan.hoursPerDay), busyHours: trim(plan.busyHours) }), [
    [words.speedOneInstance(), `${trim(plan.speed)} ${words.hoursPerHour()} (${saySpeed(plan.speedBy)})`],
    ['instances (N+1)', String(plan.instances)],
    [words.dayDoneIn(), `${trim(plan.hoursNeeded)} h, ${words.oneInstanceMissing()}`],
  ]);

function renderBandwidthTable(): string {
  const rows = bandwidthTable();
  const table = renderTable(
    [
      { title: words.rate() },
      ...(rows[0] ?? []).map(({ viewers }) => ({ title: count(viewers), align: 'right' as const })),
    ],
    rows.map((cells) => [
      renderRate(cells[0]?.rate ?? 0),
      ...cells.map(({ flow, printed }) => `${renderRate(flow)}${printed === null ? '' : ' *'}`),
    ]),
  );
  const notes = rows
    .flat()
    .filter(({ printed }) => printed !== null)
    .map(({ rate, viewers, flow, printed }) =>
      wrap(
        words.pageOf2021({
          rate: renderRate(rate),
          viewers: count(viewers),
          flow: renderRate(flow),
          printed: renderRate(printed ?? 0),
          others: count((printed ?? 0) / rate),
        }),
        2,
      ),
    );
  return [words.egressTable(), table, ...notes].join('\n');
}
