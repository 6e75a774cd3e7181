import { localized } from '../../../kit/output/localized.js';
import { plainText } from '../../../kit/output/text.js';
import type { LiveAction } from '../../../live/reconcile.js';
import type { PassReport } from '../../../live/run-pass.js';
import { ExitStatus } from '../../kit/exit-status.js';
import { word } from './words.js';

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
  if ('heldBy' in report)
    return localized(
      `Another pass is at work (process ${report.heldBy}); nothing done.`,
      `Une autre passe est en cours (processus ${report.heldBy}) ; rien n’est fait.`,
    );
  const lines = [
    ...report.actions.map((action) => plainText(describe(action))),
    ...report.incidents.map(({ text, remedy }) =>
      plainText(`! ${text}${remedy === '' ? '' : ` -> ${remedy}`}`),
    ),
    ...(report.incidents.length > 0
      ? []
      : report.failures.map(({ message, remedy }) => plainText(`! ${message} -> ${remedy}`))),
  ];
  return lines.length === 0 ? nothingToDo() : lines.join('\n');
}

export const nothingToDo = (): string => localized('Nothing to do.', 'Rien à faire.');

/** 3: something failed, the rest was done. A pass that can read nothing throws. */
export function passStatus(report: Ended): ExitStatus {
  if ('heldBy' in report || report.failures.length === 0) return ExitStatus.done;
  return ExitStatus.partial;
}

function describe(action: LiveAction): string {
  switch (action.kind) {
    case 'start':
      return localized(
        `start    ${action.live.id} in slot ${action.slot}: ${action.live.meetingName}`,
        `démarre  ${action.live.id} à la place ${action.slot} : ${action.live.meetingName}`,
      );
    case 'wait':
      return localized(
        `wait     ${action.live.id} (${action.reason}): ${action.live.meetingName}`,
        `attend   ${action.live.id} (${word(action.reason)}) : ${action.live.meetingName}`,
      );
    case 'close':
      return localized(
        `close    ${action.live.id}: ${action.live.meetingName}`,
        `ferme    ${action.live.id} : ${action.live.meetingName}`,
      );
    case 'stop':
    case 'finish':
      return `${verb(action.kind)} ${action.id} (${word(action.reason)})`;
    case 'restart':
    case 'announce':
      return `${verb(action.kind)} ${action.id}`;
  }
}

const verb = (kind: 'stop' | 'finish' | 'restart' | 'announce'): string =>
  localized(
    kind,
    { stop: 'arrête', finish: 'termine', restart: 'relance', announce: 'annonce' }[kind],
  ).padEnd(8);

function actionFacts(action: LiveAction): Record<string, unknown> {
  const { kind } = action;
  if (kind === 'start' || kind === 'wait' || kind === 'close') {
    const { id, meetingId, meetingName } = action.live;
    const more = kind === 'start' ? { slot: action.slot } : kind === 'wait' ? { reason: action.reason } : {};
    return { kind, id, meetingId, meetingName, ...more };
  }
  return { ...action };
}
