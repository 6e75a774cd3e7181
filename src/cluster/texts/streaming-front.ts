import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** S01 to S04 and S18: balancers, certificates, what is exposed. */
export const streamingFrontTexts = defineTexts({
  S01: property(
    [
      'The balancer serves the playlist over HTTPS',
      'The master playlist is asked through each balancer by its own address, under the public name (Host and SNI), over HTTP and HTTPS; redirects are not followed. A balancer that answers on its port and has no node left says 503: that is critical, and the nodes are the cause.',
    ],
    [
      'Le répartiteur sert la liste de lecture en HTTPS',
      "La liste maîtresse est demandée à chaque répartiteur, à sa propre adresse et sous le nom public (Host et SNI), en HTTP et en HTTPS, sans suivre les redirections. Un répartiteur joignable mais sans nœud répond 503 : c'est critique, et la cause est du côté des nœuds.",
    ],
  ),
  'S01-silent': finding(
    'critical',
    [
      'Balancer {subject} does not answer in {scheme}: {detail}',
      'On {subject}: systemctl status haproxy; haproxy -c -f /etc/haproxy/haproxy.cfg; ss -ltnp',
    ],
    [
      'Le répartiteur {subject} ne répond pas en {scheme} : {detail}',
      'Sur {subject} : systemctl status haproxy ; haproxy -c -f /etc/haproxy/haproxy.cfg ; ss -ltnp',
    ],
  ),
  'S01-error': finding(
    'critical',
    [
      'Balancer {subject} answers {status} to viewers ({scheme})',
      'On {subject}: echo "show stat" | socat stdio {socket}; journalctl -u haproxy -n 50',
    ],
    [
      'Le répartiteur {subject} répond {status} aux spectateurs ({scheme})',
      'Sur {subject} : echo "show stat" | socat stdio {socket} ; journalctl -u haproxy -n 50',
    ],
  ),
  'S01-cleartext': finding(
    'warning',
    [
      'Balancer {subject} serves plain HTTP only: Pod pages in HTTPS refuse its playlists',
      'Set streaming.certificate in cluster.toml, then: bbb2pod cluster render',
    ],
    [
      'Le répartiteur {subject} ne sert que du HTTP : les pages HTTPS de Pod refusent ses listes',
      'Renseignez streaming.certificate dans cluster.toml, puis : bbb2pod cluster render',
    ],
  ),
  'S01-no-redirect': finding(
    'warning',
    [
      'Balancer {subject} does not lead HTTP to HTTPS',
      'In haproxy.cfg: redirect scheme https code 301 if !{ ssl_fc }; then systemctl reload haproxy',
    ],
    [
      'Le répartiteur {subject} ne renvoie pas HTTP vers HTTPS',
      'Dans haproxy.cfg : redirect scheme https code 301 if !{ ssl_fc } ; puis systemctl reload haproxy',
    ],
  ),
  'S01-http1': finding(
    'info',
    ['Balancer {subject} offers no HTTP/2', 'In haproxy.cfg, on the bind line: alpn h2,http/1.1'],
    ["Le répartiteur {subject} n'offre pas HTTP/2", 'Dans haproxy.cfg, sur la ligne bind : alpn h2,http/1.1'],
  ),
  S02: property(
    [
      'The certificate is right',
      'The certificate that each balancer presents for the public name: covered names, chain up to a known authority (or ca_file), days left. The names of the broadcast nodes should be in it too when players reach them directly.',
    ],
    [
      'Le certificat est bon',
      'Le certificat présenté par chaque répartiteur pour le nom public : noms couverts, chaîne vers une autorité connue (ou ca_file), jours restants. Les noms des nœuds de diffusion doivent y être aussi si les lecteurs les joignent directement.',
    ],
  ),
  'S02-expired': finding(
    'critical',
    [
      'The certificate of {subject} expired {days} days ago',
      'On {subject}: certbot renew --force-renewal && systemctl reload haproxy',
    ],
    [
      'Le certificat de {subject} a expiré il y a {days} jours',
      'Sur {subject} : certbot renew --force-renewal && systemctl reload haproxy',
    ],
  ),
  'S02-expires': finding(
    'warning',
    [
      'The certificate of {subject} expires in {days} days',
      'On {subject}: certbot renew; systemctl list-timers certbot',
    ],
    [
      'Le certificat de {subject} expire dans {days} jours',
      'Sur {subject} : certbot renew ; systemctl list-timers certbot',
    ],
  ),
  'S02-name': finding(
    'critical',
    [
      'The certificate of {subject} is not for {name} (it has: {names})',
      'certbot certonly -d {name} …; then put it in the crt of the bind line and systemctl reload haproxy',
    ],
    [
      "Le certificat de {subject} n'est pas celui de {name} (il couvre : {names})",
      'certbot certonly -d {name} … ; puis mettez-le au crt de la ligne bind et systemctl reload haproxy',
    ],
  ),
  'S02-untrusted': finding(
    'critical',
    [
      'Browsers refuse the certificate of {subject}: {reason}',
      'Serve the full chain (fullchain.pem and the key in one PEM), or name your authority in streaming.ca_file',
    ],
    [
      'Les navigateurs refusent le certificat de {subject} : {reason}',
      'Servez la chaîne complète (fullchain.pem et la clé dans un seul PEM), ou indiquez votre autorité dans streaming.ca_file',
    ],
  ),
  'S02-node-names': finding(
    'warning',
    [
      'The certificate of {subject} does not cover the nodes: {names}',
      'certbot certonly --expand with -d for each of them, then systemctl reload haproxy',
    ],
    [
      'Le certificat de {subject} ne couvre pas les nœuds : {names}',
      'certbot certonly --expand avec un -d pour chacun, puis systemctl reload haproxy',
    ],
  ),
  S03: property(
    [
      'The loss of one balancer is survived',
      'Two balancers are in the inventory, and the public name resolves to both of them or to a virtual address (keepalived) that moves between them.',
    ],
    [
      "La perte d'un répartiteur est supportée",
      "Deux répartiteurs sont à l'inventaire, et le nom public mène aux deux, ou à une adresse virtuelle (keepalived) qui passe de l'un à l'autre.",
    ],
  ),
  'S03-single': finding(
    'warning',
    [
      'There is one balancer: if {subject} stops, everything stops',
      'Add a second one to cluster.toml with streaming.virtual_address, then: bbb2pod cluster render',
    ],
    [
      "Il n'y a qu'un répartiteur : si {subject} s'arrête, tout s'arrête",
      'Ajoutez-en un second à cluster.toml avec streaming.virtual_address, puis : bbb2pod cluster render',
    ],
  ),
  'S03-unresolved': finding(
    'warning',
    ['The public name {name} does not resolve from here: {detail}', 'dig {name}; correct the DNS zone'],
    ["Le nom public {name} n'est pas résolu d'ici : {detail}", 'dig {name} ; corrigez la zone DNS'],
  ),
  'S03-one-address': finding(
    'warning',
    [
      '{name} leads to one balancer only ({addresses})',
      'Add the other balancer to the DNS, or set streaming.virtual_address (keepalived)',
    ],
    [
      '{name} ne mène qu’à un répartiteur ({addresses})',
      "Ajoutez l'autre répartiteur au DNS, ou renseignez streaming.virtual_address (keepalived)",
    ],
  ),
  'S03-foreign': finding(
    'warning',
    [
      '{name} leads to addresses that are no balancer of the inventory ({addresses})',
      'Correct the DNS zone, or the addresses in cluster.toml',
    ],
    [
      "{name} mène à des adresses qui ne sont pas des répartiteurs de l'inventaire ({addresses})",
      'Corrigez la zone DNS, ou les adresses de cluster.toml',
    ],
  ),
  S04: property(
    [
      'A viewer keeps the same node',
      'Requests without a cookie get one; requests with it must all be answered by the same node (header X-Node). Playlists of two nodes are never exactly at the same place: a viewer thrown from one to the other stalls.',
    ],
    [
      'Un spectateur garde le même nœud',
      "Une requête sans cookie en reçoit un ; avec lui, toutes doivent être servies par le même nœud (en-tête X-Node). Les listes de deux nœuds ne sont jamais exactement au même point : un spectateur ballotté de l'un à l'autre voit l'image s'arrêter.",
    ],
  ),
  'S04-no-cookie': finding(
    'warning',
    [
      'Balancer {subject} sets no cookie: viewers change node at each request',
      'In the backend: cookie SERVERUSED insert indirect nocache, and cookie NAME on each server line',
    ],
    [
      'Le répartiteur {subject} ne pose pas de cookie : les spectateurs changent de nœud à chaque requête',
      'Dans le backend : cookie SERVERUSED insert indirect nocache, et cookie NOM sur chaque ligne server',
    ],
  ),
  'S04-switching': finding(
    'critical',
    [
      'Balancer {subject} sends one cookie to several nodes: {nodes}',
      'Give each server line a cookie of its own: bbb2pod cluster check --file /etc/haproxy/haproxy.cfg',
    ],
    [
      'Le répartiteur {subject} envoie un même cookie à plusieurs nœuds : {nodes}',
      'Donnez à chaque ligne server un cookie différent : bbb2pod cluster check --file /etc/haproxy/haproxy.cfg',
    ],
  ),
  S18: property(
    [
      'Nothing private is open to everybody',
      'nginx-rtmp statistics and control, and the statistics page of HAProxy, asked without credentials through the public front; the page is also tried with admin:admin, which the streaming-cluster repository ships.',
    ],
    [
      "Rien de privé n'est ouvert à tous",
      'Statistiques et contrôle de nginx-rtmp, page de statistiques de HAProxy, demandés sans mot de passe par la façade publique ; la page est aussi essayée avec admin:admin, livré par le dépôt streaming-cluster.',
    ],
  ),
  'S18-rtmp-stat': finding(
    'warning',
    [
      'The statistics of nginx-rtmp are public ({path})',
      'In nginx.conf, location {path}: allow 127.0.0.1; allow SUPERVISION; deny all;',
    ],
    [
      'Les statistiques de nginx-rtmp sont publiques ({path})',
      'Dans nginx.conf, location {path} : allow 127.0.0.1; allow SUPERVISION; deny all;',
    ],
  ),
  'S18-control': finding(
    'critical',
    [
      'The control interface of nginx-rtmp is public ({path}): anybody may cut the stream',
      'In nginx.conf, location {path}: allow 127.0.0.1; deny all;',
    ],
    [
      "L'interface de contrôle de nginx-rtmp est publique ({path}) : n'importe qui peut couper le flux",
      'Dans nginx.conf, location {path} : allow 127.0.0.1; deny all;',
    ],
  ),
  'S18-api': finding(
    'critical',
    [
      'Everybody may use the API of the streaming server through {subject} ({path})',
      'In haproxy.cfg: http-request deny if { path_beg /v3/ /api/v1/ }; MediaMTX: apiAddress 127.0.0.1:9997, SRS: http_api listen 127.0.0.1:1985',
    ],
    [
      "Tout le monde peut utiliser l'API du serveur de diffusion par {subject} ({path})",
      'Dans haproxy.cfg : http-request deny if { path_beg /v3/ /api/v1/ } ; MediaMTX : apiAddress 127.0.0.1:9997, SRS : http_api listen 127.0.0.1:1985',
    ],
  ),
  'S18-statistics': finding(
    'warning',
    [
      'The statistics page of HAProxy asks for no password ({path})',
      'In haproxy.cfg, beside stats enable: stats auth USER:PASSWORD, on a port of its own',
    ],
    [
      'La page de statistiques de HAProxy ne demande pas de mot de passe ({path})',
      'Dans haproxy.cfg, près de stats enable : stats auth UTILISATEUR:MOTDEPASSE, sur un port à part',
    ],
  ),
  'S18-default-password': finding(
    'critical',
    [
      'The statistics page of HAProxy opens with admin:admin ({path})',
      'In haproxy.cfg: stats auth USER:PASSWORD with another password; systemctl reload haproxy',
    ],
    [
      "La page de statistiques de HAProxy s'ouvre avec admin:admin ({path})",
      'Dans haproxy.cfg : stats auth UTILISATEUR:MOTDEPASSE avec un autre mot de passe ; systemctl reload haproxy',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingFrontTexts>, true> {}
}
