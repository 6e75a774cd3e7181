import type { Context } from '../context.js';
import { ExitStatus } from '../exit-status.js';
import type { Speaker } from '../speaker.js';
import type { QueueRequest } from '../wiring/recorder-queue.js';
import { enqueuedJson, renderEnqueued, renderEnqueueTally } from './queue.js';

/** `recorder convert --queue`: enqueues, or with `dry` lists what it would. Exit status 3 when something stays aside. */
export async function enqueueRequested(
  context: Context,
  request: QueueRequest,
  dry: boolean,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { enqueueRequest, listQueued } = await import('../wiring/recorder-queue.js');
  if (dry) {
    for await (const job of listQueued(context, request)) {
      if (speaker.json) speaker.printJson({ type: 'item', ...job, state: 'planned' }, 0);
      else speaker.print(`${job.label} -> ${job.outputPath}`);
    }
    return ExitStatus.done;
  }
  const { run, tally } = await enqueueRequest(context, request, (outcome) => {
    const line = renderEnqueued(outcome);
    if (speaker.json) speaker.printJson(enqueuedJson(outcome), 0);
    else if (line !== null) speaker.say(line);
  });
  if (speaker.json) speaker.printJson({ type: 'summary', run, ...tally }, 0);
  else speaker.print(`Run ${run}: ${renderEnqueueTally(tally)}`);
  return tally['set-aside'] > 0 ? ExitStatus.partial : ExitStatus.done;
}
