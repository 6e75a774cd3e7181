import { shownFailure } from '../../../kit/errors/operator-error.js';
import { shownCount } from '../../../kit/output/localized.js';
import { shownName } from '../../../kit/output/words.js';
import { nextCommand, typedForReal, unasked } from '../../kit/next-command.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import type { AnnotateAction } from '../../../moodle/plan-annotation.js';
import type { SiteNotice } from '../../../moodle/emit/site-notice.js';
import type { UndoneActivity } from '../../../moodle/undo-annotations.js';
import { paintFor } from '../../../kit/output/colour.js';
import { plainText } from '../../../kit/output/text.js';
import { unifiedDiff } from '../../../kit/output/unified-diff.js';
import type { Speaker } from '../../kit/speaker.js';
import type { AnnotateListener } from '../annotate.js';
import { words } from '../words.js';

/** One JSON line per activity (docs/json.md). */
export function jsonListener({ printJson }: Speaker): AnnotateListener {
  return {
    begin: (facts) => printJson({ type: 'header', command: 'moodle annotate', ...facts }, 0),
    item: (action, { state, reason }) =>
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
          reasonText: describeCode(reason, action.reasonParameters, 'en').text,
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
  const show = (action: AnnotateAction, reason: AnnotateAction['reason']): void => {
    const name = plainText(`${action.activity.name} — ${action.activity.courseName}`);
    const why = plainText(describeCode(reason, action.reasonParameters).text);
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
      written = run;
      const counts = { moodle, recordings, activities, courses };
      say(run === null ? words.head(counts) : words.headOfRun({ ...counts, run }));
      if (recordings === 0) {
        const { text, remedy } = describeCode('annotate-nothing', {});
        say(`${text}\n-> ${remedy}`);
      }
      if (unmatched.length > 0) say(words.unmatched({ count: unmatched.length }));
      if (courses > MANY_COURSES) say(words.manyCourses());
    },
    item: (action, { reason }) => {
      shown++;
      if (flags.all || shown <= FIRST) show(action, reason);
      else if (shown === FIRST + 1) say(words.rest());
    },
    end: ({ tally, stoppedBy }) => {
      const rows = [...tally.byReason].map(([key, count]) => {
        const [state = '', reason = ''] = key.split(' ');
        return `  ${shownCount(count).padStart(6)}  ${shownName(flags.dry && state === 'done' ? 'planned' : state)}  ${reason}`;
      });
      print([words.activities({ count: tally.total }), ...rows].join('\n'));
      if (stoppedBy !== null) say(words.stopped({ text: plainText(shownFailure(stoppedBy).text) }));
      if (flags.dry) say(words.forReal({ command: typedForReal() }));
      else if (tally.byState.done > 0)
        say(
          words.toUndo({
            command: nextCommand(
              { configFlag },
              'moodle',
              'annotate',
              '--undo',
              ...ofRun(written),
              ...unasked(),
            ),
          }),
        );
    },
  };
}

const ofRun = (run: string | null): string[] => (run === null ? [] : ['--run', run]);

/** Line by line: what a teacher wrote is hostile to a terminal, its line breaks are not. */
const harmless = (text: string): string => text.split('\n').map(plainText).join('\n');

/** One activity whose notice was, or would be, taken back. */
export const renderUndone = ({ activityId, name, state, reason }: UndoneActivity): string =>
  words.undone({
    state: words[state](),
    id: String(activityId),
    name: plainText(name),
    why: describeCode(reason, { activity: activityId }).text,
  });

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
