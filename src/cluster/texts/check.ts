import type { CodesOf } from '../../kit/errors/code.js';
import { refusal } from '../../kit/errors/define.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** What `cluster check` says of itself. */
export const clusterCheckTexts = defineTexts({
  'cluster-unknown': say(
    'warning',
    '{property} of {subject} could not be checked: {detail}',
    "{property} de {subject} n'a pas pu être vérifié : {detail}",
    'bbb2pod cluster check --explain {property}',
  ),
  'cluster-not-from-here': say(
    'info',
    '{property} of {subject} cannot be seen from here',
    "{property} de {subject} n'est pas vérifiable d'ici",
    'Run it on {where}',
    'Lancez-la sur {where}',
  ),
  'cluster-overloaded': say(
    'warning',
    'This machine is overloaded (load {load} on {cores} cores): what did not answer in time is not judged',
    'Cette machine est surchargée (charge {load} sur {cores} cœurs) : ce qui n’a pas répondu à temps n’est pas jugé',
    'Run it again when it is quieter, or with --timeout 30; who works here: top -b -n 1 | head -20',
    'Relancez quand elle est plus calme, ou avec --timeout 30 ; qui travaille ici : top -b -n 1 | head -20',
  ),
  'cluster-nothing': refusal(
    'The inventory {file} names no system.',
    "L'inventaire {file} ne nomme aucun système.",
    'bbb2pod cluster init --from /etc/haproxy/haproxy.cfg',
  ),
  'cluster-check-unknown-id': refusal(
    'No check is called {id}.',
    "Aucune vérification ne s'appelle {id}.",
    'All of them: bbb2pod cluster check --explain all',
    'Toutes : bbb2pod cluster check --explain all',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof clusterCheckTexts>, true> {}
}
