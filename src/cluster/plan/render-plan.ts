import { configured } from '../../kit/named-configuration.js';
import { renderBytes } from '../../kit/output/units.js';
import { renderTable } from '../../kit/output/table.js';
import { wrap } from '../check/render-table.js';
import { bandwidthTable } from './bandwidth-table.js';
import { sayComparison, type Plans, type RoleComparison } from './compare.js';
import type { EncodingPlan, JitsiPlan, StreamingPlan } from './plan-capacity.js';
import type { RunnerPlan, SpeedSource } from './plan-runners.js';

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

const trim = (value: number): string => String(Math.round(value * 10) / 10);
const count = (value: number): string => Math.round(value).toLocaleString('en-GB');

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
            comparison.some(({ by }) => by?.running === true) ? 'RUNNING CLUSTER' : 'INVENTORY',
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
  const short = comparison.filter(({ spare }) => spare < 0);
  const [first] = short;
  if (first === undefined) return 'Next: bbb2pod cluster check';
  if (short.some(({ missing }) => missing.length > 0)) return 'Nodes are down. Next: bbb2pod cluster check';
  return `Next: bbb2pod cluster render --output cluster ; then cluster/runbooks/add-${first.role.split(' ')[0] ?? ''}.md`;
}

const mark = ({ spare }: RoleComparison): string => (spare < 0 ? '!!' : 'ok');
const lines = (title: string, rows: readonly (readonly [string, string])[]): string =>
  [title, ...rows.map(([name, value]) => `  ${name.padEnd(28)} ${value}`)].join('\n');

function renderStreaming(plan: StreamingPlan): string {
  const { balancer } = plan;
  const choices = renderTable(
    [
      { title: '  NODE' },
      { title: 'NODES (N+1)', align: 'right' },
      { title: 'VIEWERS THEY CARRY', align: 'right' },
      { title: 'PRICE', align: 'right' },
    ],
    plan.choices.map(({ nic, nodes, carried, price }) => [
      `  ${renderRate(nic)}`,
      String(nodes),
      count(carried),
      price === null ? '-' : count(price),
    ]),
  );
  return [
    lines(`STREAMING  ${count(plan.viewers)} viewers at ${renderRate(plan.rate)}`, [
      ['egress (8 % of overhead)', renderRate(plan.egress)],
      ['requests', `${count(plan.requestsPerSecond)} per second`],
      ['behind the camera', sayDelay(plan)],
      ['concurrent transfers', count(plan.concurrentTransfers)],
      ['viewers that maxconn allows', sayMaxconn(plan)],
      ['balancer, global maxconn', `at least ${count(balancer.maxconn)} each`],
      [
        `media through ${renderRate(balancer.nic)}`,
        balancer.carries ? 'fits' : 'does NOT fit: media = "direct", from nodes with a public_name',
      ],
      ['HLS files, per ingest', `${renderBytes(plan.hlsBytes)} (keep them in memory)`],
      [
        'cores, per ingest',
        plan.ingestCores === null ? '? (measure: bbb2pod cluster plan --bench)' : trim(plan.ingestCores),
      ],
    ]),
    choices,
  ].join('\n');
}

const FORMATS = { mpegts: 'MPEG-TS segments', fmp4: 'fMP4 segments', 'low-latency': 'LL-HLS parts' } as const;

/** Encoding adds one to two seconds to either. */
const sayDelay = ({ format, delay }: StreamingPlan): string =>
  `${trim(delay.least)} to ${trim(delay.most)} s with ${FORMATS[format]}, encoding aside`;

/** HAProxy holds back what is above its servers' maxconn: viewers then wait, and their pictures stop. */
function sayMaxconn({ maxconnSum, maxconnViewers, viewers }: StreamingPlan): string {
  if (maxconnSum === null || maxconnViewers === null)
    return '? (no limit was read from HAProxy; give it: --maxconn SUM)';
  const enough = maxconnViewers >= viewers ? '' : `: TOO FEW for ${count(viewers)}`;
  return `${count(maxconnViewers)} (servers' maxconn: ${count(maxconnSum)})${enough}`;
}

const renderJitsi = (plan: JitsiPlan): string =>
  lines(`JITSI  ${count(plan.participants)} participants, rooms of ${plan.roomSize}`, [
    ['received by each', renderRate(plan.receivedRate)],
    ['egress of one room', renderRate(plan.roomEgress)],
    ['egress of all', renderRate(plan.egress)],
    ['bridges (N+1)', String(plan.bridges)],
    [
      'largest room',
      plan.roomFits
        ? `${plan.largestRoom} (a conference never spans two bridges)`
        : `a room of ${plan.roomSize} does NOT fit one bridge (${plan.largestRoom} participants, one link)`,
    ],
  ]);

const renderEncoding = (plan: EncodingPlan): string =>
  lines(`ENCODING  ${count(plan.peakMinutesPerHour)} minutes of video in the busiest hour`, [
    ['core-minutes per minute', `${trim(plan.coreMinutes)} (measure: --bench)`],
    [`one worker of ${plan.cores} cores`, `${trim(plan.throughput)} minutes per hour`],
    ['workers (N+1)', String(plan.workers)],
  ]);

const SPEED_SAID: Readonly<Record<SpeedSource, string>> = {
  given: 'as given',
  measured: 'measured on finished tasks',
  cores: 'assumed from cores: --speed',
};

const renderRunners = (plan: RunnerPlan): string =>
  lines(`ESUP-RUNNER  ${trim(plan.hoursPerDay)} hours of video per day, done in ${trim(plan.busyHours)} h`, [
    ['speed of one instance', `${trim(plan.speed)} h per hour (${SPEED_SAID[plan.speedBy]})`],
    ['instances (N+1)', String(plan.instances)],
    ['the day is done in', `${trim(plan.hoursNeeded)} h, one instance missing`],
  ]);

function renderBandwidthTable(): string {
  const rows = bandwidthTable();
  const table = renderTable(
    [
      { title: 'RATE' },
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
    .map(
      ({ rate, viewers, flow, printed }) =>
        `* ${renderRate(rate)} x ${count(viewers)} is ${renderRate(flow)}; the page of 2021 prints ${renderRate(printed ?? 0)}, which is that of ${count((printed ?? 0) / rate)} viewers.`,
    );
  return ['EGRESS BY RATE AND VIEWERS (media alone)', table, ...notes].join('\n');
}
