import { createInterface } from 'node:readline/promises';
import { describeCode } from '../../codes/catalog.js';
import { OperatorError } from '../../codes/operator-error.js';
import type { BatchResult } from '../../batch/apply.js';
import { siteNotice } from '../../moodle/emit/site-notice.js';
import type { AnnotateAction } from '../../moodle/plan-annotations.js';
import { paintFor } from '../../output/colour.js';
import { plainText } from '../../output/text.js';
import { unifiedDiff } from '../../output/unified-diff.js';
import type { Context } from '../context.js';
import { ExitStatus, signalStatus } from '../exit-status.js';
import {
  emitNotices,
  previewNotices,
  undoNotices,
  writeNotices,
  type AnnotateListener,
} from '../wiring/moodle-annotate.js';
import type { AnnotateFlags } from '../wiring/moodle-plan.js';

/** The command's flags, as oclif parsed them. */
export interface TypedFlags {
  readonly json: boolean;
  readonly dry: boolean;
  readonly moodle?: string | undefined;
  readonly 'of-run'?: string | undefined;
  readonly csv?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly recording?: string[] | undefined;
  readonly 'include-imports': boolean;
  readonly hidden: boolean;
  readonly replace: boolean;
  readonly 'replace-legacy': boolean;
  readonly text: 'import' | 'claim';
  readonly language?: 'course' | 'fr' | 'en' | undefined;
  readonly backup?: string | undefined;
  readonly pace: number;
  readonly undo: boolean;
  readonly run?: string | undefined;
  readonly yes: boolean;
  readonly emit?: 'sql' | 'php' | undefined;
  readonly output?: string | undefined;
  readonly 'site-notice': boolean;
  readonly all: boolean;
}

export interface Terminal {
  readonly root: string;
  readonly print: (text: string) => void;
  readonly printJson: (value: unknown, indent?: number) => void;
  readonly say: (text: string) => void;
}

/** `moodle annotate` in all its forms. */
export async function runAnnotate(
  context: Context,
  flags: TypedFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (flags['site-notice']) return showSiteNotice(context, flags, terminal);
  if (flags.undo) return takeBack(context, flags, terminal);
  const wanted = annotateFlags(flags, terminal.root);
  if (flags.emit !== undefined) {
    const files = await emitNotices(context, wanted, flags.emit, flags.output ?? '');
    if (flags.json) terminal.printJson({ written: files });
    else terminal.print(files.map((file) => `Wrote ${file}`).join('\n'));
    return ExitStatus.done;
  }
  const listener = flags.json ? jsonListener(terminal) : textListener(flags, terminal);
  if (flags.dry) {
    await previewNotices(context, wanted, listener);
    return ExitStatus.done;
  }
  return statusOf(await writeNotices(context, wanted, listener));
}

function statusOf(results: readonly BatchResult[]): ExitStatus {
  const stopped = results.find(({ stoppedBy }) => stoppedBy !== null)?.stoppedBy ?? null;
  if (stopped?.code === 'interrupted') return signalStatus[String(stopped.parameters['signal'])] ?? 130;
  const bad = results.some(({ tally }) => tally.byState.failed + tally.byState['not-run'] > 0);
  if (stopped !== null && results.every(({ tally }) => tally.byState.done === 0)) return ExitStatus.failed;
  return bad || stopped !== null ? ExitStatus.partial : ExitStatus.done;
}

const annotateFlags = (flags: TypedFlags, root: string): AnnotateFlags => ({
  moodle: flags.moodle,
  ofRun: flags['of-run'],
  list: flags.csv,
  min: flags.min,
  max: flags.max,
  since: flags.since,
  until: flags.until,
  recordings: flags.recording ?? [],
  includeImports: flags['include-imports'],
  includeHidden: flags.hidden,
  replace: flags.replace,
  replaceLegacy: flags['replace-legacy'],
  text: flags.text,
  language: flags.language,
  backup: flags.backup,
  paceMs: flags.pace * 1000,
  root,
});

function jsonListener({ printJson }: Terminal): AnnotateListener {
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
          reasonText: describeCode(reason, action.reasonParameters).text,
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

function textListener(flags: TypedFlags, { print, say }: Terminal): AnnotateListener {
  const paint = paintFor(process.stdout, process.env);
  let shown = 0;
  const show = (action: AnnotateAction, reason: AnnotateAction['reason']): void => {
    const name = plainText(`${action.activity.name} — ${action.activity.courseName}`);
    const why = plainText(describeCode(reason, action.reasonParameters).text);
    if (action.kind === 'skip' || !flags.dry) {
      print(`${why} (${name})`);
      return;
    }
    const lines = (text: string | null): string =>
      text === null || text === '' ? '' : `${harmless(text)}\n`;
    const label = `activity ${action.activity.id}`;
    print(`${paint('bold', why)} (${name}), ${action.recordings} recording(s)`);
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
      say(
        `Moodle ${moodle}: ${recordings} migrated recording(s), ${activities} activities in ${courses} course(s)${run === null ? '' : `, run ${run}`}.`,
      );
      if (recordings === 0) {
        const { text, remedy } = describeCode('annotate-nothing', {});
        say(`${text}\n-> ${remedy}`);
      }
      if (unmatched.length > 0) say(`${unmatched.length} recording(s) have no activity in this Moodle.`);
      if (courses > MANY_COURSES)
        say(`Each course's cache is rebuilt at its next visit: prefer the night, or --pace 5.`);
    },
    item: (action, { reason }) => {
      shown++;
      if (flags.all || shown <= FIRST) show(action, reason);
      else if (shown === FIRST + 1) say('… (--all shows the rest)');
    },
    end: ({ tally, stoppedBy }) => {
      const rows = [...tally.byReason].map(([key, count]) => {
        const [state = '', reason = ''] = key.split(' ');
        return `  ${String(count).padStart(6)}  ${flags.dry && state === 'done' ? 'planned' : state}  ${reason}`;
      });
      print([`${tally.total} activities`, ...rows].join('\n'));
      if (stoppedBy !== null) say(`Stopped: ${plainText(stoppedBy.message)}`);
      if (flags.dry) say('Nothing was written. Without --dry: bbb2pod moodle annotate --backup intros.sql');
      else if (tally.byState.done > 0) say('To take it back: bbb2pod moodle annotate --undo');
    },
  };
}

/** Line by line: what a teacher wrote is hostile to a terminal, its line breaks are not. */
const harmless = (text: string): string => text.split('\n').map(plainText).join('\n');

async function takeBack(
  context: Context,
  flags: TypedFlags,
  { print, printJson, say }: Terminal,
): Promise<ExitStatus> {
  if (!flags.dry) await confirm(flags.yes);
  const options = { moodle: flags.moodle, run: flags.run, apply: !flags.dry };
  const counts = await undoNotices(context, options, ({ activityId, name, state, reason, run }) => {
    const text = describeCode(reason, { activity: activityId }).text;
    if (flags.json) printJson({ type: 'item', run, activityId, name, state, reason, reasonText: text }, 0);
    else if (state === 'left' || flags.all || flags.dry)
      print(`${state}: activity ${activityId} (${plainText(name)}): ${text}`);
  });
  if (flags.json) printJson({ type: 'summary', states: counts }, 0);
  else
    print(
      `restored ${counts.restored}, cut out ${counts.cut}, nothing left ${counts['nothing-left']}, left ${counts.left}`,
    );
  if (flags.dry) say('Nothing was written.');
  return counts.left > 0 ? ExitStatus.partial : ExitStatus.done;
}

async function confirm(yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new OperatorError('confirmation-missing', { command: 'bbb2pod moodle annotate --undo' });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question('Take the notices back? [y/N] ');
    if (!/^(y|yes|o|oui)$/i.test(answer.trim()))
      throw new OperatorError('confirmation-missing', { command: 'bbb2pod moodle annotate --undo' });
  } finally {
    prompt.close();
  }
}

function showSiteNotice(context: Context, flags: TypedFlags, { print, printJson }: Terminal): ExitStatus {
  const { pod } = context.configuration;
  if (pod.url === undefined)
    throw new OperatorError('config-key-missing', {
      key: 'pod.url',
      file: 'bbb2pod.toml',
      environment: 'BBB2POD_POD_URL',
    });
  const page = `${pod.url.replace(/\/+$/, '')}/${flags.text === 'claim' ? 'record/claim_record' : 'import_video'}/`;
  const english = flags.language === 'en';
  const commands = siteNotice({
    message: english
      ? 'Former recordings of this classroom have moved to Pod, our video platform.'
      : 'Les anciens enregistrements de cette classe virtuelle ont déménagé sur Pod, notre plateforme vidéo.',
    buttonText: english ? 'Find my recordings in Pod' : 'Retrouver mes enregistrements dans Pod',
    buttonUrl: page,
  });
  if (flags.json) printJson(commands);
  else
    print(
      [
        "# In Moodle's directory, as the web server's user:",
        ...commands.set,
        '# To remove it:',
        ...commands.unset,
      ].join('\n'),
    );
  return ExitStatus.done;
}

/** `migrate recordings --annotate`: the activities of that run, with the flags' defaults. */
export async function annotateRun(
  context: Context,
  run: string,
  { json, root, ...terminal }: Omit<Terminal, 'root'> & { readonly json: boolean; readonly root: string },
): Promise<ExitStatus> {
  const typed: TypedFlags = {
    json,
    dry: false,
    'of-run': run,
    'include-imports': false,
    hidden: true,
    replace: false,
    'replace-legacy': false,
    text: 'import',
    pace: 0,
    undo: false,
    yes: false,
    'site-notice': false,
    all: false,
  };
  return runAnnotate(context, typed, { root, ...terminal });
}
