import type { CodesOf } from '../kit/errors/code.js';
import { say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Whether an approved plan fits, and what differs from it on the day it is applied (`--plan`). */
export const sincePlanTexts = defineTexts({
  'plan-of-another-pod': say(
    'error',
    '{file} was approved for {target}; the configured Pod is {actual}.',
    '{file} a été approuvé pour {target} ; le Pod configuré est {actual}.',
    'Use the configuration of that Pod (--config FILE), or a new plan: --dry --save-plan FILE',
    'Utilisez la configuration de ce Pod (--config FICHIER), ou un nouveau plan : --dry --save-plan FICHIER',
  ),
  'gone-since-plan': say(
    'info',
    'approved in the plan, no longer listed by its BBB server',
    'approuvé dans le plan, absent depuis de la liste de son serveur BBB',
  ),
  'hidden-since-plan': say(
    'info',
    'approved in the plan, unpublished or deleted in BBB since',
    'approuvé dans le plan, dépublié ou supprimé depuis dans BBB',
    'Plan again with --include-unpublished to take what is unpublished.',
    'Refaites un plan avec --include-unpublished pour prendre ce qui est dépublié.',
  ),
  'link-changed-since-plan': say(
    'info',
    'approved in the plan, its playback link is another one since',
    'approuvé dans le plan, son lien de lecture a changé depuis',
    'Plan again: the new plan has the new link.',
    'Refaites un plan : il aura le nouveau lien.',
  ),
  'owner-gone-since-plan': say(
    'info',
    'its owner has no account in Pod any more',
    "son propriétaire n'a plus de compte dans Pod",
    'Plan again: it goes to whom the rules name then.',
    'Refaites un plan : il ira à qui les règles désigneront alors.',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof sincePlanTexts>, true> {}
}
