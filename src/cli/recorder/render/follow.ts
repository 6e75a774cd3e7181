import { shownFailure } from '../../../kit/errors/operator-error.js';
import { localized } from '../../../kit/output/localized.js';
import { plainText } from '../../../kit/output/text.js';
import type { FollowEvent, FollowTally } from '../../../recorder/esup-runner/follow-tasks.js';

/** What becomes of a conversion that esup-runner makes, in one line; null for what only counts. */
export function renderFollowed(event: FollowEvent): string | null {
  if (event.kind === 'waits') {
    const { text, remedy } = shownFailure(event.error);
    return `${plainText(text)}\n  -> ${plainText(remedy)}`;
  }
  const name = plainText(event.job.label);
  switch (event.kind) {
    case 'given':
      return localized(
        `${name}: given to esup-runner (task ${event.task})`,
        `${name} : confiée à esup-runner (tâche ${event.task})`,
      );
    case 'done':
      return `${name} -> ${plainText(event.job.outputPath)}`;
    case 'again':
      return event.failure === null
        ? localized(`${name}: given again`, `${name} : redonnée`)
        : localized(
            `${name}: given again: ${plainText(event.failure.message)}`,
            `${name} : redonnée : ${plainText(event.failure.message)}`,
          );
    case 'set-aside':
      return localized(
        `${name}: set aside: ${plainText(event.failure?.message ?? '')}`,
        `${name} : mise de côté : ${plainText(event.failure?.message ?? '')}`,
      );
  }
}

export function followedJson(event: FollowEvent): object {
  if (event.kind === 'waits') {
    const { code, message, remedy } = event.error;
    return { type: 'waits', code, message, remedy };
  }
  const { id, label, outputPath } = event.job;
  return {
    type: 'task',
    id,
    source: label,
    output: outputPath,
    state: event.kind,
    ...('task' in event ? { task: event.task } : {}),
    ...('failure' in event && event.failure !== null ? event.failure : {}),
  };
}

/** The last line: how many came, and what to type next. */
export function renderFollowTally({ done, setAside }: FollowTally): string {
  const came = localized(
    `${done} made by esup-runner and delivered`,
    `${done} faites par esup-runner et livrées`,
  );
  if (setAside === 0) return came;
  return localized(
    `${came}, ${setAside} set aside\nTry what was set aside again: the same command with --retry-failed`,
    `${came}, ${setAside} mises de côté\nPour reprendre ce qui est mis de côté : la même commande avec --retry-failed`,
  );
}
