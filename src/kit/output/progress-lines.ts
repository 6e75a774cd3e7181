import { Pace, renderCurrent, renderLeft, renderPace, type PaceFacts } from './pace.js';
import type { Progress } from './progress-options.js';

interface PaceOptions {
  readonly onPace?: (facts: PaceFacts) => void;
  readonly now?: () => number;
}

interface LineOptions extends PaceOptions {
  readonly log: (message: string) => void;
  readonly tell?: (message: string) => void;
  readonly timezone?: string;
}

const PACE_MS = 5000;
const LINE_MS = 60_000;

/** The pace of the step at work, told to whoever asks from outside. */
export function createPaceTeller({ onPace, now = Date.now }: PaceOptions) {
  let pace: Pace | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  const facts = (): PaceFacts | null => pace?.facts(now()) ?? null;
  const tell = (): void => {
    const seen = facts();
    if (seen === null || onPace === undefined || now() - toldAt < PACE_MS) return;
    toldAt = now();
    onPace(seen);
  };
  return {
    begin: (total: number): void => {
      pace = total > 0 ? new Pace(total, now()) : null;
      toldAt = Number.NEGATIVE_INFINITY;
      tell();
    },
    ended: (isFailed: boolean, by = 1): void => {
      pace?.ended(isFailed, by);
      tell();
    },
    /** What a bar shows beside itself. */
    at: (title: string, fraction: number): string => {
      pace?.at(title, fraction);
      tell();
      const seen = facts();
      return seen === null ? '' : renderCurrent(seen);
    },
    left: (): string => {
      const seen = facts();
      return seen === null ? '--' : renderLeft(seen, now());
    },
    facts,
    stop: (): void => void (pace = null),
  };
}

/**
 * Progress for a pipe, a log, a mail: a line per step, per finished item that is worth one, and one a minute while
 * something is at work.
 */
export function linesInLog({
  log,
  tell = log,
  timezone = 'UTC',
  now = Date.now,
  ...more
}: LineOptions): Progress {
  const shared = createPaceTeller({ now, ...more });
  let lineAt = now();
  let timer: NodeJS.Timeout | undefined;
  const minute = (): void => {
    const facts = shared.facts();
    if (facts === null || now() - lineAt < LINE_MS) return;
    lineAt = now();
    tell(renderPace(facts, timezone));
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    shared.stop();
  };
  return {
    step: (label, total) => {
      stop();
      log(total === undefined ? label : `${label} (${total})`);
      shared.begin(total ?? 0);
      lineAt = now();
      // A long item says nothing itself.
      if (total !== undefined) timer = setInterval(minute, LINE_MS / 4).unref();
    },
    advance: (by = 1) => {
      shared.ended(false, by);
      minute();
    },
    ended: ({ failed, line }) => {
      shared.ended(failed);
      const facts = shared.facts();
      if (line !== undefined && facts !== null) tell(`${facts.done}/${facts.total} ${line}`);
      minute();
    },
    at: (title, fraction) => {
      shared.at(title, fraction);
      minute();
    },
    stop,
  };
}
