import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** J05 to J15 and J19: the bridges. */
export const jitsiBridgeTexts = defineTexts({
  J05: property(
    [
      'Every bridge is registered',
      'The bridges that jicofo knows (/debug), or the occupants of the brewery. A bridge whose own health says 200 may still be unregistered: its health does not look at XMPP (jitsi-videobridge#1247).',
    ],
    [
      'Chaque pont est inscrit',
      'Les ponts que jicofo connaît (/debug), ou les occupants de la brasserie. Un pont dont la santé répond 200 peut ne pas être inscrit : sa santé ne regarde pas XMPP (jitsi-videobridge#1247).',
    ],
  ),
  'J05-missing': finding(
    'critical',
    [
      'Bridge {subject} (nickname {nickname}) is not registered in {room}',
      'On {subject}: journalctl -u jitsi-videobridge2 -n 100; check HOSTNAME, PASSWORD and 5222: bbb2pod cluster check --root jms=/etc --root {subject}=/etc',
    ],
    [
      "Le pont {subject} (surnom {nickname}) n'est pas inscrit dans {room}",
      'Sur {subject} : journalctl -u jitsi-videobridge2 -n 100 ; vérifiez HOSTNAME, PASSWORD et 5222 : bbb2pod cluster check --root jms=/etc --root {subject}=/etc',
    ],
  ),
  'J05-room': finding(
    'critical',
    [
      'The brewery {room} cannot be entered ({refusal})',
      'On the JMS: Component "internal.auth.…" "muc" in /etc/prosody/conf.d/*.lua; systemctl restart prosody jicofo',
    ],
    [
      "La brasserie {room} n'est pas accessible ({refusal})",
      'Sur le JMS : Component "internal.auth.…" "muc" dans /etc/prosody/conf.d/*.lua ; systemctl restart prosody jicofo',
    ],
  ),
  'J05-jicofo': finding(
    'critical',
    ['jicofo says {status}: {reason}', 'On the JMS: journalctl -u jicofo -n 50; systemctl restart jicofo'],
    [
      'jicofo répond {status} : {reason}',
      'Sur le JMS : journalctl -u jicofo -n 50 ; systemctl restart jicofo',
    ],
  ),
  'J05-jicofo-silent': finding(
    'critical',
    [
      'jicofo does not answer on {url}: {detail}',
      'On the JMS: systemctl restart jicofo; curl -s {url}/about/health. Its REST is opened in jicofo.conf (jicofo.rest)',
    ],
    [
      'jicofo ne répond pas sur {url} : {detail}',
      'Sur le JMS : systemctl restart jicofo ; curl -s {url}/about/health. Son REST s’ouvre dans jicofo.conf (jicofo.rest)',
    ],
  ),
  J06: property(
    [
      'Each bridge has a nickname of its own',
      'Two bridges of one nickname do not conflict in prosody: they become one occupant with two JIDs, and jicofo has one bridge.',
    ],
    [
      'Chaque pont a un surnom à lui',
      "Deux ponts de même surnom n'entrent pas en conflit dans prosody : ils deviennent un seul occupant à deux JID, et jicofo n'a qu'un pont.",
    ],
  ),
  'J06-shared': finding(
    'critical',
    [
      '{count} bridges share the nickname {nickname}: jicofo sees one',
      'A MUC_NICKNAME of its own per bridge (its short host name); systemctl restart jitsi-videobridge2',
    ],
    [
      "{count} ponts partagent le surnom {nickname} : jicofo n'en voit qu'un",
      'Un MUC_NICKNAME propre à chaque pont (son nom court) ; systemctl restart jitsi-videobridge2',
    ],
  ),
  J07: property(
    [
      'The bridge finds itself healthy',
      '/about/health of its private REST; the body gives the reason. It says nothing of XMPP.',
    ],
    [
      'Le pont se dit en bonne santé',
      '/about/health de son REST privé ; le corps donne la raison. Il ne dit rien de XMPP.',
    ],
  ),
  'J07-silent': finding(
    'critical',
    [
      'Bridge {subject} does not answer on its REST ({url}): {detail}',
      'On {subject}: systemctl status jitsi-videobridge2; curl -s {url}/about/health',
    ],
    [
      'Le pont {subject} ne répond pas sur son REST ({url}) : {detail}',
      'Sur {subject} : systemctl status jitsi-videobridge2 ; curl -s {url}/about/health',
    ],
  ),
  'J07-unhealthy': finding(
    'critical',
    [
      'Bridge {subject} is not healthy ({status}): {reason}',
      'Behind NAT: ice4j.harvest.mapping.static-mappings in jvb.conf; port {port} taken: ss -lunp | grep {port}',
    ],
    [
      "Le pont {subject} n'est pas en bonne santé ({status}) : {reason}",
      'Derrière un NAT : ice4j.harvest.mapping.static-mappings dans jvb.conf ; port {port} pris : ss -lunp | grep {port}',
    ],
  ),
  J08: property(
    [
      'The bridge is connected to prosody, by its own account',
      'muc_clients_connected and mucs_joined against what is configured, in /colibri/stats.',
    ],
    [
      'Le pont est connecté à prosody, selon lui-même',
      'muc_clients_connected et mucs_joined comparés à ce qui est configuré, dans /colibri/stats.',
    ],
  ),
  'J08-disconnected': finding(
    'critical',
    [
      'Bridge {subject} is not connected to prosody ({connected} of {configured})',
      'On {subject}: nc -vz {jms} {xmpp}; HOSTNAME and PASSWORD of the shard; journalctl -u jitsi-videobridge2 -n 100',
    ],
    [
      "Le pont {subject} n'est pas connecté à prosody ({connected} sur {configured})",
      'Sur {subject} : nc -vz {jms} {xmpp} ; HOSTNAME et PASSWORD du shard ; journalctl -u jitsi-videobridge2 -n 100',
    ],
  ),
  'J08-not-joined': finding(
    'critical',
    [
      'Bridge {subject} is connected and in no brewery ({joined} of {rooms})',
      'On {subject}: MUC_JIDS must be the brewery-jid of jicofo; bbb2pod cluster check --root jms=/etc --root {subject}=/etc',
    ],
    [
      'Le pont {subject} est connecté mais dans aucune brasserie ({joined} sur {rooms})',
      'Sur {subject} : MUC_JIDS doit être le brewery-jid de jicofo ; bbb2pod cluster check --root jms=/etc --root {subject}=/etc',
    ],
  ),
  'J08-off': finding(
    'warning',
    [
      'Bridge {subject} gives no statistics ({detail})',
      'In jvb.conf: videobridge.apis.rest.enabled = true; systemctl restart jitsi-videobridge2',
    ],
    [
      'Le pont {subject} ne donne pas de statistiques ({detail})',
      'Dans jvb.conf : videobridge.apis.rest.enabled = true ; systemctl restart jitsi-videobridge2',
    ],
  ),
  J09: property(
    [
      'The media port is not closed',
      'One datagram to UDP 10000 from a connected socket. A refusal (ICMP) proves it closed. A bridge never answers strangers, so silence is “open or filtered”, which nothing from outside can tell: only a meeting of three does.',
    ],
    [
      "Le port des médias n'est pas fermé",
      "Un datagramme vers UDP 10000. Un refus (ICMP) prouve qu'il est fermé. Un pont ne répond jamais à un inconnu : le silence signifie « ouvert ou filtré », que rien d'extérieur ne départage ; seule une réunion à trois le prouve.",
    ],
  ),
  'J09-closed': finding(
    'critical',
    [
      'UDP {port} of {host} is closed: no sound, no picture through {subject}',
      'On {subject}: ss -lunp | grep {port}; systemctl status jitsi-videobridge2',
    ],
    [
      'UDP {port} de {host} est fermé : ni son ni image par {subject}',
      'Sur {subject} : ss -lunp | grep {port} ; systemctl status jitsi-videobridge2',
    ],
  ),
  'J09-silent': finding(
    'info',
    [
      'UDP {port} of {subject}: open or filtered (undecidable from outside)',
      'Try a meeting of 3 participants (two are peer to peer)',
    ],
    [
      'UDP {port} de {subject} : ouvert ou filtré (indécidable de l’extérieur)',
      'Essayez une réunion à 3 participants (à deux, c’est du pair à pair)',
    ],
  ),
  J10: property(
    [
      'Clients reach the bridge',
      'total_ice_failed against all ICE sessions: more than 5 % is a warning, more than 20 % critical.',
    ],
    [
      'Les clients atteignent le pont',
      'total_ice_failed rapporté à toutes les sessions ICE : plus de 5 % est un avertissement, plus de 20 % critique.',
    ],
  ),
  'J10-failing': finding(
    'warning',
    [
      '{percent} % of the connections to {subject} fail ({failed} of {total})',
      'Open {port}/udp from the Internet to {subject}; behind NAT check the announced address (static-mappings)',
    ],
    [
      '{percent} % des connexions à {subject} échouent ({failed} sur {total})',
      "Ouvrez {port}/udp d'Internet vers {subject} ; derrière un NAT vérifiez l'adresse annoncée (static-mappings)",
    ],
  ),
  J11: property(
    [
      'The bridge is not overloaded',
      'stress_level against jicofo’s threshold (0.8): from 1 on the bridge is refused new meetings.',
    ],
    [
      "Le pont n'est pas surchargé",
      'stress_level comparé au seuil de jicofo (0,8) : à partir de 1 le pont ne reçoit plus de réunions.',
    ],
  ),
  'J11-stressed': finding(
    'warning',
    ['Bridge {subject} is stressed: {stress}', 'bbb2pod cluster plan --participants N; add a bridge'],
    ['Le pont {subject} est chargé : {stress}', 'bbb2pod cluster plan --participants N ; ajoutez un pont'],
  ),
  'J11-overloaded': finding(
    'critical',
    [
      'Bridge {subject} is overloaded: {stress}',
      'Add a bridge now (bbb2pod cluster plan --participants N, cluster render)',
    ],
    [
      'Le pont {subject} est surchargé : {stress}',
      'Ajoutez un pont sans attendre (bbb2pod cluster plan --participants N, cluster render)',
    ],
  ),
  J12: property(
    ['The bridges run one version', 'Versions told by jicofo and in the brewery.'],
    ['Les ponts ont une seule version', 'Versions données par jicofo et dans la brasserie.'],
  ),
  'J12-differ': finding(
    'warning',
    [
      'The bridges run {count} versions: {versions}',
      'One by one: bbb2pod cluster drain JVB --apply; apt upgrade jitsi-videobridge2; bbb2pod cluster ready JVB --apply',
    ],
    [
      'Les ponts ont {count} versions : {versions}',
      'Un par un : bbb2pod cluster drain JVB --apply ; apt upgrade jitsi-videobridge2 ; bbb2pod cluster ready JVB --apply',
    ],
  ),
  J13: property(
    [
      'One bridge less still carries the meetings (N+1)',
      'Operational bridges less one, times the participants each carries (80 by jicofo’s defaults), against the expected peak.',
    ],
    [
      'Un pont de moins suffit encore (N+1)',
      'Ponts opérationnels moins un, multipliés par les participants que chacun porte (80 par défaut dans jicofo), comparés au pic attendu.',
    ],
  ),
  'J13-no-spare': finding(
    'warning',
    [
      '{operational} operational {operational:bridge|bridges}: with one less {left} participants fit, {expected} expected',
      'bbb2pod cluster plan --participants {expected}',
    ],
    [
      '{operational} {operational:pont opérationnel|ponts opérationnels} : avec un de moins, {left} participants tiennent, {expected} attendus',
      'bbb2pod cluster plan --participants {expected}',
    ],
  ),
  J14: property(
    ['jicofo loses no bridge', 'lost_bridges of jicofo between two runs (state file).'],
    ['jicofo ne perd aucun pont', "lost_bridges de jicofo entre deux exécutions (fichier d'état)."],
  ),
  'J14-lost': finding(
    'warning',
    [
      'jicofo lost {lost} {lost:bridge|bridges} since the last run',
      'bbb2pod cluster check --file /var/log/jitsi/jicofo.log tells which, and when',
    ],
    [
      'jicofo a perdu {lost} {lost:pont|ponts} depuis la dernière exécution',
      'bbb2pod cluster check --file /var/log/jitsi/jicofo.log dit lesquels, et quand',
    ],
  ),
  J15: property(
    ['No bridge was left aside', 'drain, graceful_shutdown and shutting_down of each bridge.'],
    ["Aucun pont n'est resté à l'écart", 'drain, graceful_shutdown et shutting_down de chaque pont.'],
  ),
  'J15-draining': finding(
    'warning',
    [
      'Bridge {subject} is being drained: it takes no new meeting',
      'bbb2pod cluster ready {subject}, or name it in `maintenance` of cluster.toml',
    ],
    [
      'Le pont {subject} est en retrait : il ne prend plus de réunion',
      'bbb2pod cluster ready {subject}, ou nommez-le dans « maintenance » de cluster.toml',
    ],
  ),
  'J15-stopping': finding(
    'warning',
    [
      'Bridge {subject} is stopping gracefully',
      'systemctl restart jitsi-videobridge2 on {subject} when it is empty',
    ],
    [
      "Le pont {subject} s'arrête en douceur",
      'systemctl restart jitsi-videobridge2 sur {subject} une fois vide',
    ],
  ),
  J19: property(
    [
      'The kernel of the bridge has room for its packets',
      'net.core.rmem_max and netdev_max_backlog, as the package’s 20-jvb-udp-buffers.conf sets them. Read when the check runs on that bridge.',
    ],
    [
      'Le noyau du pont a de la place pour ses paquets',
      'net.core.rmem_max et netdev_max_backlog, tels que les règle 20-jvb-udp-buffers.conf du paquet. Lus quand la commande tourne sur ce pont.',
    ],
  ),
  'J19-low': finding(
    'warning',
    [
      'UDP buffers of {subject} are small: packets are lost under load',
      'sysctl -w {keys}; and in /etc/sysctl.d/20-jvb-udp-buffers.conf',
    ],
    [
      'Les tampons UDP de {subject} sont petits : des paquets se perdent en charge',
      'sysctl -w {keys} ; et dans /etc/sysctl.d/20-jvb-udp-buffers.conf',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof jitsiBridgeTexts>, true> {}
}
