import type { Inventory } from '../inventory/schema.js';
import type { EncodingDemand, JitsiDemand, StreamingDemand } from './plan-capacity.js';
import { speedOfCores, type RunnerDemand } from './plan-runners.js';
import type { HlsFormat, WeightedRate } from './formulas.js';

/** What the operator asks for; whatever is left out comes from the inventory, then from common values. */
export interface PlanQuestion {
  readonly viewers?: number | undefined;
  readonly rates?: readonly WeightedRate[] | undefined;
  readonly nics?: readonly number[] | undefined;
  readonly prices?: readonly number[] | undefined;
  readonly balancerNic?: number | undefined;
  readonly clientRate?: number | undefined;
  readonly format?: HlsFormat | undefined;
  readonly partSeconds?: number | undefined;
  readonly participants?: number | undefined;
  readonly roomSize?: number | undefined;
  readonly lastN?: number | undefined;
  readonly minutesPerHour?: number | undefined;
  readonly cores?: number | undefined;
  readonly coreMinutes?: number | undefined;
  readonly hoursPerDay?: number | undefined;
  /** Hours of video per hour and instance. */
  readonly speed?: number | undefined;
  /** The same, measured on finished tasks. */
  readonly measuredSpeed?: number | null | undefined;
  /** Σ maxconn of one balancer's servers. */
  readonly maxconnSum?: number | null | undefined;
  readonly coresPerRung?: Readonly<Record<string, number>> | null | undefined;
}

const GIGABIT = 1e9;
const DEFAULT_BUSY_HOURS = 10;
const DEFAULT_RATE = 3.5e6;
const CLIENT_RATE = 20e6;
const CORE_MINUTES = 4;
const ROOM_SIZE = 20;

/** A value of the inventory that is its default may be nobody's. */
const given = (value: number | undefined, usual: number): number | undefined =>
  value === usual ? undefined : value;

/** Flags without a value of their own. */
const assumed = (values: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(values).filter((flag) => values[flag] === undefined || values[flag] === null);
const DEFAULT_LADDER = [
  { name: '360', rate: 896_000, copied: false },
  { name: '480', rate: 1_528_000, copied: false },
  { name: '720', rate: 2_928_000, copied: false },
];

export interface Demands {
  readonly streaming: StreamingDemand | null;
  readonly jitsi: JitsiDemand | null;
  readonly encoding: EncodingDemand | null;
  readonly runners: RunnerDemand | null;
}

/** Turns the question and the inventory into one demand per system; null where nothing is asked. */
export function demandsOf(question: PlanQuestion, inventory: Inventory | null): Demands {
  return {
    streaming: streamingDemand(question, inventory?.streaming),
    jitsi: jitsiDemand(question, inventory?.jitsi),
    encoding: encodingDemand(question, inventory?.encoding),
    runners: runnerDemand(question, inventory?.esup_runner),
  };
}

function streamingDemand(question: PlanQuestion, streaming: Inventory['streaming']): StreamingDemand | null {
  const viewers = question.viewers ?? streaming?.expected.viewers;
  if (viewers === undefined) return null;
  const ladder =
    streaming?.ladder.map(({ name, video, audio, copy }) => ({ name, rate: video + audio, copied: copy })) ??
    DEFAULT_LADDER;
  const own = smallest(Object.values(streaming?.broadcasts ?? {}).map(({ nic }) => nic));
  const nics = question.nics ?? [own ?? GIGABIT];
  const best = ladder.reduce((most, { rate }) => Math.max(most, rate), 0);
  return {
    viewers,
    // Without shares every viewer takes the best rendition: the day that counts is the one when they do.
    rates: question.rates ?? [{ rate: streaming === undefined ? DEFAULT_RATE : best, share: 1 }],
    nics: nics.map((nic, i) => ({ nic, price: question.prices?.[i] ?? null })),
    ownNic: own ?? nics[0] ?? GIGABIT,
    balancerNic:
      question.balancerNic ??
      smallest(Object.values(streaming?.balancers ?? {}).map(({ nic }) => nic)) ??
      nics[0] ??
      GIGABIT,
    balancers: Math.max(1, Object.keys(streaming?.balancers ?? {}).length || 2),
    clientRate: question.clientRate ?? streaming?.expected.client_rate ?? CLIENT_RATE,
    segmentSeconds: streaming?.segment_seconds ?? 3,
    playlistSeconds: streaming?.playlist_seconds ?? 30,
    format: question.format ?? streaming?.format ?? 'mpegts',
    partSeconds: question.partSeconds ?? streaming?.part_seconds ?? 0.5,
    streams: streaming?.streams.length ?? 1,
    ladder,
    coresPerRung: question.coresPerRung ?? null,
    maxconnSum: question.maxconnSum ?? null,
    assumed: assumed({
      '--ladder': question.rates ?? streaming,
      '--nic': question.nics ?? own,
      '--balancer-nic':
        question.balancerNic ??
        smallest(Object.values(streaming?.balancers ?? {}).map(({ nic }) => nic)) ??
        question.nics,
      '--client-rate': question.clientRate ?? given(streaming?.expected.client_rate, CLIENT_RATE),
    }),
  };
}

function jitsiDemand(question: PlanQuestion, jitsi: Inventory['jitsi']): JitsiDemand | null {
  const participants = question.participants ?? jitsi?.expected.participants;
  if (participants === undefined) return null;
  return {
    participants,
    roomSize: question.roomSize ?? jitsi?.expected.room_size ?? ROOM_SIZE,
    lastN: question.lastN ?? 20,
    nic: smallest(Object.values(jitsi?.jvbs ?? {}).map(({ nic }) => nic)) ?? question.nics?.[0] ?? GIGABIT,
    assumed: assumed({
      '--room-size': question.roomSize ?? given(jitsi?.expected.room_size, ROOM_SIZE),
      '--nic': smallest(Object.values(jitsi?.jvbs ?? {}).map(({ nic }) => nic)) ?? question.nics,
    }),
  };
}

function encodingDemand(question: PlanQuestion, encoding: Inventory['encoding']): EncodingDemand | null {
  const peakMinutesPerHour = question.minutesPerHour ?? encoding?.expected.minutes_per_hour;
  if (peakMinutesPerHour === undefined) return null;
  const encoders = Object.values(encoding?.workers ?? {}).filter(({ queue }) => queue === 'encoding');
  return {
    peakMinutesPerHour,
    cores: question.cores ?? smallest(encoders.map(({ cores }) => cores)) ?? 8,
    coreMinutes: question.coreMinutes ?? encoding?.expected.core_minutes ?? CORE_MINUTES,
    assumed: assumed({
      '--cores': question.cores ?? smallest(encoders.map(({ cores }) => cores)),
      '--core-minutes': question.coreMinutes ?? given(encoding?.expected.core_minutes, CORE_MINUTES),
    }),
  };
}

function runnerDemand(question: PlanQuestion, own: Inventory['esup_runner']): RunnerDemand | null {
  const hoursPerDay = question.hoursPerDay ?? own?.expected.hours_per_day;
  if (hoursPerDay === undefined) return null;
  const busyHours = own?.expected.busy_hours ?? DEFAULT_BUSY_HOURS;
  const given = question.speed ?? own?.expected.speed;
  if (given !== undefined) return { hoursPerDay, busyHours, speed: given, speedBy: 'given' };
  const measured = question.measuredSpeed ?? null;
  if (measured !== null) return { hoursPerDay, busyHours, speed: measured, speedBy: 'measured' };
  // Instances of one machine share its cores.
  const cores =
    question.cores ??
    smallest(
      Object.values(own?.runners ?? {}).map((node) =>
        node.cores === undefined ? undefined : node.cores / node.instances,
      ),
    ) ??
    8;
  return { hoursPerDay, busyHours, speed: speedOfCores(cores, question.coreMinutes ?? 4), speedBy: 'cores' };
}

function smallest(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value): value is number => value !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}
