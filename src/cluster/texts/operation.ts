import type { CodesOf } from '../../kit/errors/code.js';
import { refusal, say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** cluster queue, drain, ready and demo. */
export const clusterOperationTexts = defineTexts({
  'cluster-no-broker': refusal(
    '{file} names no broker and no esup-runner.',
    '{file} ne nomme ni courtier de tâches ni esup-runner.',
    'Add [encoding.brokers.NAME] with url and queues (bbb2pod cluster init --from settings_local.py writes it), or [esup_runner].',
    'Ajoutez [encoding.brokers.NOM] avec url et queues (bbb2pod cluster init --from settings_local.py l’écrit), ou [esup_runner].',
  ),
  'cluster-broker-unreachable': say(
    'error',
    'The broker {name} ({broker}) gives no access: {detail}',
    'Le courtier {name} ({broker}) est inaccessible : {detail}',
    'bbb2pod cluster check --only P01',
  ),
  'cluster-node-unknown': refusal(
    'No node is called {node}{near}.',
    "Aucun nœud ne s'appelle {node}{near}.",
    'The nodes are: {nodes}',
    'Les nœuds sont : {nodes}',
  ),
  'cluster-node-not-drained': refusal(
    '{node} is a {role}: it is not drained but replaced.',
    '{node} est un {role} : il ne se vide pas, il se remplace.',
    '{page}',
  ),
  'cluster-below-plan': say(
    'error',
    'Refused: without {node}, {left} {role} {left:node|nodes} would work, and {demand} takes {minimum}.',
    'Refusé : sans {node}, il resterait {left} {left:nœud|nœuds} {role}, et {demand} en demande {minimum}.',
    'Add a node first, or wait for a quiet hour and give --below-plan.',
    'Ajoutez un nœud, ou attendez une heure creuse et donnez --below-plan.',
  ),
  'cluster-name-shared': say(
    'error',
    'Refused: {count} workers answer by the name {name}; all of them would stop.',
    'Refusé : {count} workers répondent au nom {name} ; tous s’arrêteraient.',
    'Start each with its own name (-n {queue}@%h), then drain again.',
    'Lancez chacun sous son propre nom (-n {queue}@%h), puis recommencez.',
  ),
  'cluster-worker-silent': say(
    'error',
    'No worker answers by the name {name}.',
    'Aucun worker ne répond au nom {name}.',
    'Those that answer: {names}. Look: bbb2pod cluster check --only P07',
    'Ceux qui répondent : {names}. Voyez : bbb2pod cluster check --only P07',
  ),
  'cluster-server-absent': say(
    'error',
    'HAProxy on {balancer} knows no server {node}.',
    'HAProxy sur {balancer} ne connaît pas de serveur {node}.',
    'A sticky node is added by rendering and reloading: bbb2pod cluster render --output cluster, then systemctl reload haproxy (or take a spare: bbb2pod cluster ready spare1 --address HOST:PORT).',
    'Un nœud à cookie s’ajoute par rendu et rechargement : bbb2pod cluster render --output cluster, puis systemctl reload haproxy (ou prenez une réserve : bbb2pod cluster ready spare1 --address HÔTE:PORT).',
  ),
  'cluster-no-balancer': refusal(
    'The inventory names no balancer: nothing sends viewers to {node}, and nothing can keep them away.',
    'L’inventaire ne nomme aucun répartiteur : rien n’envoie de spectateurs vers {node}, et rien ne peut les en détourner.',
    'Add [streaming.balancers.NAME] with address and socket; bbb2pod cluster init --from haproxy.cfg writes it.',
    'Ajoutez [streaming.balancers.NOM] avec address et socket ; bbb2pod cluster init --from haproxy.cfg l’écrit.',
  ),
  'cluster-command-refused': say(
    'error',
    '{target} refused "{command}": {detail}',
    '{target} a refusé « {command} » : {detail}',
    'Nothing more was changed. bbb2pod cluster check',
    'Rien de plus n’a été changé. bbb2pod cluster check',
  ),
  'cluster-not-settled': say(
    'error',
    '{node} is not {wanted} after {seconds} s: {state}.',
    '{node} n’est pas {wanted} après {seconds} s : {state}.',
    'Wait longer: bbb2pod cluster {command} {node} --apply --wait {more}; or take it back with the opposite command.',
    'Attendez davantage : bbb2pod cluster {command} {node} --apply --wait {more} ; ou revenez en arrière par la commande opposée.',
  ),
  'cluster-demo-silent': say(
    'error',
    'The demo serves no playlist after {seconds} s: {detail}',
    'La démonstration ne sert aucune playlist après {seconds} s : {detail}',
    'apt install haproxy nginx libnginx-mod-rtmp ffmpeg   (bin/setup --test does it)',
    'apt install haproxy nginx libnginx-mod-rtmp ffmpeg   (bin/setup --test le fait)',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof clusterOperationTexts>, true> {}
}
