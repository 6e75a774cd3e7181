import { localized, plural } from '../../kit/output/localized.js';
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

const trim = (value: number): string => {
  const text = String(Math.round(value * 10) / 10);
  return localized(text, text.replace('.', ','));
};
const count = (value: number): string =>
  Math.round(value).toLocaleString(localized('en-GB', 'fr-FR')).replaceAll(/\s/g, ' ');

/** A size as the language writes it: `60.2 MB`, `60,2 Mo`. */
function bytes(value: number): string {
  const text = renderBytes(value);
  return localized(text, text.replace('.', ',').replace(/B$/, 'o'));
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
            comparison.some(({ by }) => by?.running === true)
              ? localized('RUNNING CLUSTER', 'GRAPPE EN SERVICE')
              : localized('INVENTORY', 'INVENTAIRE'),
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
  const next = localized('Next:', 'Ensuite :');
  const short = comparison.filter(({ spare }) => spare < 0);
  const [first] = short;
  if (first === undefined) return `${next} bbb2pod cluster check`;
  if (short.some(({ missing }) => missing.length > 0))
    return `${localized('Nodes are down.', 'Des nœuds sont arrêtés.')} ${next} bbb2pod cluster check`;
  return `${next} bbb2pod cluster render --output cluster
  ${localized('then', 'puis')} cluster/runbooks/add-${first.role.split(' ')[0] ?? ''}.md`;
}

const mark = ({ spare }: RoleComparison): string => (spare < 0 ? '!!' : 'ok');
const lines = (title: string, rows: readonly (readonly [string, string])[]): string =>
  [title, ...rows.map(([name, value]) => row(name, value))].join('\n');

/** A name and its figure; a long one goes on below, in its own column. */
const row = (name: string, value: string): string =>
  `  ${name.padEnd(28)}${wrap(`${'.'.repeat(30)} ${value}`, 31).slice(30)}`;

/** Common values that stand in for what nobody gave: the figures rest on them. */
const assumedRow = ({ assumed }: { readonly assumed: readonly string[] }): (readonly [string, string])[] =>
  assumed.length === 0
    ? []
    : [[localized('assumed: please give', 'supposés : à donner'), assumed.join(', ')]];

function renderStreaming(plan: StreamingPlan): string {
  const { balancer } = plan;
  const choices = renderTable(
    [
      { title: localized('  NODE', '  NŒUD') },
      { title: localized('NODES (N+1)', 'NŒUDS (N+1)'), align: 'right' },
      { title: localized('VIEWERS THEY CARRY', 'SPECTATEURS SERVIS'), align: 'right' },
      { title: localized('PRICE', 'PRIX'), align: 'right' },
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
      localized(
        `STREAMING  ${count(plan.viewers)} ${plural(plan.viewers, 'viewer', 'viewers')} at ${renderRate(plan.rate)}`,
        `DIFFUSION  ${count(plan.viewers)} ${plural(plan.viewers, 'spectateur', 'spectateurs')} à ${renderRate(plan.rate)}`,
      ),
      [
        [localized('egress (8 % of overhead)', 'débit sortant (surcoût 8 %)'), renderRate(plan.egress)],
        [
          localized('requests', 'requêtes'),
          `${count(plan.requestsPerSecond)} ${localized('per second', 'par seconde')}`,
        ],
        [localized('behind the camera', 'retard sur la caméra'), sayDelay(plan)],
        [localized('concurrent transfers', 'transferts simultanés'), count(plan.concurrentTransfers)],
        [localized('viewers that maxconn allows', 'spectateurs selon maxconn'), sayMaxconn(plan)],
        [
          localized('balancer, global maxconn', 'répartiteur, maxconn global'),
          localized(`at least ${count(balancer.maxconn)} each`, `au moins ${count(balancer.maxconn)} chacun`),
        ],
        [
          localized(`media through ${renderRate(balancer.nic)}`, `médias par ${renderRate(balancer.nic)}`),
          balancer.carries
            ? localized('fits', 'suffit')
            : localized(
                'does NOT fit: media = "direct", from nodes with a public_name',
                'ne suffit PAS : media = "direct", des nœuds à public_name',
              ),
        ],
        [
          localized('HLS files, per ingest', 'fichiers HLS, par ingest'),
          `${bytes(plan.hlsBytes)} ${localized('(keep them in memory)', '(à garder en mémoire)')}`,
        ],
        [
          localized('cores, per ingest', 'cœurs, par ingest'),
          plan.ingestCores === null
            ? localized(
                '? (measure: bbb2pod cluster plan --bench)',
                '? (mesurer : bbb2pod cluster plan --bench)',
              )
            : trim(plan.ingestCores),
        ],
        ...assumedRow(plan),
      ],
    ),
    choices,
  ].join('\n');
}

const formatWord = (format: StreamingPlan['format']): string =>
  ({
    mpegts: localized('MPEG-TS segments', 'segments MPEG-TS'),
    fmp4: localized('fMP4 segments', 'segments fMP4'),
    'low-latency': localized('LL-HLS parts', 'parties LL-HLS'),
  })[format];

/** Encoding adds one to two seconds to either. */
const sayDelay = ({ format, delay }: StreamingPlan): string =>
  localized(
    `${trim(delay.least)} to ${trim(delay.most)} s with ${formatWord(format)}, encoding aside`,
    `${trim(delay.least)} à ${trim(delay.most)} s en ${formatWord(format)}, hors encodage`,
  );

/** HAProxy holds back what is above its servers' maxconn: viewers then wait, and their pictures stop. */
function sayMaxconn({ maxconnSum, maxconnViewers, viewers }: StreamingPlan): string {
  if (maxconnSum === null || maxconnViewers === null)
    return localized(
      '? (no limit was read from HAProxy; give it: --maxconn SUM)',
      '? (aucune limite lue dans HAProxy : --maxconn SOMME)',
    );
  const enough =
    maxconnViewers >= viewers
      ? ''
      : localized(`: TOO FEW for ${count(viewers)}`, ` : TROP PEU pour ${count(viewers)}`);
  return `${count(maxconnViewers)} (${localized("servers' maxconn:", 'maxconn des serveurs :')} ${count(maxconnSum)})${enough}`;
}

const renderJitsi = (plan: JitsiPlan): string =>
  lines(
    localized(
      `JITSI  ${count(plan.participants)} participants, rooms of ${plan.roomSize}`,
      `JITSI  ${count(plan.participants)} participants, salles de ${plan.roomSize}`,
    ),
    [
      [localized('received by each', 'reçu par chacun'), renderRate(plan.receivedRate)],
      [localized('egress of one room', "sortant d'une salle"), renderRate(plan.roomEgress)],
      [localized('egress of all', 'sortant en tout'), renderRate(plan.egress)],
      [localized('bridges (N+1)', 'ponts (N+1)'), String(plan.bridges)],
      [
        localized('largest room', 'plus grande salle'),
        plan.roomFits
          ? `${plan.largestRoom} ${localized('(a conference never spans two bridges)', '(une conférence ne tient que sur un pont)')}`
          : localized(
              `a room of ${plan.roomSize} does NOT fit one bridge (${plan.largestRoom} participants, one link)`,
              `${plan.roomSize} ne tiennent PAS sur un pont (${plan.largestRoom} par lien)`,
            ),
      ],
      ...assumedRow(plan),
    ],
  );

const renderEncoding = (plan: EncodingPlan): string =>
  lines(
    localized(
      `ENCODING  ${count(plan.peakMinutesPerHour)} minutes of video in the busiest hour`,
      `ENCODAGE  ${count(plan.peakMinutesPerHour)} ${plural(plan.peakMinutesPerHour, 'minute', 'minutes')} de vidéo à l'heure de pointe`,
    ),
    [
      [
        localized('core-minutes per minute', 'minutes-cœur par minute'),
        `${trim(plan.coreMinutes)} ${localized('(measure: --bench)', '(mesurer : --bench)')}`,
      ],
      [
        localized(`one worker of ${plan.cores} cores`, `un worker de ${plan.cores} cœurs`),
        `${trim(plan.throughput)} ${localized('minutes per hour', 'minutes par heure')}`,
      ],
      ['workers (N+1)', String(plan.workers)],
      ...assumedRow(plan),
    ],
  );

const saySpeed = (by: SpeedSource): string =>
  ({
    given: localized('as given', 'donnée'),
    measured: localized('measured on finished tasks', 'mesurée sur les tâches finies'),
    cores: localized('assumed from cores: --speed', 'supposée par les cœurs : --speed'),
  })[by];

const renderRunners = (plan: RunnerPlan): string =>
  lines(
    localized(
      `ESUP-RUNNER  ${trim(plan.hoursPerDay)} hours of video per day, done in ${trim(plan.busyHours)} h`,
      `ESUP-RUNNER  ${trim(plan.hoursPerDay)} h de vidéo par jour, faites en ${trim(plan.busyHours)} h`,
    ),
    [
      [
        localized('speed of one instance', "vitesse d'une instance"),
        `${trim(plan.speed)} ${localized('h per hour', 'h par heure')} (${saySpeed(plan.speedBy)})`,
      ],
      ['instances (N+1)', String(plan.instances)],
      [
        localized('the day is done in', 'le jour est fait en'),
        `${trim(plan.hoursNeeded)} h, ${localized('one instance missing', 'une instance en moins')}`,
      ],
    ],
  );

function renderBandwidthTable(): string {
  const rows = bandwidthTable();
  const table = renderTable(
    [
      { title: localized('RATE', 'DÉBIT') },
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
        localized(
          `* ${renderRate(rate)} x ${count(viewers)} is ${renderRate(flow)}; the page of 2021 prints ${renderRate(printed ?? 0)}, which is that of ${count((printed ?? 0) / rate)} viewers.`,
          `* ${renderRate(rate)} x ${count(viewers)} font ${renderRate(flow)} ; la page de 2021 imprime ${renderRate(printed ?? 0)}, qui sont ceux de ${count((printed ?? 0) / rate)} spectateurs.`,
        ),
        2,
      ),
    );
  return [
    localized(
      'EGRESS BY RATE AND VIEWERS (media alone)',
      'DÉBIT SORTANT PAR DÉBIT ET SPECTATEURS (médias seuls)',
    ),
    table,
    ...notes,
  ].join('\n');
}
