import { shownFailure } from '../../../kit/errors/operator-error.js';
import { shownCount } from '../../../kit/output/localized.js';
import { shownName } from '../../../kit/output/words.js';
import { nextCommand, typedForReal, unasked } from '../../kit/next-command.js';
import type { Code } from '../../../kit/errors/code.js';
import { definitionOf, describeCode, describeSeveral } from '../../../kit/errors/describe-code.js';
import { hanging, wrapLines } from '../../../kit/output/wrap.js';
import type { AnnotateAction } from '../../../moodle/plan-annotation.js';
import type { SiteNotice } from '../../../moodle/emit/site-notice.js';
import type { UndoneActivity } from '../../../moodle/undo-annotations.js';
import { paintFor } from '../../../kit/output/colour.js';
import { plainText } from '../../../kit/output/text.js';
import { unifiedDiff } from '../../../kit/output/unified-diff.js';
import type { Speaker } from '../../kit/speaker.js';
import type { AnnotateListener, AnnotateOutcome } from '../annotate.js';
import { words } from '../words.js';

/** One JSON line per activity (docs/json.md). */
export function jsonListener({ printJson }: Speaker): AnnotateListener {
  return {
    begin: (facts) => printJson({ type: 'header', command: 'moodle annotate', ...facts }, 0),
    item: (action, { state, reason, reasonParameters }) =>
      printJson(
        {
          type: 'item',
          activityId: action.activity.id,
          name: action.activity.name,
          courseId: action.activity.courseId,
          course: action.activity.courseName,
          recordings: action.recordings,
          state,
          reason,
          reasonText: describeCode(reason, reasonParameters ?? action.reasonParameters, 'en').text,
          ...(action.kind === 'skip' ? {} : { from: action.from, to: action.to }),
        },
        0,
      ),
    end: ({ tally, stoppedBy }) =>
      printJson(
        {
          type: 'summary',
          total: tally.total,
          states: tally.byState,
          reasons: Object.fromEntries(tally.byReason),
          stoppedBy: stoppedBy?.code ?? null,
        },
        0,
      ),
    // The header of each Moodle has its own `unmatched`.
    finish: () => undefined,
  };
}

const FIRST = 20;
/** Above this many courses, caches are rebuilt in such numbers that the hour matters. */
const MANY_COURSES = 200;

/** A line or a difference per activity; `all` shows more than the first twenty. */
export function textListener(
  flags: { readonly dry: boolean; readonly all: boolean; readonly configFlag: string | undefined },
  { print, say }: Speaker,
): AnnotateListener {
  const { configFlag } = flags;
  const paint = paintFor(process.stdout, process.env);
  let shown = 0;
  let written: string | null = null;
  const show = (action: AnnotateAction, { state, reason, reasonParameters }: AnnotateOutcome): void => {
    const name = plainText(`${action.activity.name} — ${action.activity.courseName}`);
    const { text, remedy } = describeCode(reason, reasonParameters ?? action.reasonParameters);
    const why = plainText(text);
    if (state === 'failed') {
      print(wrapLines(`${words.notWritten({ name, why })}\n  -> ${remedy}`));
      return;
    }
    if (action.kind === 'skip' || !flags.dry) {
      print(`${why} (${name})`);
      return;
    }
    const lines = (text: string | null): string =>
      text === null || text === '' ? '' : `${harmless(text)}\n`;
    const label = words.activity({ id: String(action.activity.id) });
    const { recordings } = action;
    print(words.changed({ why: paint('bold', why), name, count: recordings }));
    print(
      unifiedDiff(
        { name: label, text: lines(action.from) },
        { name: label, text: lines(action.to) },
        { paint },
      ),
    );
  };
  return {
    begin: ({ run, moodle, recordings, activities, courses, unmatched }) => {
      const counts = { moodle, recordings, activities, courses };
      say(wrapLines(run === null ? words.head(counts) : words.headOfRun({ ...counts, run })));
      if (recordings === 0) {
        const { text, remedy } = describeCode('annotate-nothing', {});
        say(`${text}\n-> ${remedy}`);
      }
      written = run;
      if (unmatched.length > 0) say(words.unmatched({ count: unmatched.length }));
      if (courses > MANY_COURSES) say(words.manyCourses());
    },
    item: (action, outcome) => {
      shown++;
      // What failed is named, however much is written.
      if (flags.all || shown <= FIRST || outcome.state === 'failed') show(action, outcome);
      if (!flags.all && shown === FIRST + 1) say(words.rest());
    },
    end: ({ tally, stoppedBy }) => {
      const rows = [...tally.byReason].map(([key, count]) => {
        const [state = '', reason = ''] = key.split(' ');
        return renderReason(flags.dry && state === 'done' ? 'planned' : state, reason as Code, count);
      });
      print([words.activities({ count: tally.total }), ...rows].join('\n'));
      if (stoppedBy !== null) {
        const { text, remedy } = shownFailure(stoppedBy);
        say(wrapLines(`${words.stopped({ text: plainText(text) })}\n  -> ${remedy}`));
      }
      if (flags.dry) say(words.forReal({ command: typedForReal() }));
      else if (tally.byState.done > 0 && written !== null)
        say(
          words.toUndo({
            command: nextCommand(
              { configFlag },
              'moodle',
              'annotate',
              '--undo',
              '--run',
              written,
              ...unasked(),
            ),
          }),
        );
    },
    finish: (nowhere) => {
      if (nowhere.length === 0) return;
      const listed = flags.all ? nowhere : nowhere.slice(0, FIRST);
      say([words.nowhere({ count: nowhere.length }), ...listed.map((id) => `  ${plainText(id)}`)].join('\n'));
      if (listed.length < nowhere.length) say(words.rest());
    },
  };
}

/** How many activities end alike, why, and what to do about those that should be looked at. */
function renderReason(state: string, reason: Code, count: number): string {
  const { text, remedy } = describeSeveral(reason);
  const front = `  ${shownCount(count).padStart(6)}  ${shownName(state)}  `;
  const asks = state === 'failed' || definitionOf(reason)?.severity === 'warning';
  return (
    hanging(front, plainText(text)) + (asks && remedy !== '' ? `\n${hanging('          -> ', remedy)}` : '')
  );
}

/** Line by line: what a teacher wrote is hostile to a terminal, its line breaks are not. */
const harmless = (text: string): string => text.split('\n').map(plainText).join('\n');

/** One activity whose notice was, or would be, taken back. */
export function renderUndone({ activityId, name, state, reason }: UndoneActivity): string {
  const { text, remedy } = describeCode(reason, { activity: activityId });
  const line = words.undone({
    state: words[state](),
    id: String(activityId),
    name: plainText(name),
    why: text,
  });
  return state === 'left' && remedy !== '' ? wrapLines(`${line}\n  -> ${remedy}`) : line;
}

export const undoneJson = ({ run, activityId, name, state, reason }: UndoneActivity): object => ({
  type: 'item',
  run,
  activityId,
  name,
  state,
  reason,
  reasonText: describeCode(reason, { activity: activityId }, 'en').text,
});

export const renderUndoneCounts = (counts: Readonly<Record<UndoneActivity['state'], number>>): string =>
  words.undoneCounts({ ...counts, nothing: counts['nothing-left'] });

/** Commands to run in Moodle's directory. */
export const renderSiteNotice = ({ set, unset }: SiteNotice): string =>
  [words.siteNotice(), ...set, words.siteNoticeRemove(), ...unset].join('\n');
