import type * as CliProgress from 'cli-progress';
import type { Ora, Options as SpinnerOptions } from 'ora';
import { createPaceTeller, linesInLog } from './progress-lines.js';
import { plainText } from './text.js';
import type { Progress, ProgressOptions } from './progress-options.js';

/**
 * Progress in a terminal in the foreground: a bar for a step of known length, a spinner for a wait. Elsewhere one
 * line per step.
 */
export async function createProgress(options: ProgressOptions): Promise<Progress> {
  const { stream, wanted } = options;
  if (!wanted || !stream.isTTY) return linesInLog(options);
  const [cliProgress, { default: spin }] = await Promise.all([import('cli-progress'), import('ora')]);
  return barInTerminal(options, cliProgress, spin);
}

function barInTerminal(
  options: ProgressOptions,
  { default: cliProgress }: typeof CliProgress,
  spin: (options: SpinnerOptions) => Ora,
): Progress {
  const { stream, isForeground, log, intervalMs = 100 } = options;
  const state = { label: '', total: 0, done: 0, note: '', drawnAt: 0 };
  const shared = createPaceTeller(options);
  let bar: CliProgress.SingleBar | null = null;
  let spinner: Ora | null = null;
  const erase = (): void => {
    bar?.stop();
    bar = null;
    spinner?.stop();
    spinner = null;
  };
  const payload = () => ({ label: state.label, note: state.note, left: shared.left() });
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
          format: ` {label} {bar} {value}/{total} {left} {note}`,
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
      bar.start(state.total, state.done, payload());
    }
    bar.update(state.done, payload());
  };
  return {
    step: (label, total) => {
      erase();
      Object.assign(state, { label: plainText(label), total: total ?? 0, done: 0, note: '', drawnAt: 0 });
      shared.begin(total ?? 0);
      if (total !== undefined && total > 0) draw();
      else if (isForeground())
        spinner = spin({ text: state.label, stream, hideCursor: false, discardStdin: false }).start();
      else log(label);
    },
    advance: (by = 1, note = '') => {
      state.done += by;
      state.note = plainText(note);
      shared.ended(false, by);
      if (state.total > 0) draw();
    },
    ended: ({ failed }) => {
      state.done += 1;
      state.note = '';
      shared.ended(failed);
      if (state.total > 0) draw();
    },
    at: (title, fraction) => {
      state.note = shared.at(title, fraction);
      if (state.total > 0) draw();
    },
    stop: () => {
      erase();
      shared.stop();
    },
  };
}
