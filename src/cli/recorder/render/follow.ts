import { shownFailure } from '../../../kit/errors/operator-error.js';
import { shownPhrase } from '../../../kit/output/localized.js';
import { plainText } from '../../../kit/output/text.js';
import { words } from '../words.js';
import type { FollowEvent, FollowTally } from '../../../recorder/esup-runner/follow-ports.js';

/** What becomes of a conversion that esup-runner makes, in one line; null for what only counts. */
export function renderFollowed(event: FollowEvent): string | null {
  if (event.kind === 'waits') {
    const { text, remedy } = shownFailure(event.error);
    return `${plainText(text)}\n  -> ${plainText(remedy)}`;
  }
  const name = plainText(event.job.label);
  switch (event.kind) {
    case 'given':
      return words.given({ name, task: plainText(event.task) });
    case 'done': {
      const brought = words.brought({ name, file: plainText(event.job.outputPath) });
      const { missing } = event;
      return missing === ''
        ? brought
        : `${brought}\n${words.missing({ what: shownPhrase(plainText(missing)) })}`;
    }
    case 'again':
      return event.failure === null
        ? words.givenAgain({ name })
        : words.givenAgainFor({ name, reason: plainText(event.failure.message) });
    case 'set-aside':
      return words.notGiven({ name, reason: plainText(event.failure?.message ?? '') });
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
    ...('missing' in event ? { missing: event.missing } : {}),
    ...('failure' in event && event.failure !== null ? event.failure : {}),
  };
}

/** The last line: how many came, and what to type next. */
export const renderFollowTally = ({ done, setAside }: FollowTally): string =>
  setAside === 0 ? words.broughtAll({ done }) : words.broughtSome({ done, setAside });
