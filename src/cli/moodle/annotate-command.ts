import { siteNotice } from '../../moodle/emit/site-notice.js';
import type { AnnotateFlags } from './flags.js';
import { batchStatus } from '../kit/batch-status.js';
import { confirm } from '../kit/confirm.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { required } from '../kit/missing-key.js';
import {
  jsonListener,
  renderSiteNotice,
  renderUndone,
  renderUndoneCounts,
  textListener,
  undoneJson,
} from './render/annotate.js';
import type { Speaker } from '../kit/speaker.js';
import { emitNotices, previewNotices, undoNotices, writeNotices, type AnnotateListener } from './annotate.js';
import { wholeRequest } from './plan.js';
import { type AnnotateRequest } from './request.js';
import { words } from './words.js';

/** `moodle annotate` in all its forms. */
export async function annotate(
  context: Context,
  flags: AnnotateFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  if (flags['site-notice']) return showSiteNotice(context, flags, speaker);
  if (flags.undo) return takeBack(context, flags, speaker);
  const request = requestOf(flags);
  if (flags.emit !== undefined) {
    const files = await emitNotices(context, request, flags.emit, flags.output ?? '');
    if (speaker.json) speaker.printJson({ written: files });
    else speaker.print(files.map((file) => words.wrote({ file })).join('\n'));
    return ExitStatus.done;
  }
  const listener = listenerOf(context, flags, speaker);
  if (!flags.dry) return batchStatus(await writeNotices(context, request, listener));
  await previewNotices(context, request, listener);
  return ExitStatus.done;
}

/** `migrate recordings --annotate`: the activities of that run, in the shipped words. */
export async function annotateRun(context: Context, run: string, speaker: Speaker): Promise<ExitStatus> {
  const request = { ...wholeRequest, ofRun: run };
  return batchStatus(
    await writeNotices(context, request, listenerOf(context, { dry: false, all: false }, speaker)),
  );
}

const listenerOf = (
  { configFlag }: Context,
  { dry, all }: Pick<AnnotateFlags, 'dry' | 'all'>,
  speaker: Speaker,
): AnnotateListener =>
  speaker.json ? jsonListener(speaker) : textListener({ dry, all, configFlag }, speaker);

const requestOf = (flags: AnnotateFlags): AnnotateRequest => ({
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
});

async function takeBack(context: Context, flags: AnnotateFlags, speaker: Speaker): Promise<ExitStatus> {
  if (!flags.dry) await confirm(words.askUndo(), flags.yes);
  const options = { moodle: flags.moodle, run: flags.run, apply: !flags.dry };
  const counts = await undoNotices(context, options, (undone) => {
    if (speaker.json) speaker.printJson(undoneJson(undone), 0);
    else if (undone.state === 'left' || flags.all || flags.dry) speaker.print(renderUndone(undone));
  });
  if (speaker.json) speaker.printJson({ type: 'summary', states: counts }, 0);
  else speaker.print(renderUndoneCounts(counts));
  if (flags.dry) speaker.say(words.nothingWritten());
  return counts.left > 0 ? ExitStatus.partial : ExitStatus.done;
}

function showSiteNotice(context: Context, flags: AnnotateFlags, speaker: Speaker): ExitStatus {
  const podUrl = required(context, 'pod', 'url', context.configuration.pod.url).replace(/\/+$/, '');
  const page = flags.text === 'claim' ? 'record/claim_record' : 'import_video';
  const notice = siteNotice(flags.language === 'en' ? 'en' : 'fr', `${podUrl}/${page}/`);
  if (speaker.json) speaker.printJson(notice);
  else speaker.print(renderSiteNotice(notice));
  return ExitStatus.done;
}
