import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** P14 to P18: share, programs, Pod's REST, LRS, settings. */
export const encodingServiceTexts = defineTexts({
  P14: property(
    'The share is one share',
    'Le partage est un seul partage',
    'Device, inode, mount and flags of MEDIA_ROOT on the backend’s side and on each worker’s that this machine sees. A missing NFS mount leaves an empty local directory: encodings then go to the local disk. With --probe a file is written on one side and read on the other.',
    "Périphérique, inode, montage et options de MEDIA_ROOT côté serveur et côté worker, tels que cette machine les voit. Un montage NFS absent laisse un répertoire local vide : les encodages partent alors sur le disque local. Avec --probe un fichier est écrit d'un côté et lu de l'autre.",
  ),
  'P14-missing': say(
    'critical',
    'The media directory of {node} is not there: {path} ({detail})',
    "Le répertoire des médias de {node} n'est pas là : {path} ({detail})",
    'mount {path}; ls -ld {path}; grep nfs /etc/fstab',
    'mount {path} ; ls -ld {path} ; grep nfs /etc/fstab',
  ),
  'P14-split': say(
    'critical',
    '{node} does not see the backend’s media: {path} lies on {source}, the backend has {backend}',
    '{node} ne voit pas les médias du serveur : {path} est sur {source}, le serveur a {backend}',
    'findmnt -T {path}; mount the share there (a missing NFS mount writes to the local disk)',
    'findmnt -T {path} ; montez-y le partage (un NFS absent fait écrire sur le disque local)',
  ),
  'P14-read-only': say(
    'critical',
    'The media of {node} are mounted read-only: {path} ({mount})',
    'Les médias de {node} sont montés en lecture seule : {path} ({mount})',
    'mount -o remount,rw {mount}; check /etc/fstab and the export (exportfs -v)',
    "mount -o remount,rw {mount} ; vérifiez /etc/fstab et l'export (exportfs -v)",
  ),
  'P14-unwritable': say(
    'critical',
    'A probe file cannot be written under {path}: {detail}',
    "Un fichier d'essai ne peut pas être écrit dans {path} : {detail}",
    'ls -ld {path}; runuser -u pod -- touch {path}/essai',
    'ls -ld {path} ; runuser -u pod -- touch {path}/essai',
  ),
  'P14-unseen': say(
    'critical',
    '{node} does not see a file that the backend wrote ({path})',
    '{node} ne voit pas un fichier écrit par le serveur ({path})',
    'findmnt -T {path}; NFS attribute cache: mount with actimeo=3',
    'findmnt -T {path} ; cache des attributs NFS : montez avec actimeo=3',
  ),
  'P14-full': say(
    'critical',
    'The media share is full: {free} % free ({path})',
    'Le partage des médias est plein : {free} % libres ({path})',
    'df -h {path}; du -sh {path}/*',
    'df -h {path} ; du -sh {path}/*',
  ),
  'P14-low': say(
    'warning',
    'The media share is filling up: {free} % free ({path})',
    'Le partage des médias se remplit : {free} % libres ({path})',
    'df -h {path}; du -sh {path}/*',
    'df -h {path} ; du -sh {path}/*',
  ),
  P15: property(
    'The programs are installed',
    'Les programmes sont installés',
    'What Pod’s workers call, looked for on this machine when it is a worker.',
    'Ce que les workers de Pod appellent, cherché sur cette machine si elle est un worker.',
  ),
  'P15-missing': say(
    'critical',
    'Programs are missing on this worker: {programs}',
    'Des programmes manquent sur ce worker : {programs}',
    'apt install {packages}',
  ),
  P16: property(
    'Pod takes the results',
    'Pod accepte les résultats',
    'GET of POD_API_URL with the workers’ token, redirects not followed: 401 is an unknown token, 403 one whose user is not staff, 3xx turns the worker’s POST into a GET. The encoding is done then, and never published.',
    "GET de POD_API_URL avec le jeton des workers, sans suivre les redirections : 401 est un jeton inconnu, 403 un jeton dont l'utilisateur n'est pas « staff », 3xx transforme le POST du worker en GET. L'encodage est alors fait, mais jamais publié.",
  ),
  'P16-silent': say(
    'critical',
    'Pod’s REST does not answer: {url} ({detail})',
    "L'API REST de Pod ne répond pas : {url} ({detail})",
    'curl -si {url} from a worker; systemctl status uwsgi-pod nginx on Pod',
    'curl -si {url} depuis un worker ; systemctl status uwsgi-pod nginx sur Pod',
  ),
  'P16-redirects': say(
    'critical',
    'Pod’s REST redirects ({status} to {location}): the results of encodings are lost',
    "L'API REST de Pod redirige ({status} vers {location}) : les résultats des encodages sont perdus",
    'POD_API_URL = final https address in settings_local.py of the workers; systemctl restart celery-*',
    'POD_API_URL = adresse https finale dans le settings_local.py des workers ; systemctl restart celery-*',
  ),
  'P16-unknown-token': say(
    'critical',
    'Pod’s REST does not know the token ({url})',
    "L'API REST de Pod ne connaît pas le jeton ({url})",
    'Pod’s admin, Tokens: copy the key into POD_API_TOKEN of the workers; systemctl restart celery-*',
    'Admin de Pod, Jetons : copiez la clé dans POD_API_TOKEN des workers ; systemctl restart celery-*',
  ),
  'P16-not-staff': say(
    'critical',
    'The user of the token is not staff: Pod refuses the results ({url})',
    "L'utilisateur du jeton n'est pas « staff » : Pod refuse les résultats ({url})",
    'Pod’s admin, Users: tick “staff status” for the owner of the token',
    'Admin de Pod, Utilisateurs : cochez « statut équipe » pour le propriétaire du jeton',
  ),
  'P16-error': say(
    'critical',
    'Pod’s REST answers {status} ({url})',
    "L'API REST de Pod répond {status} ({url})",
    'POD_API_URL ends with /rest/; journalctl -u uwsgi-pod -n 50 on Pod',
    'POD_API_URL se termine par /rest/ ; journalctl -u uwsgi-pod -n 50 sur Pod',
  ),
  'P16-untested': say(
    'info',
    'Pod’s REST answers; without a token its rights were not tested ({url})',
    "L'API REST de Pod répond ; sans jeton, ses droits n'ont pas été testés ({url})",
    'Set encoding.pod_token_file in cluster.toml',
    'Renseignez encoding.pod_token_file dans cluster.toml',
  ),
  P17: property(
    'The LRS takes statements',
    'Le LRS accepte les traces',
    'GET …/about, open to all, and GET …/statements?limit=1 with the worker’s account. Nothing is written.',
    'GET …/about, ouvert à tous, et GET …/statements?limit=1 avec le compte du worker. Rien n’est écrit.',
  ),
  'P17-silent': say(
    'critical',
    'The LRS does not answer: {url} ({detail})',
    'Le LRS ne répond pas : {url} ({detail})',
    'curl -si {url}/about from the xapi worker',
    'curl -si {url}/about depuis le worker xapi',
  ),
  'P17-untested': say(
    'info',
    'The LRS answers; its account was not tested ({url})',
    'Le LRS répond ; son compte n’a pas été vérifié ({url})',
    'Name the password in lrs_password_file of cluster.toml',
    'Donnez le mot de passe dans lrs_password_file de cluster.toml',
  ),
  'P17-refused': say(
    'critical',
    'The LRS refuses the account ({status})',
    'Le LRS refuse le compte ({status})',
    'Correct XAPI_LRS_LOGIN and XAPI_LRS_PWD; systemctl restart celery-xapi',
    'Corrigez XAPI_LRS_LOGIN et XAPI_LRS_PWD ; systemctl restart celery-xapi',
  ),
  'P17-error': say(
    'warning',
    'The LRS answers {status} to a query ({url})',
    'Le LRS répond {status} à une requête ({url})',
    'curl -si {url}/about; look at the log of the LRS',
    'curl -si {url}/about ; regardez le journal du LRS',
  ),
  'P17-cleartext': say(
    'warning',
    'The LRS password travels in clear ({url})',
    'Le mot de passe du LRS circule en clair ({url})',
    'XAPI_LRS_URL in https',
    'XAPI_LRS_URL en https',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof encodingServiceTexts>, true> {}
}
