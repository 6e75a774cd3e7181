import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** J01 to J04 and J18: the Jitsi Meet server. */
export const jitsiServerTexts = defineTexts({
  J01: property(
    'The web front of Jitsi Meet works',
    'La façade web de Jitsi Meet fonctionne',
    'HTTPS, the certificate (name, chain, days left), /config.js and its domain, BOSH through the front, and an upgrade of /xmpp-websocket (101), which must succeed when config.js names it.',
    'HTTPS, le certificat (nom, chaîne, jours restants), /config.js et son domaine, BOSH à travers la façade, et une bascule de /xmpp-websocket (101), qui doit réussir si config.js le nomme.',
  ),
  'J01-silent': say(
    'critical',
    '{name} does not answer in HTTPS: {detail}',
    '{name} ne répond pas en HTTPS : {detail}',
    'On the JMS: systemctl status nginx apache2; ss -ltnp | grep 443',
    'Sur le JMS : systemctl status nginx apache2 ; ss -ltnp | grep 443',
  ),
  'J01-error': say(
    'critical',
    '{name} answers {status}',
    '{name} répond {status}',
    'On the JMS: tail /var/log/nginx/error.log; nginx -t',
    'Sur le JMS : tail /var/log/nginx/error.log ; nginx -t',
  ),
  'J01-config': say(
    'critical',
    '{name}/config.js answers {status}: no meeting opens',
    "{name}/config.js répond {status} : aucune réunion ne s'ouvre",
    'On the JMS: ls -l /etc/jitsi/meet/; dpkg-reconfigure jitsi-meet-web-config',
    'Sur le JMS : ls -l /etc/jitsi/meet/ ; dpkg-reconfigure jitsi-meet-web-config',
  ),
  'J01-domain': say(
    'critical',
    'config.js names the domain {domain}, the server is {name}',
    'config.js nomme le domaine {domain}, le serveur est {name}',
    'Correct hosts.domain in /etc/jitsi/meet/{name}-config.js',
    'Corrigez hosts.domain dans /etc/jitsi/meet/{name}-config.js',
  ),
  'J01-bosh': say(
    'critical',
    'The front does not reach prosody: /http-bind answers {status}',
    "La façade n'atteint pas prosody : /http-bind répond {status}",
    'On the JMS: systemctl status prosody; curl -s localhost:5280/http-bind',
    'Sur le JMS : systemctl status prosody ; curl -s localhost:5280/http-bind',
  ),
  'J01-websocket': say(
    'critical',
    'config.js sends clients to /xmpp-websocket, which does not upgrade: {status}',
    'config.js envoie les clients vers /xmpp-websocket, qui ne bascule pas : {status}',
    'On the JMS: proxy_set_header Upgrade $http_upgrade and Connection "upgrade" in location /xmpp-websocket (Apache: a2enmod proxy_wstunnel); mod_websocket in prosody; or remove websocket from config.js',
    'Sur le JMS : proxy_set_header Upgrade $http_upgrade et Connection "upgrade" dans location /xmpp-websocket (Apache : a2enmod proxy_wstunnel) ; mod_websocket dans prosody ; ou retirez websocket de config.js',
  ),
  'J01-expired': say(
    'critical',
    'The certificate of {name} expired {days} days ago',
    'Le certificat de {name} a expiré il y a {days} jours',
    'On the JMS: certbot renew --force-renewal; or /usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh',
    'Sur le JMS : certbot renew --force-renewal ; ou /usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh',
  ),
  'J01-expires': say(
    'warning',
    'The certificate of {name} expires in {days} days',
    'Le certificat de {name} expire dans {days} jours',
    'On the JMS: certbot renew; systemctl list-timers certbot',
    'Sur le JMS : certbot renew ; systemctl list-timers certbot',
  ),
  'J01-name': say(
    'critical',
    'The certificate is not for {name} (it has: {names})',
    "Le certificat n'est pas celui de {name} (il couvre : {names})",
    '/usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh',
  ),
  'J01-untrusted': say(
    'critical',
    'Browsers refuse the certificate of {name}: {reason}',
    'Les navigateurs refusent le certificat de {name} : {reason}',
    '/usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh, or name your authority in jitsi.ca_file',
    '/usr/share/jitsi-meet/scripts/install-letsencrypt-cert.sh, ou indiquez votre autorité dans jitsi.ca_file',
  ),
  J02: property(
    'The names lead to the right machines',
    'Les noms mènent aux bonnes machines',
    'The JMS and each bridge resolve, to the expected address; no two bridges stand on one address and port.',
    "Le JMS et chaque pont sont résolus, à l'adresse attendue ; jamais deux ponts à une même adresse et un même port.",
  ),
  'J02-unresolved': say(
    'critical',
    '{name} does not resolve: {detail}',
    "{name} n'est pas résolu : {detail}",
    'dig {name}; correct the DNS zone, or the address in cluster.toml',
    "dig {name} ; corrigez la zone DNS, ou l'adresse dans cluster.toml",
  ),
  'J02-other': say(
    'critical',
    '{name} leads to {found}, not to {wanted}',
    '{name} mène à {found}, pas à {wanted}',
    'dig {name}; correct the DNS zone, or the address in cluster.toml',
    "dig {name} ; corrigez la zone DNS, ou l'adresse dans cluster.toml",
  ),
  'J02-shared': say(
    'critical',
    '{subject} and {other} have one address: {place}',
    '{subject} et {other} ont la même adresse : {place}',
    'Correct the DNS zone, or the addresses in cluster.toml',
    'Corrigez la zone DNS, ou les adresses dans cluster.toml',
  ),
  J03: property(
    'prosody can be reached by the bridges',
    'prosody est joignable par les ponts',
    'TCP to 5222, the XMPP stream, STARTTLS. Run it on a bridge to test its own firewall.',
    'TCP vers 5222, le flux XMPP, STARTTLS. Lancez-la sur un pont pour tester son pare-feu.',
  ),
  'J03-silent': say(
    'critical',
    'prosody does not answer on {host} port {port}: {detail}',
    'prosody ne répond pas sur {host} port {port} : {detail}',
    'On the JMS: systemctl status prosody; ss -ltnp | grep {port}; then open {port}/tcp from the bridges to the JMS (ufw allow from BRIDGE to any port {port})',
    'Sur le JMS : systemctl status prosody ; ss -ltnp | grep {port} ; puis ouvrez {port}/tcp des ponts vers le JMS (ufw allow from PONT to any port {port})',
  ),
  'J03-no-tls': say(
    'critical',
    'prosody offers no STARTTLS for {domain}: bridges refuse to log in',
    "prosody n'offre pas STARTTLS pour {domain} : les ponts refusent de se connecter",
    'On the JMS: ls -l /etc/prosody/certs/{domain}.*; prosodyctl cert generate {domain}; systemctl restart prosody',
    'Sur le JMS : ls -l /etc/prosody/certs/{domain}.* ; prosodyctl cert generate {domain} ; systemctl restart prosody',
  ),
  J04: property(
    'prosody takes the bridges’ account',
    'prosody accepte le compte des ponts',
    'A login with the bridges’ own name and password: STARTTLS, then SASL. Nothing is sent beyond it but an entry without statistics into the brewery, which jicofo does not take for a bridge.',
    "Une connexion avec le nom et le mot de passe des ponts : STARTTLS, puis SASL. Rien d'autre n'est envoyé qu'une entrée sans statistiques dans la brasserie, que jicofo ne prend pas pour un pont.",
  ),
  'J04-refused': say(
    'critical',
    'prosody refuses {username}@{domain} ({refusal})',
    'prosody refuse {username}@{domain} ({refusal})',
    'On the JMS: prosodyctl register {username} {domain} JVB_SECRET; then systemctl restart jitsi-videobridge2 on each bridge',
    'Sur le JMS : prosodyctl register {username} {domain} JVB_SECRET ; puis systemctl restart jitsi-videobridge2 sur chaque pont',
  ),
  'J04-domain': say(
    'critical',
    'prosody does not know the domain {domain} ({refusal})',
    'prosody ne connaît pas le domaine {domain} ({refusal})',
    'On the JMS: grep VirtualHost /etc/prosody/conf.d/*.lua; the name must be auth.<name of the JMS>',
    'Sur le JMS : grep VirtualHost /etc/prosody/conf.d/*.lua ; le nom doit être auth.<nom du JMS>',
  ),
  J18: property(
    'No unknown bridge takes meetings',
    'Aucun pont inconnu ne prend de réunions',
    'Occupants of the brewery with statistics whose nickname is in no inventory: the bridge left on the JMS, most often.',
    "Occupants de la brasserie avec statistiques dont le surnom n'est dans aucun inventaire : le plus souvent le pont resté sur le JMS.",
  ),
  'J18-stranger': say(
    'warning',
    'A bridge that is not in the inventory takes meetings: {nickname} (known: {known})',
    "Un pont absent de l'inventaire prend des réunions : {nickname} (connus : {known})",
    'The JMS’s own? systemctl disable --now jitsi-videobridge2 there; else add it to cluster.toml',
    'Celui du JMS ? systemctl disable --now jitsi-videobridge2 là-bas ; sinon ajoutez-le à cluster.toml',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof jitsiServerTexts>, true> {}
}
