import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { AdapterError } from '../../../src/kit/adapters/network/attempt.js';
import { OperatorError } from '../../../src/kit/errors/operator-error.js';
import { anyFault } from './faults.js';
import type { Target } from './targets.js';

const corpus = path.resolve(import.meta.dirname, '../../../fixtures/hostile');

export interface Proof {
  readonly target: string;
  readonly cases: number;
  /** Ended with a result, and with one clear error. */
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** Growth of the heap over the target's cases, after a collection when node allows one. */
  readonly grownBytes: number;
  readonly failure: string | null;
}

export interface ProofOptions {
  readonly runs: number;
  /** Size of an inflated field. */
  readonly size: number;
  /** One case may not take longer. */
  readonly limitMs: number;
  readonly seed: number;
  /** Writes the smallest failing input into the corpus. */
  readonly keep?: boolean;
}

/** Runs the kept inputs of a target, then generated ones; each ends in a result or one OperatorError, in time. */
export async function proveTarget(target: Target, options: ProofOptions): Promise<Proof> {
  const tally = { cases: 0, read: 0, refused: 0, slowestMs: 0 };
  const one = async (bytes: Buffer): Promise<void> => {
    const startedAt = process.cpuUsage();
    tally.cases++;
    try {
      await target.read(bytes);
      tally.read++;
    } catch (error) {
      // An adapter's own failure becomes the result of a check.
      if (!(error instanceof OperatorError || error instanceof AdapterError)) throw error;
      if (error.message.length > 10_000)
        throw new Error(`it is told in ${error.message.length} characters`, { cause: error });
      tally.refused++;
    }
    // Of the processor: on a machine that others use, the clock says nothing.
    const used = process.cpuUsage(startedAt);
    const tookMs = (used.user + used.system) / 1000;
    tally.slowestMs = Math.max(tally.slowestMs, tookMs);
    if (tookMs > options.limitMs) throw new Error(`it took ${Math.round(tookMs)} ms`);
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  let failure: string | null = null;
  try {
    for (const bytes of keptInputs(target.name)) await one(bytes);
    const failing: { smallest: Buffer | null } = { smallest: null };
    const result = await fc.check(
      fc.asyncProperty(
        fc.constantFrom(...target.seeds),
        fc.array(anyFault(options.size), { minLength: 1, maxLength: 3 }),
        async (seed, faults) => {
          const bytes = faults.reduce((input, fault) => fault.apply(input), seed);
          try {
            await one(bytes);
          } catch (error) {
            failing.smallest = bytes;
            throw new Error(`${faults.map(({ name }) => name).join(', ')}: ${describe(error)}`, {
              cause: error,
            });
          }
        },
      ),
      { numRuns: options.runs, seed: options.seed, interruptAfterTimeLimit: 120_000 },
    );
    if (result.failed) {
      failure = describe(result.errorInstance);
      if (options.keep === true && failing.smallest !== null) keepInput(target.name, failing.smallest);
    }
  } catch (error) {
    failure = `a kept input: ${describe(error)}`;
  }
  collect();
  return {
    target: target.name,
    ...tally,
    grownBytes: Math.max(0, process.memoryUsage().heapUsed - before),
    failure,
  };
}

const collect = (): void => (globalThis as { gc?: () => void }).gc?.();

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause : error;
  const place = /^\s+at .*\/src\/.*$/m.exec(inner.stack ?? '')?.[0].trim() ?? '';
  return `${error.message.slice(0, 300)} ${place}`;
};

/** Inputs that broke something once, or that nobody wants to lose; names say what they are. */
function keptInputs(target: string): Buffer[] {
  const directory = path.join(corpus, slug(target));
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .map((name) => readFileSync(path.join(directory, name)));
}

function keepInput(target: string, bytes: Buffer): void {
  // What was inflated is generated anew each time: only small inputs are worth a place.
  if (bytes.length > 20_000) return;
  const directory = path.join(corpus, slug(target));
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, createHash('sha256').update(bytes).digest('hex').slice(0, 8)), bytes);
}

const slug = (name: string): string => name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
