import type { CodesOf } from './code.js';
import { refusal, say } from './define.js';
import { defineTexts } from './define-texts.js';

/** What may go wrong between us and a web server. URLs come redacted: no checksum, no token. */
export const httpTexts = defineTexts({
  'http-host-unknown': say(
    'error',
    'No such host: {host}.',
    'Hôte inconnu : {host}.',
    'Check the URL and the name service: getent hosts {host}',
    "Vérifiez l'URL et la résolution des noms : getent hosts {host}",
  ),
  'http-unreachable': say(
    'error',
    'Cannot reach {url}: {detail}',
    'Impossible de joindre {url} : {detail}',
    'Check the URL, the firewall and HTTPS_PROXY/NO_PROXY: curl -v {url}',
    "Vérifiez l'URL, le pare-feu et HTTPS_PROXY/NO_PROXY : curl -v {url}",
  ),
  'http-proxy-refused': say(
    'error',
    'The proxy refuses the way to {host}: {detail}',
    'Le proxy refuse le passage vers {host} : {detail}',
    'Correct HTTPS_PROXY, or add {host} to NO_PROXY.',
    'Corrigez HTTPS_PROXY, ou ajoutez {host} à NO_PROXY.',
  ),
  'http-certificate': say(
    'error',
    'The certificate of {host} is not trusted: {detail}',
    "Le certificat de {host} n'est pas reconnu : {detail}",
    'Give the authority of that server: ca_file = "/etc/ssl/certs/your-authority.pem"',
    'Indiquez l\'autorité de ce serveur : ca_file = "/etc/ssl/certs/votre-autorite.pem"',
  ),
  'http-ca-unreadable': refusal(
    'Cannot read ca_file {file}: {detail}',
    'Lecture impossible de ca_file {file} : {detail}',
    'ls -l {file}',
  ),
  'http-timeout': say(
    'error',
    '{url} did not answer within {seconds} s.',
    "{url} n'a pas répondu en {seconds} s.",
    'Raise the timeout of that section, or try again when the server is less busy.',
    'Augmentez le timeout de cette section, ou réessayez quand le serveur est moins chargé.',
  ),
  'http-cut': say(
    'error',
    '{url} broke the connection off: {detail}',
    '{url} a coupé la connexion : {detail}',
    'Type the same command again: it goes on with what is left.',
    'Tapez à nouveau la même commande : elle reprend ce qui reste.',
  ),
  'http-status': say(
    'error',
    '{url} answered {status}.',
    '{url} a répondu {status}.',
    'Look at it: curl -I {url}',
    'Regardez : curl -I {url}',
  ),
  'http-refused': say(
    'error',
    '{url} refuses us ({status}).',
    '{url} nous refuse ({status}).',
    'Check the secret, token or account of that section: bbb2pod doctor',
    'Vérifiez le secret, le jeton ou le compte de cette section : bbb2pod doctor',
  ),
  'http-redirects': say(
    'error',
    '{url} redirects without end or out of the web.',
    '{url} redirige sans fin ou hors du web.',
    'Look at it: curl -IL {url}',
    'Regardez : curl -IL {url}',
  ),
  'http-address-refused': say(
    'error',
    '{url} leads to {address}, an address of the inside that the configuration does not name.',
    '{url} mène à {address}, une adresse interne que la configuration ne nomme pas.',
    'If that server is yours, allow it at the head of bbb2pod.toml: allow_hosts = ["{host}"] ; where Pod calls export.js, in its .env: BBB2POD_ALLOW_HOSTS="{host}"',
    'Si ce serveur est le vôtre, autorisez-le en tête de bbb2pod.toml : allow_hosts = ["{host}"] ; là où Pod appelle export.js, dans son .env : BBB2POD_ALLOW_HOSTS="{host}"',
  ),
  'http-elsewhere': say(
    'error',
    '{url} redirects to {target}, which is not the server of that recording.',
    "{url} redirige vers {target}, qui n'est pas le serveur de cet enregistrement.",
    'If that server is yours, allow it at the head of bbb2pod.toml: allow_hosts = ["{host}"]',
    'Si ce serveur est le vôtre, autorisez-le en tête de bbb2pod.toml : allow_hosts = ["{host}"]',
  ),
  'http-too-large': say(
    'error',
    '{url} answers more than {limit} bytes.',
    '{url} répond plus de {limit} octets.',
    'Check that the URL is the right one.',
    "Vérifiez que l'URL est la bonne.",
  ),
  'http-too-slow': say(
    'error',
    '{url} comes too slowly: {rate}.',
    '{url} arrive trop lentement : {rate}.',
    'Try again when the server is less busy, or lower [recorder] least_rate, raise file_deadline',
    'Réessayez quand le serveur est moins chargé, ou baissez [recorder] least_rate, augmentez file_deadline',
  ),
  'http-unreadable': say(
    'error',
    '{url} answers something unreadable: {detail}',
    "{url} répond quelque chose d'illisible : {detail}",
    'Look at it: curl -v {url}',
    'Regardez : curl -v {url}',
  ),
  'download-incomplete': say(
    'error',
    '{url}: {received} bytes came of {expected}.',
    '{url} : {received} octets reçus sur {expected}.',
    'Type the same command again: the download resumes where it stopped.',
    "Tapez à nouveau la même commande : le téléchargement reprend où il s'est arrêté.",
  ),
  'download-empty': say(
    'error',
    '{url} is empty.',
    '{url} est vide.',
    'Look at the recording on the server: its file has no content.',
    "Regardez l'enregistrement sur le serveur : son fichier est sans contenu.",
  ),
  'download-not-media': say(
    'error',
    '{url} answers a page ({type}), no video.',
    '{url} répond une page ({type}), pas une vidéo.',
    'The link has expired or needs a login: open it in a browser.',
    'Le lien a expiré ou demande une connexion : ouvrez-le dans un navigateur.',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof httpTexts>, true> {}
}
