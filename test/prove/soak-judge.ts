/* What "flat" means for a soak. Three looks: the lowest tenth of each third, below which nothing falls that was leaked,
   however many conversions come and go above it; the peak of memory, which a machine must bear; and the slope of each
   program that stays all the time, which sees a slow leak long before it shows in either. */

export interface Sample {
  readonly atMs: number;
  /** Own memory (anonymous and shared, no mapped files) by program, in MB. */
  readonly megabytes: Readonly<Record<string, number>>;
  readonly files: number;
  readonly processes: number;
  /** What was made so far: seconds of stream, conversions. */
  readonly made: number;
}

export interface SoakLimits {
  /** Programs that run all the time, and the MB per hour by which each may grow. */
  readonly slopes: Readonly<Record<string, number>>;
  readonly unit: string;
}

interface Verdict {
  readonly promise: string;
  readonly kept: boolean;
}

/** A slope of fewer minutes says nothing: caches still fill, a heap has not been collected once. */
const SLOPE_MINUTES = 10;
/** Warming up: a tenth for the thirds, a quarter for the slopes. */
const [THIRDS_FROM, SLOPES_FROM] = [0.1, 0.25];

export function judge(samples: readonly Sample[], { slopes, unit }: SoakLimits): Verdict[] {
  const warm = samples.slice(Math.ceil(samples.length * THIRDS_FROM));
  const third = Math.floor(warm.length / 3);
  const parts = [warm.slice(0, third), warm.slice(third, 2 * third), warm.slice(2 * third)];
  const peaks = parts.map((part) => Math.max(...part.map(total)));
  const [mb, files, processes] = [total, (s: Sample) => s.files, (s: Sample) => s.processes].map((of) =>
    parts.map((part) => lowestTenth(part.map(of))),
  ) as [number[], number[], number[]];
  const gained = parts.map((part) => (part.at(-1)?.made ?? 0) - (part[0]?.made ?? 0));
  const flat = (values: readonly number[], slack: number): boolean =>
    (values[2] ?? 0) <= (values[0] ?? 0) + slack;
  const minutes = ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 60_000;
  return [
    {
      promise: `memory is flat (MB held in each third: ${shown(mb)}; peaks ${shown(peaks)})`,
      kept: flat(mb, Math.max(25, (mb[0] ?? 0) * 0.08)) && flat(peaks, Math.max(40, (peaks[0] ?? 0) * 0.25)),
    },
    { promise: `open files are flat (${shown(files)})`, kept: flat(files, 4) },
    { promise: `processes are flat (${shown(processes)})`, kept: flat(processes, 1) },
    {
      promise: `worked in every third (${shown(gained)} ${unit}), ${minutes.toFixed(0)} minutes`,
      kept: gained.every((gain) => gain > 0),
    },
    ...Object.entries(slopes).map(([program, limit]) => {
      const steady = samples.slice(Math.ceil(samples.length * SLOPES_FROM));
      const slope = megabytesPerHour(steady, program);
      const level = steady.at(-1)?.megabytes[program] ?? 0;
      const judged = minutes >= SLOPE_MINUTES;
      return {
        promise: `${program} does not grow (${level.toFixed(0)} MB, ${signed(slope)} MB an hour; limit ${limit}${judged ? '' : ', not judged: too short'})`,
        kept: !judged || slope <= limit,
      };
    }),
  ];
}

const lowestTenth = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] ?? 0;

export const total = ({ megabytes }: Sample): number =>
  Object.values(megabytes).reduce((sum, each) => sum + each, 0);

/** Slope of the line of least squares through a program's memory. */
export function megabytesPerHour(samples: readonly Sample[], program: string): number {
  const points = samples.map(({ atMs, megabytes }) => [atMs / 3_600_000, megabytes[program] ?? 0] as const);
  const mean = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, mb]) => mb))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [at, mb]) => sum + (at - x) * (mb - y), 0) / spread;
}

const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(0)}`;
