import type * as CliProgress from 'cli-progress';
import type { Ora, Options as SpinnerOptions } from 'ora';
import { plainText } from './text.js';

/** Steps of a long work, for whoever watches. */
export interface Progress {
  /** One step begins: `reading recordings`. A known total gives a bar. */
  step(label: string, total?: number): void;
  /** How far the step is, in the units of its total. */
  advance(by?: number, note?: string): void;
  /** Ends the bar so that other text may follow. */
  stop(): void;
}

export interface ProgressOptions {
  /** Standard error. */
  readonly stream: NodeJS.WriteStream;
  /** False with `--no-progress` and `--json` into a terminal. */
  readonly wanted: boolean;
  /**
   * Asked before each drawing: a job sent to the background with `&` or `bg` keeps `isTTY`, and a bar would
   * write over what the operator types meanwhile.
   */
  readonly isForeground: () => boolean;
  /** One line per step, when no bar is drawn (a log file, a cron mail). */
  readonly log: (message: string) => void;
  /** Shortest time between two drawings; tests scale it down. */
  readonly intervalMs?: number;
}

/**
 * Progress in a terminal in the foreground: a bar for a step of known length, a spinner for a wait. Elsewhere one
 * line per step.
 */
export async function createProgress(options: ProgressOptions): Promise<Progress> {
  const { stream, wanted, log } = options;
  if (!wanted || !stream.isTTY) return stepsInLog(log);
  const [cliProgress, { default: spin }] = await Promise.all([import('cli-progress'), import('ora')]);
  return barInTerminal(options, cliProgress, spin);
}

function stepsInLog(log: (message: string) => void): Progress {
  return {
    step: (label, total) => log(total === undefined ? label : `${label} (${total})`),
    advance: () => undefined,
    stop: () => undefined,
  };
}

function barInTerminal(
  { stream, isForeground, log, intervalMs = 100 }: ProgressOptions,
  { default: cliProgress }: typeof CliProgress,
  spin: (options: SpinnerOptions) => Ora,
): Progress {
  const state = { label: '', total: 0, done: 0, note: '', drawnAt: 0 };
  let bar: CliProgress.SingleBar | null = null;
  let spinner: Ora | null = null;
  const erase = (): void => {
    bar?.stop();
    bar = null;
    spinner?.stop();
    spinner = null;
  };
  const draw = (): void => {
    if (Date.now() - state.drawnAt < intervalMs && state.done < state.total) return;
    state.drawnAt = Date.now();
    if (!isForeground()) {
      erase();
      return;
    }
    if (bar === null) {
      bar = new cliProgress.SingleBar(
        {
          stream,
          format: ` {label} {bar} {value}/{total} {eta_formatted} {note}`,
          clearOnComplete: true,
          hideCursor: false,
          linewrap: false,
          barsize: 24,
          fps: 20,
          autopadding: true,
          gracefulExit: false,
        },
        cliProgress.Presets.rect,
      );
      bar.start(state.total, state.done, { label: state.label, note: state.note });
    }
    bar.update(state.done, { label: state.label, note: state.note });
  };
  return {
    step: (label, total) => {
      erase();
      Object.assign(state, { label: plainText(label), total: total ?? 0, done: 0, note: '', drawnAt: 0 });
      if (total !== undefined && total > 0) draw();
      else if (isForeground())
        spinner = spin({ text: state.label, stream, hideCursor: false, discardStdin: false }).start();
      else log(label);
    },
    advance: (by = 1, note = '') => {
      state.done += by;
      state.note = plainText(note);
      if (state.total > 0) draw();
    },
    stop: erase,
  };
}
