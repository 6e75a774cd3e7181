import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** S01 to S04 and S18: balancers, certificates, what is exposed. */
export const streamingFrontTexts = defineTexts({
  S01: property(
    'The balancer serves the playlist over HTTPS',
    'Le répartiteur sert la liste de lecture en HTTPS',
    'The master playlist is asked through each balancer by its own address, under the public name (Host and SNI), over HTTP and HTTPS; redirects are not followed. A balancer that answers on its port and has no node left says 503: that is critical, and the nodes are the cause.',
    "La liste maîtresse est demandée à chaque répartiteur, à sa propre adresse et sous le nom public (Host et SNI), en HTTP et en HTTPS, sans suivre les redirections. Un répartiteur joignable mais sans nœud répond 503 : c'est critique, et la cause est du côté des nœuds.",
  ),
  'S01-silent': say(
    'critical',
    'Balancer {subject} does not answer in {scheme}: {detail}',
    'Le répartiteur {subject} ne répond pas en {scheme} : {detail}',
    'On {subject}: systemctl status haproxy; haproxy -c -f /etc/haproxy/haproxy.cfg; ss -ltnp',
    'Sur {subject} : systemctl status haproxy ; haproxy -c -f /etc/haproxy/haproxy.cfg ; ss -ltnp',
  ),
  'S01-error': say(
    'critical',
    'Balancer {subject} answers {status} to viewers ({scheme})',
    'Le répartiteur {subject} répond {status} aux spectateurs ({scheme})',
    'On {subject}: echo "show stat" | socat stdio {socket}; journalctl -u haproxy -n 50',
    'Sur {subject} : echo "show stat" | socat stdio {socket} ; journalctl -u haproxy -n 50',
  ),
  'S01-cleartext': say(
    'warning',
    'Balancer {subject} serves plain HTTP only: Pod pages in HTTPS refuse its playlists',
    'Le répartiteur {subject} ne sert que du HTTP : les pages HTTPS de Pod refusent ses listes',
    'Set streaming.certificate in cluster.toml, then: bbb2pod cluster render',
    'Renseignez streaming.certificate dans cluster.toml, puis : bbb2pod cluster render',
  ),
  'S01-no-redirect': say(
    'warning',
    'Balancer {subject} does not lead HTTP to HTTPS',
    'Le répartiteur {subject} ne renvoie pas HTTP vers HTTPS',
    'In haproxy.cfg: redirect scheme https code 301 if !{ ssl_fc }; then systemctl reload haproxy',
    'Dans haproxy.cfg : redirect scheme https code 301 if !{ ssl_fc } ; puis systemctl reload haproxy',
  ),
  'S01-http1': say(
    'info',
    'Balancer {subject} offers no HTTP/2',
    "Le répartiteur {subject} n'offre pas HTTP/2",
    'In haproxy.cfg, on the bind line: alpn h2,http/1.1',
    'Dans haproxy.cfg, sur la ligne bind : alpn h2,http/1.1',
  ),
  S02: property(
    'The certificate is right',
    'Le certificat est bon',
    'The certificate that each balancer presents for the public name: covered names, chain up to a known authority (or ca_file), days left. The names of the broadcast nodes should be in it too when players reach them directly.',
    'Le certificat présenté par chaque répartiteur pour le nom public : noms couverts, chaîne vers une autorité connue (ou ca_file), jours restants. Les noms des nœuds de diffusion doivent y être aussi si les lecteurs les joignent directement.',
  ),
  'S02-expired': say(
    'critical',
    'The certificate of {subject} expired {days} days ago',
    'Le certificat de {subject} a expiré il y a {days} jours',
    'On {subject}: certbot renew --force-renewal && systemctl reload haproxy',
    'Sur {subject} : certbot renew --force-renewal && systemctl reload haproxy',
  ),
  'S02-expires': say(
    'warning',
    'The certificate of {subject} expires in {days} days',
    'Le certificat de {subject} expire dans {days} jours',
    'On {subject}: certbot renew; systemctl list-timers certbot',
    'Sur {subject} : certbot renew ; systemctl list-timers certbot',
  ),
  'S02-name': say(
    'critical',
    'The certificate of {subject} is not for {name} (it has: {names})',
    "Le certificat de {subject} n'est pas celui de {name} (il couvre : {names})",
    'certbot certonly -d {name} …; then put it in the crt of the bind line and systemctl reload haproxy',
    'certbot certonly -d {name} … ; puis mettez-le au crt de la ligne bind et systemctl reload haproxy',
  ),
  'S02-untrusted': say(
    'critical',
    'Browsers refuse the certificate of {subject}: {reason}',
    'Les navigateurs refusent le certificat de {subject} : {reason}',
    'Serve the full chain (fullchain.pem and the key in one PEM), or name your authority in streaming.ca_file',
    'Servez la chaîne complète (fullchain.pem et la clé dans un seul PEM), ou indiquez votre autorité dans streaming.ca_file',
  ),
  'S02-node-names': say(
    'warning',
    'The certificate of {subject} does not cover the nodes: {names}',
    'Le certificat de {subject} ne couvre pas les nœuds : {names}',
    'certbot certonly --expand with -d for each of them, then systemctl reload haproxy',
    'certbot certonly --expand avec un -d pour chacun, puis systemctl reload haproxy',
  ),
  S03: property(
    'The loss of one balancer is survived',
    "La perte d'un répartiteur est supportée",
    'Two balancers are in the inventory, and the public name resolves to both of them or to a virtual address (keepalived) that moves between them.',
    "Deux répartiteurs sont à l'inventaire, et le nom public mène aux deux, ou à une adresse virtuelle (keepalived) qui passe de l'un à l'autre.",
  ),
  'S03-single': say(
    'warning',
    'There is one balancer: if {subject} stops, everything stops',
    "Il n'y a qu'un répartiteur : si {subject} s'arrête, tout s'arrête",
    'Add a second one to cluster.toml with streaming.virtual_address, then: bbb2pod cluster render',
    'Ajoutez-en un second à cluster.toml avec streaming.virtual_address, puis : bbb2pod cluster render',
  ),
  'S03-unresolved': say(
    'warning',
    'The public name {name} does not resolve from here: {detail}',
    "Le nom public {name} n'est pas résolu d'ici : {detail}",
    'dig {name}; correct the DNS zone',
    'dig {name} ; corrigez la zone DNS',
  ),
  'S03-one-address': say(
    'warning',
    '{name} leads to one balancer only ({addresses})',
    '{name} ne mène qu’à un répartiteur ({addresses})',
    'Add the other balancer to the DNS, or set streaming.virtual_address (keepalived)',
    "Ajoutez l'autre répartiteur au DNS, ou renseignez streaming.virtual_address (keepalived)",
  ),
  'S03-foreign': say(
    'warning',
    '{name} leads to addresses that are no balancer of the inventory ({addresses})',
    "{name} mène à des adresses qui ne sont pas des répartiteurs de l'inventaire ({addresses})",
    'Correct the DNS zone, or the addresses in cluster.toml',
    'Corrigez la zone DNS, ou les adresses de cluster.toml',
  ),
  S04: property(
    'A viewer keeps the same node',
    'Un spectateur garde le même nœud',
    'Requests without a cookie get one; requests with it must all be answered by the same node (header X-Node). Playlists of two nodes are never exactly at the same place: a viewer thrown from one to the other stalls.',
    "Une requête sans cookie en reçoit un ; avec lui, toutes doivent être servies par le même nœud (en-tête X-Node). Les listes de deux nœuds ne sont jamais exactement au même point : un spectateur ballotté de l'un à l'autre voit l'image s'arrêter.",
  ),
  'S04-no-cookie': say(
    'warning',
    'Balancer {subject} sets no cookie: viewers change node at each request',
    'Le répartiteur {subject} ne pose pas de cookie : les spectateurs changent de nœud à chaque requête',
    'In the backend: cookie SERVERUSED insert indirect nocache, and cookie NAME on each server line',
    'Dans le backend : cookie SERVERUSED insert indirect nocache, et cookie NOM sur chaque ligne server',
  ),
  'S04-switching': say(
    'critical',
    'Balancer {subject} sends one cookie to several nodes: {nodes}',
    'Le répartiteur {subject} envoie un même cookie à plusieurs nœuds : {nodes}',
    'Give each server line a cookie of its own: bbb2pod cluster check --file /etc/haproxy/haproxy.cfg',
    'Donnez à chaque ligne server un cookie différent : bbb2pod cluster check --file /etc/haproxy/haproxy.cfg',
  ),
  S18: property(
    'Nothing private is open to everybody',
    "Rien de privé n'est ouvert à tous",
    'nginx-rtmp statistics and control, and the statistics page of HAProxy, asked without credentials through the public front; the page is also tried with admin:admin, which the streaming-cluster repository ships.',
    'Statistiques et contrôle de nginx-rtmp, page de statistiques de HAProxy, demandés sans mot de passe par la façade publique ; la page est aussi essayée avec admin:admin, livré par le dépôt streaming-cluster.',
  ),
  'S18-rtmp-stat': say(
    'warning',
    'The statistics of nginx-rtmp are public ({path})',
    'Les statistiques de nginx-rtmp sont publiques ({path})',
    'In nginx.conf, location {path}: allow 127.0.0.1; allow SUPERVISION; deny all;',
    'Dans nginx.conf, location {path} : allow 127.0.0.1; allow SUPERVISION; deny all;',
  ),
  'S18-control': say(
    'critical',
    'The control interface of nginx-rtmp is public ({path}): anybody may cut the stream',
    "L'interface de contrôle de nginx-rtmp est publique ({path}) : n'importe qui peut couper le flux",
    'In nginx.conf, location {path}: allow 127.0.0.1; deny all;',
    'Dans nginx.conf, location {path} : allow 127.0.0.1; deny all;',
  ),
  'S18-api': say(
    'critical',
    'Everybody may use the API of the streaming server through {subject} ({path})',
    "Tout le monde peut utiliser l'API du serveur de diffusion par {subject} ({path})",
    'In haproxy.cfg: http-request deny if { path_beg /v3/ /api/v1/ }; MediaMTX: apiAddress 127.0.0.1:9997, SRS: http_api listen 127.0.0.1:1985',
    'Dans haproxy.cfg : http-request deny if { path_beg /v3/ /api/v1/ } ; MediaMTX : apiAddress 127.0.0.1:9997, SRS : http_api listen 127.0.0.1:1985',
  ),
  'S18-statistics': say(
    'warning',
    'The statistics page of HAProxy asks for no password ({path})',
    'La page de statistiques de HAProxy ne demande pas de mot de passe ({path})',
    'In haproxy.cfg, beside stats enable: stats auth USER:PASSWORD, on a port of its own',
    'Dans haproxy.cfg, près de stats enable : stats auth UTILISATEUR:MOTDEPASSE, sur un port à part',
  ),
  'S18-default-password': say(
    'critical',
    'The statistics page of HAProxy opens with admin:admin ({path})',
    "La page de statistiques de HAProxy s'ouvre avec admin:admin ({path})",
    'In haproxy.cfg: stats auth USER:PASSWORD with another password; systemctl reload haproxy',
    'Dans haproxy.cfg : stats auth UTILISATEUR:MOTDEPASSE avec un autre mot de passe ; systemctl reload haproxy',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingFrontTexts>, true> {}
}
