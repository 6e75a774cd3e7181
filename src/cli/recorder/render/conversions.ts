import { shownFailure } from '../../../kit/errors/operator-error.js';
import { shownDecimal, shownPercent, shownPhrase } from '../../../kit/output/localized.js';
import path from 'node:path';
import { missingOf, type BatchEvents, type BatchOutcome } from '../../../recorder/convert-batch.js';
import { createProgress } from '../../../kit/output/progress.js';
import { plainText } from '../../../kit/output/text.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import type { ListingFacts } from '../../../migrate/recording-listing.js';
import { renderPartial, whyNothing } from '../../migrate/render/partial.js';
import type { Ending } from '../../kit/ending.js';
import { isForeground } from '../../../kit/adapters/process/foreground.js';
import type { Speaker } from '../../kit/speaker.js';
import { LAST_KNOWN_VERSION, type UnknownParts } from '../../../recorder/timeline/unknown-parts.js';
import { words } from '../words.js';

const STEPS = ['fetch', 'read', 'encode', 'join', 'check'] as const;

/** A step of a conversion as it is read. */
export function stepName(step: string): string {
  const known = STEPS.find((name) => name === step);
  return known === undefined ? step : words[known]();
}

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
  const minute = (name: string, step: string, fraction: number | null | undefined): void => {
    if (isWatched() || Date.now() - lineAt < LEAST_BETWEEN_LINES_MS) return;
    lineAt = Date.now();
    const share = fraction == null ? '' : ` ${shownPercent(fraction)}`;
    const now = {
      file: plainText(name).slice(0, 40),
      step: `${stepName(step)}${share}`,
    };
    talk.say((ended.failed > 0 ? words.minuteFailed : words.minute)({ ...ended, ...now }));
  };
  return {
    onStart: ({ label, outputPath }) => {
      current = '';
      if (talk.json) talk.printJson({ type: 'start', source: label, output: outputPath }, 0);
    },
    onProgress: (
      { label, title = path.basename(label) },
      { step, fraction, durationMs, receivedBytes, note },
    ) => {
      if (note !== undefined) {
        if (talk.json) talk.printJson({ type: 'note', source: label, note }, 0);
        else talk.say(shownPhrase(note));
        return;
      }
      if (talk.json) {
        if (Date.now() - toldAt < LEAST_BETWEEN_EVENTS_MS) return;
        toldAt = Date.now();
        talk.printJson({ type: 'progress', source: label, step, fraction, durationMs, receivedBytes }, 0);
        return;
      }
      minute(title, step, fraction);
      if (current !== step) {
        current = step;
        percent = 0;
        bar.step(
          words.stepOf({ step: stepName(step), file: plainText(title).slice(0, 30) }),
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
        const { code, message, remedy } = outcome.error;
        const { label, title } = outcome.item;
        const named =
          title === undefined ? { title: path.basename(label), recordId: '' } : { title, recordId: label };
        ending.addFailure({ ...named, owner: '', code, message, remedy });
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
        words.made({
          file: file.path,
          length: renderDuration(file.durationMs),
          size: renderBytes(file.sizeBytes),
          time: renderDuration(tookMs),
          speed: shownDecimal(speed),
        }),
      );
      tellUnknown(file.unknown, say);
      tellMissing(outcome, say);
      return;
    }
    case 'skipped':
      print(words.there({ file: outcome.item.outputPath }));
      tellMissing(outcome, say);
      return;
    default: {
      const { text, remedy } = shownFailure(outcome.error);
      const state = outcome.state === 'failed' ? words.failed() : words.notRun();
      const { code } = outcome.error;
      say(words.troubled({ label: plainText(label), state, code, text: plainText(text) }));
      if (remedy !== '') say(`  -> ${plainText(remedy)}`);
    }
  }
}

function tellMissing(outcome: BatchOutcome, say: Speaker['say']): void {
  const missing = missingOf(outcome);
  if (missing === '') return;
  say(words.missing({ what: shownPhrase(plainText(missing)) }));
  say(words.missingAgain());
}

function tellUnknown({ laterVersion, shapes }: UnknownParts, say: Speaker['say']): void {
  if (laterVersion !== null)
    say(words.laterVersion({ version: plainText(laterVersion), known: LAST_KNOWN_VERSION }));
  if (shapes.length === 0) return;
  const count = shapes.reduce((sum, shape) => sum + shape.count, 0);
  const what = shapes.map((shape) => `${plainText(shape.type)} (${shape.count})`).join(', ');
  say(words.unknownShapes({ count, types: shapes.length, what }));
}

function outcomeJson(outcome: BatchOutcome): object {
  const base = {
    type: 'item',
    source: outcome.item.label,
    output: outcome.item.outputPath,
    state: outcome.state,
  };
  if (outcome.state === 'done') return { ...base, ...outcome.file, tookMs: Math.round(outcome.tookMs) };
  if (outcome.state === 'skipped') return { ...base, missing: missingOf(outcome) };
  const { code, message, remedy } = outcome.error;
  return { ...base, code, message, remedy };
}

/** The first of the JSON lines. */
export function tellHeader(timezone: string, speaker: Speaker): void {
  if (!speaker.json) return;
  const startedAt = new Date().toISOString();
  speaker.printJson({ type: 'header', command: 'recorder convert', startedAt, timezone }, 0);
}

/** Why there is nothing to convert; of a list that is not whole, nothing is said about the rest. */
export const nothingToConvert = (listed: ListingFacts | null): string =>
  (listed === null ? null : whyNothing({ ...listed, recordings: listed.chosen })) ?? words.nothing();

/**
 * The last line of a batch: how many, and what to type next. A single conversion has said all.
 * @param listed the servers' list, when the batch is one
 * @returns what a mail says of it: first whether the list was whole
 */
export function tellTally(
  tally: Readonly<Record<'done' | 'skipped' | 'failed' | 'notRun', number>> & {
    readonly incomplete?: number;
  },
  speaker: Speaker,
  listed: ListingFacts | null,
): string {
  const { done, skipped, failed, notRun, incomplete = 0 } = tally;
  const partial = listed?.partial ?? [];
  const total = done + skipped + failed + notRun;
  const next = failed + notRun > 0 ? words.again() : '';
  const counts = { done, skipped, failed, left: notRun };
  const told = incomplete === 0 ? words.tally(counts) : words.tallyMarked({ ...counts, incomplete });
  if (speaker.json) {
    const states = { done, skipped, failed, 'not-run': notRun };
    speaker.printJson(
      { type: 'summary', total, states, incomplete, next, ...(partial.length === 0 ? {} : { partial }) },
      0,
    );
  } else if (total === 0) speaker.say(nothingToConvert(listed));
  else if (total > 1) {
    speaker.say(told);
    if (next !== '') speaker.say(`  -> ${words.tryRest({ next })}`);
  }
  return [...renderPartial(partial), told, ...(next === '' ? [] : [words.tryRest({ next })])].join('\n');
}

/** What a plan says of the disk. */
export function renderRoom(room: {
  jobs: number;
  directory: string;
  neededBytes: number;
  freeBytes: number;
}): string {
  const { jobs, directory, neededBytes, freeBytes } = room;
  const [needed, free] = [renderBytes(neededBytes), renderBytes(freeBytes)];
  const side = jobs === 1 ? words.oneAtATime() : words.sideBySide({ jobs });
  const told = words.room({ directory, side, needed, free });
  return freeBytes < neededBytes ? `${told}\n${words.roomLacks()}` : told;
}
