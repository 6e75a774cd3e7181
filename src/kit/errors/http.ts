import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** What may go wrong between us and a web server. URLs come redacted: no checksum, no token. */
export const httpTexts = defineTexts({
  'http-host-unknown': {
    severity: 'error',
    en: {
      text: 'No such host: {host}.',
      remedy: 'Check the URL and the name service: getent hosts {host}',
    },
    fr: {
      text: 'Hôte inconnu : {host}.',
      remedy: "Vérifiez l'URL et la résolution des noms : getent hosts {host}",
    },
  },
  'http-unreachable': {
    severity: 'error',
    en: {
      text: 'Cannot reach {url}: {detail}',
      remedy: 'Check the URL, the firewall and HTTPS_PROXY/NO_PROXY: curl -v {url}',
    },
    fr: {
      text: 'Impossible de joindre {url} : {detail}',
      remedy: "Vérifiez l'URL, le pare-feu et HTTPS_PROXY/NO_PROXY : curl -v {url}",
    },
  },
  'http-proxy-refused': {
    severity: 'error',
    en: {
      text: 'The proxy refuses the way to {host}: {detail}',
      remedy: 'Correct HTTPS_PROXY, or add {host} to NO_PROXY.',
    },
    fr: {
      text: 'Le proxy refuse le passage vers {host} : {detail}',
      remedy: 'Corrigez HTTPS_PROXY, ou ajoutez {host} à NO_PROXY.',
    },
  },
  'http-certificate': {
    severity: 'error',
    en: {
      text: 'The certificate of {host} is not trusted: {detail}',
      remedy: 'Give the authority of that server: ca_file = "/etc/ssl/certs/your-authority.pem"',
    },
    fr: {
      text: "Le certificat de {host} n'est pas reconnu : {detail}",
      remedy: 'Indiquez l\'autorité de ce serveur : ca_file = "/etc/ssl/certs/votre-autorite.pem"',
    },
  },
  'http-ca-unreadable': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'Cannot read ca_file {file}: {detail}', remedy: 'ls -l {file}' },
    fr: { text: 'Lecture impossible de ca_file {file} : {detail}', remedy: 'ls -l {file}' },
  },
  'http-timeout': {
    severity: 'error',
    en: {
      text: '{url} did not answer within {seconds} s.',
      remedy: 'Raise the timeout of that section, or try again when the server is less busy.',
    },
    fr: {
      text: "{url} n'a pas répondu en {seconds} s.",
      remedy: 'Augmentez le timeout de cette section, ou réessayez quand le serveur est moins chargé.',
    },
  },
  'http-cut': {
    severity: 'error',
    en: {
      text: '{url} broke the connection off: {detail}',
      remedy: 'Type the same command again: it goes on with what is left.',
    },
    fr: {
      text: '{url} a coupé la connexion : {detail}',
      remedy: 'Tapez à nouveau la même commande : elle reprend ce qui reste.',
    },
  },
  'http-status': {
    severity: 'error',
    en: { text: '{url} answered {status}.', remedy: 'Look at it: curl -I {url}' },
    fr: { text: '{url} a répondu {status}.', remedy: 'Regardez : curl -I {url}' },
  },
  'http-refused': {
    severity: 'error',
    en: {
      text: '{url} refuses us ({status}).',
      remedy: 'Check the secret, token or account of that section: bbb2pod doctor',
    },
    fr: {
      text: '{url} nous refuse ({status}).',
      remedy: 'Vérifiez le secret, le jeton ou le compte de cette section : bbb2pod doctor',
    },
  },
  'http-redirects': {
    severity: 'error',
    en: { text: '{url} redirects without end or out of the web.', remedy: 'Look at it: curl -IL {url}' },
    fr: { text: '{url} redirige sans fin ou hors du web.', remedy: 'Regardez : curl -IL {url}' },
  },
  'http-address-refused': {
    severity: 'error',
    en: {
      text: '{url} leads to {address}, an address of the inside that the configuration does not name.',
      remedy: 'If that server is yours, allow it at the head of bbb2pod.toml: allow_hosts = ["{host}"]',
    },
    fr: {
      text: '{url} mène à {address}, une adresse interne que la configuration ne nomme pas.',
      remedy: 'Si ce serveur est le vôtre, autorisez-le en tête de bbb2pod.toml : allow_hosts = ["{host}"]',
    },
  },
  'http-elsewhere': {
    severity: 'error',
    en: {
      text: '{url} redirects to {target}, which is not the server of that recording.',
      remedy: 'If that server is yours, allow it at the head of bbb2pod.toml: allow_hosts = ["{host}"]',
    },
    fr: {
      text: "{url} redirige vers {target}, qui n'est pas le serveur de cet enregistrement.",
      remedy: 'Si ce serveur est le vôtre, autorisez-le en tête de bbb2pod.toml : allow_hosts = ["{host}"]',
    },
  },
  'http-too-large': {
    severity: 'error',
    en: { text: '{url} answers more than {limit} bytes.', remedy: 'Check that the URL is the right one.' },
    fr: { text: '{url} répond plus de {limit} octets.', remedy: "Vérifiez que l'URL est la bonne." },
  },
  'http-too-slow': {
    severity: 'error',
    en: {
      text: '{url} comes too slowly: {rate}.',
      remedy: 'Try again when the server is less busy, or lower [recorder] least_rate, raise file_deadline',
    },
    fr: {
      text: '{url} arrive trop lentement : {rate}.',
      remedy:
        'Réessayez quand le serveur est moins chargé, ou baissez [recorder] least_rate, augmentez file_deadline',
    },
  },
  'http-unreadable': {
    severity: 'error',
    en: { text: '{url} answers something unreadable: {detail}', remedy: 'Look at it: curl -v {url}' },
    fr: { text: "{url} répond quelque chose d'illisible : {detail}", remedy: 'Regardez : curl -v {url}' },
  },
  'download-incomplete': {
    severity: 'error',
    en: {
      text: '{url}: {received} bytes came of {expected}.',
      remedy: 'Type the same command again: the download resumes where it stopped.',
    },
    fr: {
      text: '{url} : {received} octets reçus sur {expected}.',
      remedy: "Tapez à nouveau la même commande : le téléchargement reprend où il s'est arrêté.",
    },
  },
  'download-empty': {
    severity: 'error',
    en: { text: '{url} is empty.', remedy: 'Look at the recording on the server: its file has no content.' },
    fr: {
      text: '{url} est vide.',
      remedy: "Regardez l'enregistrement sur le serveur : son fichier est sans contenu.",
    },
  },
  'download-not-media': {
    severity: 'error',
    en: {
      text: '{url} answers a page ({type}), no video.',
      remedy: 'The link has expired or needs a login: open it in a browser.',
    },
    fr: {
      text: '{url} répond une page ({type}), pas une vidéo.',
      remedy: 'Le lien a expiré ou demande une connexion : ouvrez-le dans un navigateur.',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof httpTexts>, true> {}
}
