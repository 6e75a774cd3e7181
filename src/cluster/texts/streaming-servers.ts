import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** S05 to S07: the servers behind the balancers, as HAProxy sees them. */
export const streamingServersTexts = defineTexts({
  S05: property(
    'All servers of the balancer are up',
    'Tous les serveurs du répartiteur sont actifs',
    'The state of each server in HAProxy: UP, DOWN, DRAIN, MAINT, no check, with the reason of the last check. A server without `check` is always green, whatever happens to it: that is a warning. Nodes in `maintenance` and pre-declared spare slots are information.',
    "L'état de chaque serveur dans HAProxy : UP, DOWN, DRAIN, MAINT, no check, avec la raison du dernier test. Un serveur sans « check » est toujours vert, quoi qu'il arrive : c'est un avertissement. Les nœuds de « maintenance » et les emplacements de réserve sont une information.",
  ),
  'S05-down': say(
    'critical',
    '{balancer} takes {server} for dead ({status}, {reason})',
    '{balancer} considère {server} comme mort ({status}, {reason})',
    'On {server}: systemctl status nginx; curl -sI http://localhost/',
    'Sur {server} : systemctl status nginx ; curl -sI http://localhost/',
  ),
  'S05-draining': say(
    'warning',
    '{server} is being drained on {balancer} ({status})',
    '{server} est en cours de retrait sur {balancer} ({status})',
    'bbb2pod cluster ready {server}',
  ),
  'S05-maintenance': say(
    'warning',
    '{server} is in maintenance on {balancer} ({status})',
    '{server} est en maintenance sur {balancer} ({status})',
    'bbb2pod cluster ready {server}, or name it in `maintenance` of cluster.toml',
    'bbb2pod cluster ready {server}, ou nommez-le dans « maintenance » de cluster.toml',
  ),
  'S05-expected': say(
    'info',
    '{server} is out on purpose on {balancer} ({status})',
    '{server} est retiré volontairement sur {balancer} ({status})',
    'bbb2pod cluster ready {server}',
  ),
  'S05-untested': say(
    'info',
    'The servers of {subject} are not seen: its statistics page wants a password',
    'Les serveurs de {subject} ne sont pas visibles : sa page de statistiques demande un mot de passe',
    'Name it in stats_password_file of cluster.toml, or run the check on the balancer (socket)',
    'Donnez-le dans stats_password_file de cluster.toml, ou lancez la vérification sur le répartiteur (socket)',
  ),
  'S05-unchecked': say(
    'warning',
    '{balancer} never checks {server} (backend {proxy}): it stays green when dead',
    '{balancer} ne teste jamais {server} (backend {proxy}) : il reste vert une fois mort',
    'In haproxy.cfg, on the line of server {server}: check; then systemctl reload haproxy',
    'Dans haproxy.cfg, sur la ligne de server {server} : check ; puis systemctl reload haproxy',
  ),
  'S05-none': say(
    'critical',
    'Balancer {subject} has no server at all',
    "Le répartiteur {subject} n'a aucun serveur",
    'bbb2pod cluster render, and compare its haproxy.cfg with yours',
    'bbb2pod cluster render, et comparez son haproxy.cfg au vôtre',
  ),
  S06: property(
    'One node less still carries the audience (N+1)',
    'Un nœud de moins suffit encore (N+1)',
    'Servers in service, less one, against the number that the expected audience needs (cluster plan).',
    "Les serveurs en service, moins un, comparés au nombre qu'exige l'audience attendue (cluster plan).",
  ),
  'S06-no-spare': say(
    'warning',
    '{active} broadcast {active:node|nodes} in service, {needed} needed: the loss of one more is not survived',
    "{active} {active:nœud|nœuds} de diffusion en service, {needed} {needed:nécessaire|nécessaires} : la perte d'un seul n'est pas supportée",
    'bbb2pod cluster ready spare1, or: bbb2pod cluster plan',
    'bbb2pod cluster ready spare1, ou : bbb2pod cluster plan',
  ),
  S07: property(
    'No viewer waits at the balancer',
    "Aucun spectateur n'attend au répartiteur",
    'Queued requests, sessions against their limits (slim), in each frontend, backend and server.',
    'Requêtes en file, sessions rapportées à leurs limites (slim), par frontend, backend et serveur.',
  ),
  'S07-queue': say(
    'warning',
    '{queued} {queued:request waits|requests wait} in the queue of {proxy}/{server}',
    '{queued} {queued:requête attend|requêtes attendent} dans la file de {proxy}/{server}',
    'Raise maxconn on the server lines (bbb2pod cluster plan gives the figure), or add a node',
    'Relevez maxconn sur les lignes server (bbb2pod cluster plan donne la valeur), ou ajoutez un nœud',
  ),
  'S07-full': say(
    'critical',
    '{proxy}/{server} is full: {sessions} sessions of {limit}',
    '{proxy}/{server} est plein : {sessions} sessions sur {limit}',
    'Raise maxconn in haproxy.cfg (bbb2pod cluster plan gives the figure); systemctl reload haproxy',
    'Relevez maxconn dans haproxy.cfg (bbb2pod cluster plan donne la valeur) ; systemctl reload haproxy',
  ),
  'S07-near': say(
    'warning',
    '{proxy}/{server} is nearly full: {sessions} sessions of {limit}',
    '{proxy}/{server} est presque plein : {sessions} sessions sur {limit}',
    'Raise maxconn in haproxy.cfg (bbb2pod cluster plan gives the figure); systemctl reload haproxy',
    'Relevez maxconn dans haproxy.cfg (bbb2pod cluster plan donne la valeur) ; systemctl reload haproxy',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingServersTexts>, true> {}
}
