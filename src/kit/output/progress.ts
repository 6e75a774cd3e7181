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
  const [{ default: cliProgress }, { default: spin }] = await Promise.all([
    import('cli-progress'),
    import('ora'),
  ]);
  return new TerminalProgress(options, cliProgress, spin);
}

class TerminalProgress implements Progress {
  readonly #options: ProgressOptions;
  readonly #cliProgress: typeof CliProgress.default;
  readonly #spin: (options: SpinnerOptions) => Ora;
  readonly #pace: ReturnType<typeof createPaceTeller>;
  #state = { label: '', total: 0, done: 0, note: '', drawnAt: 0 };
  #bar: CliProgress.SingleBar | null = null;
  #spinner: Ora | null = null;

  constructor(
    options: ProgressOptions,
    cliProgress: typeof CliProgress.default,
    spin: (options: SpinnerOptions) => Ora,
  ) {
    this.#options = options;
    this.#cliProgress = cliProgress;
    this.#spin = spin;
    this.#pace = createPaceTeller(options);
  }

  step(label: string, total = 0): void {
    const { stream, isForeground, log } = this.#options;
    this.#erase();
    this.#state = { label: plainText(label), total, done: 0, note: '', drawnAt: 0 };
    this.#pace.begin(total);
    if (total > 0) this.#draw();
    else if (isForeground())
      this.#spinner = this.#spin({
        text: this.#state.label,
        stream,
        hideCursor: false,
        discardStdin: false,
      }).start();
    else log(label);
  }

  advance(by = 1, note = ''): void {
    this.#state.done += by;
    this.#state.note = plainText(note);
    this.#pace.ended(false, by);
    this.#draw();
  }

  ended({ failed }: Parameters<Progress['ended']>[0]): void {
    this.#state.done += 1;
    this.#state.note = '';
    this.#pace.ended(failed);
    this.#draw();
  }

  at(title: string, fraction: number): void {
    this.#state.note = this.#pace.at(title, fraction);
    this.#draw();
  }

  stop(): void {
    this.#erase();
    this.#pace.stop();
  }

  #erase(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#spinner?.stop();
    this.#spinner = null;
  }

  #draw(): void {
    const { isForeground, intervalMs = 100 } = this.#options;
    const { total, done, drawnAt, label, note } = this.#state;
    if (total === 0 || (Date.now() - drawnAt < intervalMs && done < total)) return;
    this.#state.drawnAt = Date.now();
    if (!isForeground()) {
      this.#erase();
      return;
    }
    const payload = { label, note, left: this.#pace.left() };
    if (this.#bar === null) {
      this.#bar = this.#newBar();
      this.#bar.start(total, done, payload);
    }
    this.#bar.update(done, payload);
  }

  #newBar(): CliProgress.SingleBar {
    return new this.#cliProgress.SingleBar(
      {
        stream: this.#options.stream,
        format: ` {label} {bar} {value}/{total} {left} {note}`,
        clearOnComplete: true,
        hideCursor: false,
        linewrap: false,
        barsize: 24,
        fps: 20,
        autopadding: true,
        gracefulExit: false,
      },
      this.#cliProgress.Presets.rect,
    );
  }
}
