import path from 'node:path';
import type { BatchEvents, BatchOutcome } from '../../../recorder/convert-batch.js';
import { createProgress } from '../../../kit/output/progress.js';
import { plainText } from '../../../kit/output/text.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import type { Ending } from '../../kit/ending.js';
import { isForeground } from '../../../kit/adapters/process/foreground.js';
import type { Speaker } from '../../kit/speaker.js';

const STEPS: Readonly<Record<string, string>> = {
  fetch: 'downloading',
  read: 'reading',
  encode: 'converting',
  join: 'joining',
  check: 'checking',
};
const LEAST_BETWEEN_EVENTS_MS = 1000;
const LEAST_BETWEEN_LINES_MS = 60_000;
const isWatched = (): boolean => process.stderr.isTTY && isForeground();

/** Tells of conversions as they go: a bar in a terminal, a line per step in a log, JSON lines with --json. */
export async function conversionEvents(talk: Speaker, ending: Ending): Promise<BatchEvents> {
  const bar = await createProgress({
    stream: process.stderr,
    wanted: talk.progress,
    isForeground,
    log: (text) => {
      if (!talk.json) talk.say(text);
    },
  });
  let current = '';
  let percent = 0;
  let toldAt = 0;
  let lineAt = Date.now();
  const ended = { done: 0, failed: 0 };
  /** One line a minute where no bar is drawn. */
  const minute = (label: string, step: string, fraction: number | null | undefined): void => {
    if (isWatched() || Date.now() - lineAt < LEAST_BETWEEN_LINES_MS) return;
    lineAt = Date.now();
    const share = fraction == null ? '' : ` ${Math.floor(fraction * 100)} %`;
    const failed = ended.failed > 0 ? `, ${ended.failed} failed` : '';
    talk.say(
      `${ended.done} done${failed}, now "${plainText(path.basename(label)).slice(0, 40)}" ${STEPS[step] ?? step}${share}`,
    );
  };
  return {
    onStart: ({ label, outputPath }) => {
      current = '';
      if (talk.json) talk.printJson({ type: 'start', source: label, output: outputPath }, 0);
    },
    onProgress: ({ label }, { step, fraction, durationMs, receivedBytes, note }) => {
      if (note !== undefined) {
        if (talk.json) talk.printJson({ type: 'note', source: label, note }, 0);
        else talk.say(note);
        return;
      }
      if (talk.json) {
        if (Date.now() - toldAt < LEAST_BETWEEN_EVENTS_MS) return;
        toldAt = Date.now();
        talk.printJson({ type: 'progress', source: label, step, fraction, durationMs, receivedBytes }, 0);
        return;
      }
      minute(label, step, fraction);
      if (current !== step) {
        current = step;
        percent = 0;
        bar.step(
          `${STEPS[step] ?? step} ${plainText(path.basename(label)).slice(0, 30)}`,
          step === 'encode' ? 100 : undefined,
        );
      }
      const now = Math.floor((fraction ?? 0) * 100);
      if (step === 'encode' && now > percent) bar.advance(now - percent);
      percent = Math.max(percent, now);
    },
    onOutcome: (outcome) => {
      bar.stop();
      if (outcome.state === 'done') ended.done++;
      if (outcome.state === 'failed') {
        ended.failed++;
        const { code, message } = outcome.error;
        const { label } = outcome.item;
        ending.addFailure({ title: path.basename(label), owner: '', recordId: '', code, message });
      }
      if (talk.json) talk.printJson(outcomeJson(outcome), 0);
      else tellOutcome(outcome, talk);
    },
  };
}

function tellOutcome(outcome: BatchOutcome, { print, say }: Speaker): void {
  const { label } = outcome.item;
  switch (outcome.state) {
    case 'done': {
      const { file, tookMs } = outcome;
      const speed = file.durationMs / tookMs;
      print(
        `${file.path}  ${renderDuration(file.durationMs)}, ${renderBytes(file.sizeBytes)}, in ${renderDuration(tookMs)} (${speed.toFixed(1)} times real time)`,
      );
      if (file.missing !== '') {
        say(`  missing: ${plainText(file.missing)}`);
        say('  -> The same command without --allow-missing tries again once the server has it');
      }
      return;
    }
    case 'skipped':
      print(`${outcome.item.outputPath}  is there already (--force makes it again)`);
      return;
    default:
      say(
        `${plainText(label)}: ${outcome.state}: ${outcome.error.code}: ${plainText(outcome.error.message)}`,
      );
      if (outcome.error.remedy !== '') say(`  -> ${plainText(outcome.error.remedy)}`);
  }
}

function outcomeJson(outcome: BatchOutcome): object {
  const base = {
    type: 'item',
    source: outcome.item.label,
    output: outcome.item.outputPath,
    state: outcome.state,
  };
  if (outcome.state === 'done') return { ...base, ...outcome.file, tookMs: Math.round(outcome.tookMs) };
  if (outcome.state === 'skipped') return base;
  const { code, message, remedy } = outcome.error;
  return { ...base, code, message, remedy };
}

/** The first of the JSON lines. */
export function tellHeader(timezone: string, speaker: Speaker): void {
  if (!speaker.json) return;
  const startedAt = new Date().toISOString();
  speaker.printJson({ type: 'header', command: 'recorder convert', startedAt, timezone }, 0);
}

/** The last line of a batch: how many, and what to type next. A single conversion has said all. @returns it, for a mail */
export function tellTally(
  tally: Readonly<Record<'done' | 'skipped' | 'failed' | 'notRun', number>> & {
    readonly incomplete?: number;
  },
  speaker: Speaker,
): string {
  const { done, skipped, failed, notRun, incomplete = 0 } = tally;
  const total = done + skipped + failed + notRun;
  const next = failed + notRun > 0 ? 'the same command again: what is made is not made twice' : '';
  const marked = incomplete === 0 ? '' : ` (${incomplete} with something missing)`;
  const told = `${done} done${marked}, ${skipped} made already, ${failed} failed, ${notRun} not run`;
  if (speaker.json) {
    const states = { done, skipped, failed, 'not-run': notRun };
    speaker.printJson({ type: 'summary', total, states, incomplete, next }, 0);
  } else if (total === 0) speaker.say('Nothing to convert.');
  else if (total > 1) {
    speaker.say(told);
    if (next !== '') speaker.say(`  -> Try the rest: ${next}`);
  }
  return next === '' ? told : `${told}\nTry the rest: ${next}`;
}

/** What a plan says of the disk. */
export function renderRoom(room: {
  jobs: number;
  directory: string;
  neededBytes: number;
  freeBytes: number;
}): string {
  const { jobs, directory, neededBytes, freeBytes } = room;
  const [needed, free] = [neededBytes, freeBytes].map(renderBytes);
  const side = jobs === 1 ? 'one at a time' : `${jobs} side by side`;
  const advice =
    freeBytes < neededBytes ? '\n  -> Free some space, or set [recorder] work_dir to a larger disk' : '';
  return `Work in ${directory} (${side}): up to ${needed} for lectures of two hours, emptied after each; ${free} free.${advice}`;
}
