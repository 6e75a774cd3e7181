import type { CodesOf } from '../errors/code.js';
import { finding as say } from '../errors/define.js';
import { defineTexts } from '../errors/define-texts.js';

/** Runs of the journal. */
export const batchTexts = defineTexts({
  'run-unknown': say(
    'error',
    'No run {run} in the journal of {directory}.',
    'Aucune exécution {run} dans le journal de {directory}.',
    'bbb2pod migrate status',
    'bbb2pod migrate status',
  ),
});

declare module '../errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof batchTexts>, true> {}
}
