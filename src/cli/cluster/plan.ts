import path from 'node:path';
import { measureEncoding } from '../../cluster/adapters/measure-encoding.js';
import { observeRunning, type RunningCluster } from '../../cluster/plan/observe.js';
import { compareWithInventory, type Plans, type RoleComparison } from '../../cluster/plan/compare.js';
import { demandsOf, type PlanQuestion } from '../../cluster/plan/demand.js';
import { asciiDiagram, mermaidDiagram } from '../../cluster/plan/diagram.js';
import type { EncodingMeasure } from '../../cluster/plan/measure-port.js';
import { planEncoding, planJitsi, planStreaming } from '../../cluster/plan/plan-capacity.js';
import { measuredSpeed, planRunners } from '../../cluster/plan/plan-runners.js';
import { bandwidthTable } from '../../cluster/plan/bandwidth-table.js';
import { renderPlan } from '../../cluster/plan/render-plan.js';
import { parseBitrate } from '../../cluster/inventory/values.js';
import type { WeightedRate } from '../../cluster/plan/formulas.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import { targetsOfInventory } from './check.js';
import { openCheckPorts } from './check-ports.js';
import { openInventory, type OpenedInventory } from './inventory.js';
import { lookAtEsupRunner } from './runner-adapter.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { words } from './words.js';

export interface PlanFlags {
  readonly inventory: string | undefined;
  readonly viewers: number | undefined;
  readonly ladder: string | undefined;
  readonly nic: string | undefined;
  readonly price: string | undefined;
  readonly balancerNic: string | undefined;
  readonly clientRate: string | undefined;
  readonly format: 'mpegts' | 'fmp4' | 'low-latency' | undefined;
  readonly partSeconds: string | undefined;
  readonly participants: number | undefined;
  readonly roomSize: number | undefined;
  readonly minutes: number | undefined;
  readonly cores: number | undefined;
  readonly coreMinutes: string | undefined;
  readonly hoursPerDay: string | undefined;
  readonly speed: string | undefined;
  readonly maxconn: number | undefined;
  readonly benchSeconds: number | null;
  /** False: only the inventory is compared with, and nothing is contacted. */
  readonly ask: boolean;
}

export interface PlanAnswer {
  readonly plans: Plans;
  readonly comparison: readonly RoleComparison[];
  readonly running: RunningCluster | null;
  readonly measure: EncodingMeasure | null;
  readonly table: ReturnType<typeof bandwidthTable>;
  readonly inventoryFile: string | null;
  text(options: { table: boolean }): string;
  diagram(kind: 'ascii' | 'mermaid'): string;
}

/** `cluster plan`: the inventory when there is one, the flags over it, the measure when asked. */
export async function planCluster(context: Context, flags: PlanFlags): Promise<PlanAnswer> {
  const opened = tryInventory(context, flags.inventory);
  const inventory = opened?.inventory ?? null;
  const measure = flags.benchSeconds === null ? null : await bench(context, inventory, flags.benchSeconds);
  const asked = question(flags, measure);
  const running = opened === null || !flags.ask ? null : await observe(context, opened);
  const seen =
    opened === null || !flags.ask
      ? null
      : await lookAtEsupRunner(context, opened.inventory, path.dirname(opened.file));
  const measured = seen === null ? null : measuredSpeed(seen.facts);
  const demands = demandsOf(
    { maxconnSum: running?.maxconnSum, measuredSpeed: measured, ...asked },
    inventory,
  );
  const plans: Plans = {
    streaming: demands.streaming === null ? null : planStreaming(demands.streaming),
    jitsi: demands.jitsi === null ? null : planJitsi(demands.jitsi),
    encoding: demands.encoding === null ? null : planEncoding(demands.encoding),
    runners: demands.runners === null ? null : planRunners(demands.runners),
  };
  const comparison = inventory === null ? [] : compareWithInventory(plans, inventory, running);
  return {
    plans,
    comparison,
    running,
    measure,
    table: bandwidthTable(),
    inventoryFile: opened?.file ?? null,
    text: (options) => renderPlan(plans, comparison, options),
    diagram: (kind) => {
      if (inventory === null)
        throw configurationTexts.usageInvalid({
          detail: words.diagramNeedsInventory(),
        });
      return kind === 'ascii' ? asciiDiagram(inventory) : mermaidDiagram(inventory);
    },
  };
}

const ASK_MS = 6000;

/** Who is at work now, asked as `cluster check` asks; silence is an answer too. */
function observe(context: Context, { inventory, file }: OpenedInventory): Promise<RunningCluster> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(ASK_MS)]);
  const { ffprobe } = context.configuration.recorder;
  const ports = openCheckPorts({ timeoutMs: ASK_MS, ffprobe, signal });
  return observeRunning(targetsOfInventory(inventory, path.dirname(file)), ports);
}

/** A plan needs no inventory; one that is named must exist. */
function tryInventory(context: Context, explicit: string | undefined): OpenedInventory | null {
  try {
    return openInventory(context, explicit);
  } catch (error) {
    if (explicit === undefined && error instanceof OperatorError && error.code === 'inventory-missing')
      return null;
    throw error;
  }
}

const bench = (context: Context, inventory: Inventory | null, seconds: number): Promise<EncodingMeasure> => {
  const ladder = inventory?.streaming?.ladder.filter(({ copy }) => !copy) ?? [];
  const rungs = ladder.map(({ name, width, height, frame_rate, video }) => ({
    name,
    width,
    height,
    frameRate: frame_rate,
    videoRate: video,
  }));
  return measureEncoding(
    'ffmpeg',
    rungs.length > 0
      ? rungs
      : [{ name: '720', width: 1280, height: 720, frameRate: 25, videoRate: 2_800_000 }],
    seconds,
    context.signal,
  );
};

function question(flags: PlanFlags, measure: EncodingMeasure | null): PlanQuestion {
  return {
    viewers: flags.viewers,
    rates: flags.ladder === undefined ? undefined : parseLadder(flags.ladder),
    nics: flags.nic?.split(',').map((text) => rate(text, '--nic')),
    prices: flags.price?.split(',').map((text) => positive(text, '--price')),
    balancerNic: flags.balancerNic === undefined ? undefined : rate(flags.balancerNic, '--balancer-nic'),
    clientRate: flags.clientRate === undefined ? undefined : rate(flags.clientRate, '--client-rate'),
    format: flags.format,
    partSeconds: flags.partSeconds === undefined ? undefined : positive(flags.partSeconds, '--part-seconds'),
    participants: flags.participants,
    roomSize: flags.roomSize,
    minutesPerHour: flags.minutes,
    hoursPerDay: flags.hoursPerDay === undefined ? undefined : positive(flags.hoursPerDay, '--hours-per-day'),
    speed: flags.speed === undefined ? undefined : positive(flags.speed, '--speed'),
    cores: flags.cores,
    coreMinutes:
      flags.coreMinutes === undefined
        ? measure?.podCoreMinutes
        : positive(flags.coreMinutes, '--core-minutes'),
    coresPerRung: measure?.coresPerRung,
    ...(flags.maxconn === undefined ? {} : { maxconnSum: flags.maxconn }),
  };
}

/** `3.5M`, or `800k:20,2800k:80` with the viewers' shares. */
function parseLadder(text: string): WeightedRate[] {
  return text.split(',').map((part) => {
    const [bits = '', share = '1'] = part.split(':');
    if (!(Number(share) > 0))
      throw configurationTexts.usageInvalid({
        detail: words.shareMissing({ part }),
      });
    return { rate: rate(bits, '--ladder'), share: Number(share) };
  });
}

function positive(text: string, flag: string): number {
  const number = Number(text);
  if (!(number > 0 && number < Infinity))
    throw configurationTexts.usageInvalid({
      detail: words.noNumber({ flag, text }),
    });
  return number;
}

/** No line and no stream is slower, in bits per second. */
const SLOWEST = 1000;

function rate(text: string, flag: string): number {
  const bits = parseBitrate(text);
  if (bits === null || bits <= 0)
    throw configurationTexts.usageInvalid({
      detail: words.noRate({ flag, text }),
    });
  // `3,5M` reads as two rates, 3 b/s and 5 Mb/s: nobody means that.
  if (bits < SLOWEST)
    throw configurationTexts.usageInvalid({
      detail: words.rateBelowOne({ flag, text, bits }),
    });
  return bits;
}
