import type { CodesOf } from '../errors/code.js';
import { say } from '../errors/define.js';
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
  'journal-broken': say(
    'error',
    'The journal {file} is broken: {detail}. {copies}',
    'Le journal {file} est abîmé : {detail}. {copies}',
    'Put it together again from what is readable and its newest copy: bbb2pod migrate repair',
    'Reconstituez-le à partir de ce qui est lisible et de sa copie la plus récente : bbb2pod migrate repair',
  ),
});

declare module '../errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof batchTexts>, true> {}
}
