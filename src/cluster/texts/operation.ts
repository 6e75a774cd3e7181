import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** cluster queue, drain, ready and demo. */
export const clusterOperationTexts = defineTexts({
  'cluster-no-broker': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{file} names no broker and no esup-runner.',
      remedy:
        'Add [encoding.brokers.NAME] with url and queues (bbb2pod cluster init --from settings_local.py writes it), or [esup_runner].',
    },
    fr: {
      text: '{file} ne nomme ni courtier de tâches ni esup-runner.',
      remedy:
        'Ajoutez [encoding.brokers.NOM] avec url et queues (bbb2pod cluster init --from settings_local.py l’écrit), ou [esup_runner].',
    },
  },
  'cluster-broker-unreachable': {
    severity: 'error',
    en: {
      text: 'The broker {name} ({broker}) gives no access: {detail}',
      remedy: 'bbb2pod cluster check --only P01',
    },
    fr: {
      text: 'Le courtier {name} ({broker}) est inaccessible : {detail}',
      remedy: 'bbb2pod cluster check --only P01',
    },
  },
  'cluster-node-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'No node is called {node}{near}.', remedy: 'The nodes are: {nodes}' },
    fr: { text: "Aucun nœud ne s'appelle {node}{near}.", remedy: 'Les nœuds sont : {nodes}' },
  },
  'cluster-node-not-drained': {
    severity: 'error',
    exitStatus: 2,
    en: { text: '{node} is a {role}: it is not drained but replaced.', remedy: '{page}' },
    fr: { text: '{node} est un {role} : il ne se vide pas, il se remplace.', remedy: '{page}' },
  },
  'cluster-below-plan': {
    severity: 'error',
    en: {
      text: 'Refused: without {node}, {left} {role} {left:node|nodes} would work, and {demand} takes {minimum}.',
      remedy: 'Add a node first, or wait for a quiet hour and give --below-plan.',
    },
    fr: {
      text: 'Refusé : sans {node}, il resterait {left} {left:nœud|nœuds} {role}, et {demand} en demande {minimum}.',
      remedy: 'Ajoutez un nœud, ou attendez une heure creuse et donnez --below-plan.',
    },
  },
  'cluster-name-shared': {
    severity: 'error',
    en: {
      text: 'Refused: {count} workers answer by the name {name}; all of them would stop.',
      remedy: 'Start each with its own name (-n {queue}@%h), then drain again.',
    },
    fr: {
      text: 'Refusé : {count} workers répondent au nom {name} ; tous s’arrêteraient.',
      remedy: 'Lancez chacun sous son propre nom (-n {queue}@%h), puis recommencez.',
    },
  },
  'cluster-worker-silent': {
    severity: 'error',
    en: {
      text: 'No worker answers by the name {name}.',
      remedy: 'Those that answer: {names}. Look: bbb2pod cluster check --only P07',
    },
    fr: {
      text: 'Aucun worker ne répond au nom {name}.',
      remedy: 'Ceux qui répondent : {names}. Voyez : bbb2pod cluster check --only P07',
    },
  },
  'cluster-server-absent': {
    severity: 'error',
    en: {
      text: 'HAProxy on {balancer} knows no server {node}.',
      remedy:
        'A sticky node is added by rendering and reloading: bbb2pod cluster render --output cluster, then systemctl reload haproxy (or take a spare: bbb2pod cluster ready spare1 --address HOST:PORT).',
    },
    fr: {
      text: 'HAProxy sur {balancer} ne connaît pas de serveur {node}.',
      remedy:
        'Un nœud à cookie s’ajoute par rendu et rechargement : bbb2pod cluster render --output cluster, puis systemctl reload haproxy (ou prenez une réserve : bbb2pod cluster ready spare1 --address HÔTE:PORT).',
    },
  },
  'cluster-no-balancer': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'The inventory names no balancer: nothing sends viewers to {node}, and nothing can keep them away.',
      remedy:
        'Add [streaming.balancers.NAME] with address and socket; bbb2pod cluster init --from haproxy.cfg writes it.',
    },
    fr: {
      text: 'L’inventaire ne nomme aucun répartiteur : rien n’envoie de spectateurs vers {node}, et rien ne peut les en détourner.',
      remedy:
        'Ajoutez [streaming.balancers.NOM] avec address et socket ; bbb2pod cluster init --from haproxy.cfg l’écrit.',
    },
  },
  'cluster-command-refused': {
    severity: 'error',
    en: {
      text: '{target} refused "{command}": {detail}',
      remedy: 'Nothing more was changed. bbb2pod cluster check',
    },
    fr: {
      text: '{target} a refusé « {command} » : {detail}',
      remedy: 'Rien de plus n’a été changé. bbb2pod cluster check',
    },
  },
  'cluster-not-settled': {
    severity: 'error',
    en: {
      text: '{node} is not {wanted} after {seconds} s: {state}.',
      remedy:
        'Wait longer: bbb2pod cluster {command} {node} --apply --wait {more}; or take it back with the opposite command.',
    },
    fr: {
      text: '{node} n’est pas {wanted} après {seconds} s : {state}.',
      remedy:
        'Attendez davantage : bbb2pod cluster {command} {node} --apply --wait {more} ; ou revenez en arrière par la commande opposée.',
    },
  },
  'cluster-demo-silent': {
    severity: 'error',
    en: {
      text: 'The demo serves no playlist after {seconds} s: {detail}',
      remedy: 'apt install haproxy nginx libnginx-mod-rtmp ffmpeg   (bin/setup --test does it)',
    },
    fr: {
      text: 'La démonstration ne sert aucune playlist après {seconds} s : {detail}',
      remedy: 'apt install haproxy nginx libnginx-mod-rtmp ffmpeg   (bin/setup --test le fait)',
    },
  },
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof clusterOperationTexts>, true> {}
}
