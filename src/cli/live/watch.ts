import { pause } from '../../kit/pause.js';
import { exists } from '../../kit/adapters/files/path-status.js';
import { removeTree } from '../../kit/adapters/files/remove-tree.js';
import path from 'node:path';
import { OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { openStore } from './settings.js';
import { nothingToDo, renderPass } from './render/pass.js';
import type { LivePasses } from './run.js';

/**
 * Passes until a signal ends it; keepers go on without it. No pass waits for its newcomers: meanwhile a keeper might
 * die. What is to be done, or a call of the gateway, brings the next one forward.
 */
export async function watchPasses(
  context: Context,
  passes: LivePasses,
  say: (line: string) => void,
): Promise<ExitStatus> {
  const intervalMs = context.configuration.live.watch_interval * 1000;
  const knock = path.join(openStore(context).root, 'knock');
  let last = '';
  await passes.renew();
  while (!context.signal.aborted) {
    await removeTree(knock);
    const text = await onePass(passes);
    // Only what changed: a journal of identical lines every five seconds helps nobody.
    if (text !== last && text !== nothingToDo()) say(text);
    last = text;
    const until = Date.now() + intervalMs;
    while (Date.now() < until && !isAborted(context.signal) && !exists(knock)) {
      await pause(250);
      if (Date.now() > until - intervalMs / 2 && passes.hasWork()) break;
    }
  }
  return ExitStatus.done;
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function onePass(passes: LivePasses): Promise<string> {
  try {
    return renderPass(await passes.run({ waits: false }));
  } catch (error) {
    if (error instanceof OperatorError) {
      const { text, remedy } = shownFailure(error);
      return `! ${text} -> ${remedy}`;
    }
    throw error;
  }
}
