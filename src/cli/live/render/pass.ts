import { shownFailure } from '../../../kit/errors/operator-error.js';
import { shownNote } from '../../../live/pass-incidents.js';
import { plainText } from '../../../kit/output/text.js';
import type { LiveAction } from '../../../live/reconcile.js';
import type { PassReport } from '../../../live/run-pass.js';
import { ExitStatus } from '../../kit/exit-status.js';
import { word } from './words.js';
import { words } from '../words.js';

type Ended = PassReport | { readonly heldBy: number };

/** One pass for programs. Secrets never enter it. */
export function passJson(report: Ended): object {
  if ('heldBy' in report) return { locked: true, heldBy: report.heldBy };
  return {
    locked: false,
    actions: report.actions.map(actionFacts),
    failures: report.failures.map(({ code, message, remedy }) => ({ code, message, remedy })),
    incidents: report.incidents,
  };
}

/** One pass for people, a line per action. Secrets never enter it. */
export function renderPass(report: Ended): string {
  if ('heldBy' in report) return words.anotherPass({ process: String(report.heldBy) });
  const lines = [
    ...report.actions.map((action) => plainText(describe(action))),
    ...report.incidents.map(shownNote).map(oneLine),
    ...(report.incidents.length > 0 ? [] : report.failures.map(shownFailure).map(oneLine)),
  ];
  return lines.length === 0 ? nothingToDo() : lines.join('\n');
}

const oneLine = ({ text, remedy }: { readonly text: string; readonly remedy: string }): string =>
  plainText(`! ${text}${remedy === '' ? '' : ` -> ${remedy}`}`);

export const nothingToDo = (): string => words.nothingToDo();

/** 3: something failed, the rest was done. A pass that can read nothing throws. */
export function passStatus(report: Ended): ExitStatus {
  if ('heldBy' in report || report.failures.length === 0) return ExitStatus.done;
  return ExitStatus.partial;
}

function describe(action: LiveAction): string {
  switch (action.kind) {
    case 'start':
      return words.startSlot({ id: action.live.id, slot: action.slot, meetingName: action.live.meetingName });
    case 'wait':
      return words.wait({
        id: action.live.id,
        reason: word(action.reason),
        meetingName: action.live.meetingName,
      });
    case 'close':
      return words.close({ id: action.live.id, meetingName: action.live.meetingName });
    case 'stop':
    case 'finish':
      return `${words[action.kind]()} ${action.id} (${word(action.reason)})`;
    case 'restart':
    case 'announce':
      return `${words[action.kind]()} ${action.id}`;
  }
}

function actionFacts(action: LiveAction): Record<string, unknown> {
  const { kind } = action;
  if (kind === 'start' || kind === 'wait' || kind === 'close') {
    const { id, meetingId, meetingName } = action.live;
    const more = kind === 'start' ? { slot: action.slot } : kind === 'wait' ? { reason: action.reason } : {};
    return { kind, id, meetingId, meetingName, ...more };
  }
  return { ...action };
}
