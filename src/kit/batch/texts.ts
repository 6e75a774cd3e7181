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
  'journal-later': say(
    'error',
    'The journal {file} was written by a later bbb2pod: its format is {found}, this version reads up to {known}. Nothing was read of it or written.',
    'Le journal {file} a été écrit par un bbb2pod plus récent : son format est {found}, cette version lit jusqu’à {known}. Rien n’y a été lu ni écrit.',
    'Use the bbb2pod that wrote it or a later one; this one is: bbb2pod --version. With another state_dir this version begins a journal of its own: what is in Pod is still recognised, but the runs of that journal can only be taken back by the later version.',
    'Utilisez le bbb2pod qui l’a écrit ou un plus récent ; celui-ci est : bbb2pod --version. Avec un autre state_dir, cette version commence un journal à elle : ce qui est dans Pod reste reconnu, mais seule la version plus récente peut annuler les exécutions de ce journal.',
  ),
});

declare module '../errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof batchTexts>, true> {}
}
