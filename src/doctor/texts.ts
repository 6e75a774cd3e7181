import type { CodesOf } from '../kit/errors/code.js';
import { finding as say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What `doctor` finds on the machine, the BBB servers and Pod's settings. Databases have codes of their own. */
export const texts = defineTexts({
  'doctor-config': say('info', '{file}, {count} values set', '{file}, {count} valeurs renseignées'),
  'doctor-config-none': say(
    'warning',
    'no file: only the environment and defaults',
    "pas de fichier : seulement l'environnement et les valeurs par défaut",
    'bbb2pod init',
  ),
  'doctor-secrets': say(
    'info',
    '{count} {count:file|files}, closed to other accounts',
    '{count} {count:fichier fermé|fichiers fermés} aux autres comptes',
  ),
  'doctor-secret-exposed': say(
    'warning',
    '{path} holds a secret and every account of this machine may read or write it',
    "{path} contient un secret et tout compte de cette machine peut le lire ou l'écrire",
    'chmod o= {path}',
  ),
  'doctor-secret-locked': say(
    'warning',
    'the account {user}, which the units run as, cannot read {path}',
    'le compte {user}, celui des unités systemd, ne peut pas lire {path}',
    'chgrp {user} {path} && chmod 640 {path}',
  ),
  // Pod's address
  'doctor-url': say('info', '{url} answers', '{url} répond'),
  'doctor-url-unreadable': say(
    'critical',
    '"{url}" is no address',
    "« {url} » n'est pas une adresse",
    'In {file}: [pod] url = "https://HOST"',
    'Dans {file} : [pod] url = "https://HÔTE"',
  ),
  'doctor-url-example': say(
    'critical',
    '{url} is the address of the example',
    "{url} est l'adresse de l'exemple",
    'In {file}: [pod] url = "https://{domain}"',
    'Dans {file} : [pod] url = "https://{domain}"',
  ),
  'doctor-url-differs': say(
    'warning',
    '{url} is not what Pod calls its site {site}: {domain}',
    "{url} n'est pas le nom que Pod donne à son site {site} : {domain}",
    'In {file}: [pod] url = "https://{domain}", or the domain in Pod\'s administration, Sites',
    'Dans {file} : [pod] url = "https://{domain}", ou le domaine dans l’administration de Pod, Sites',
  ),
  'doctor-url-status': say(
    'warning',
    '{url} answers with status {status}',
    '{url} répond avec le statut {status}',
    'Look: curl -sI {url}',
    'Regardez : curl -sI {url}',
  ),
  'doctor-not-configured': say(
    'info',
    'not configured: {commands} would need {key}',
    'non configuré : {commands} demanderait {key}',
  ),
  // BigBlueButton
  'doctor-bbb': say(
    'info',
    'API {version}, {recordings} recordings, clock {skew} s apart',
    'API {version}, {recordings} enregistrements, horloge à {skew} s',
  ),
  'doctor-bbb-incomplete': say(
    'critical',
    '{missing} is missing',
    '{missing} manque',
    'Set it in {file}; on the BBB server, bbb-conf --secret prints both.',
    'Renseignez-le dans {file} ; sur le serveur BBB, bbb-conf --secret affiche les deux.',
  ),
  'doctor-bbb-clock': say(
    'warning',
    'its clock is {skew} s away from ours: dates in names and filters will differ',
    "son horloge est à {skew} s de la nôtre : les dates des noms et des filtres s'en ressentiront",
    'On the machine that is wrong: timedatectl set-ntp true',
    'Sur la machine fautive : timedatectl set-ntp true',
  ),
  'doctor-bbb-unpaged': say(
    'info',
    'answers everything at once (offset and limit are ignored)',
    'répond tout en une fois (offset et limit ignorés)',
  ),
  'doctor-bbb-uncounted': say(
    'warning',
    'would not list its recordings within {seconds} s',
    "n'a pas listé ses enregistrements en {seconds} s",
    '[bbb] timeout = 600, and proxy_read_timeout in the nginx of BBB',
    '[bbb] timeout = 600, et proxy_read_timeout dans le nginx de BBB',
  ),
  // Directories and disk
  'doctor-directory': say('info', '{path}: writable, {free} free', '{path} : inscriptible, {free} libres'),
  'doctor-directory-future': say(
    'info',
    '{path}: will be created, {free} free',
    '{path} : sera créé, {free} libres',
  ),
  'doctor-directory-missing': say(
    'critical',
    '{path} does not exist (it is Pod\u2019s: never created by us)',
    "{path} n'existe pas (il est à Pod : nous ne le créons jamais)",
    'mkdir -p {path} && chown {owner} {path} && chmod 2775 {path}',
  ),
  'doctor-directory-unwritable': say(
    'critical',
    '{path} cannot be written: {detail}',
    "{path} n'est pas inscriptible : {detail}",
    'Run as root or as its owner ({owner}:{group}), or (apt install acl): setfacl -m u:{account}:rwx {path}',
    'Lancez en root ou sous son propriétaire ({owner}:{group}), ou (apt install acl) : setfacl -m u:{account}:rwx {path}',
  ),
  'doctor-directory-units': say(
    'warning',
    'the account {user}, which the units run as, cannot write in {path}',
    'le compte {user}, celui des unités systemd, ne peut pas écrire dans {path}',
    'apt install acl && setfacl -m u:{user}:rwx,d:u:{user}:rwx {path}',
  ),
  'doctor-directory-other-filesystem': say(
    'warning',
    '{path} and {other} are on different file systems: files are copied, not renamed',
    '{path} et {other} sont sur deux systèmes de fichiers : copie au lieu de renommage',
    '[recorder] work_dir on the file system of {path}',
    '[recorder] work_dir sur le système de fichiers de {path}',
  ),
  'doctor-disk-low': say(
    'warning',
    '{path}: {free} free, {needed} needed for {jobs} conversions at once',
    '{path} : {free} libres, {needed} nécessaires pour {jobs} conversions à la fois',
    'Free some space, lower [recorder] jobs, or set [recorder] work_dir elsewhere',
    "Libérez de l'espace, baissez [recorder] jobs, ou placez [recorder] work_dir ailleurs",
  ),
  'doctor-claim-path-long': say(
    'critical',
    'the paths of claim files would exceed the {length} characters of Pod\u2019s column',
    'les chemins des fichiers à revendiquer dépasseraient les {length} caractères de la colonne de Pod',
    'Shorten DEFAULT_RECORDER_PATH or the recorder\u2019s directory; Pod 4.0.1 has 200 characters',
    "Raccourcissez DEFAULT_RECORDER_PATH ou le répertoire de l'enregistreur ; Pod 4.0.1 a 200 caractères",
  ),
  'doctor-claim-path': say(
    'info',
    '{path}: {room} characters left for file names',
    '{path} : {room} caractères restent pour les noms de fichiers',
  ),
  'doctor-pod-user': say(
    'info',
    '{user} can read, move and delete what we drop',
    '{user} peut lire, déplacer et supprimer ce que nous déposons',
  ),
  'doctor-pod-user-refused': say(
    'critical',
    '{user} cannot {what} what we drop in {path}',
    '{user} ne peut pas {what} ce que nous déposons dans {path}',
    '[pod] file_owner and file_mode, or: chmod g+rwxs {path} with {user} in its group',
    '[pod] file_owner et file_mode, ou : chmod g+rwxs {path} avec {user} dans son groupe',
  ),
  'doctor-pod-user-untried': say(
    'warning',
    'only root can try what {user} may do with our files',
    'seul root peut essayer ce que {user} peut faire de nos fichiers',
    'sudo bbb2pod doctor',
  ),
  'doctor-preview-missing': say(
    'warning',
    'USE_RECORD_PREVIEW is on and {path} does not lead to {target}: who claims a file sees no preview',
    'USE_RECORD_PREVIEW est actif et {path} ne mène pas à {target} : aucun aperçu pour qui revendique un fichier',
    'mkdir -p {parent} && ln -s {target} {path} (not needed where the web server has an alias)',
    'mkdir -p {parent} && ln -s {target} {path} (inutile si le serveur web a un alias)',
  ),
  'doctor-preview-unseen': say(
    'info',
    'preview link not looked at: {file} does not say USE_RECORD_PREVIEW and MEDIA_ROOT outright',
    'lien de prévisualisation non vérifié : {file} ne donne pas USE_RECORD_PREVIEW et MEDIA_ROOT en clair',
    'Where previews are wanted: ls -l MEDIA_ROOT/records must lead to {target}',
    'Si les aperçus sont voulus : ls -l MEDIA_ROOT/records doit mener à {target}',
  ),
  'doctor-preview': say('info', 'preview link {path} is right', 'lien de prévisualisation {path} correct'),
  // Programs
  'doctor-program': say('info', '{version}', '{version}'),
  'doctor-chromium': say('info', '{version}, starts', '{version}, démarre'),
  'doctor-encoder-missing': say(
    'critical',
    '{program} has no encoder {encoders}',
    "{program} n'a pas l'encodeur {encoders}",
    'apt-get install ffmpeg (Debian\u2019s has both)',
    'apt-get install ffmpeg (celui de Debian a les deux)',
  ),
  // Queue
  'doctor-queue': say('info', 'Redis {version}, noeviction', 'Redis {version}, noeviction'),
  'doctor-queue-evicts': say(
    'critical',
    'Redis may forget waiting jobs: maxmemory-policy is {policy}',
    'Redis peut oublier des travaux en attente : maxmemory-policy vaut {policy}',
    'On its host: redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE',
    'Sur sa machine : redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE',
  ),
  'doctor-queue-volatile': say(
    'warning',
    'Redis keeps nothing on disk: a restart forgets waiting jobs until they are enqueued again',
    "Redis n'écrit rien sur disque : un redémarrage oublie les travaux jusqu'à leur remise en file",
    'On its host: redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE',
    'Sur sa machine : redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE',
  ),
  'doctor-queue-database': say(
    'warning',
    'Redis database {database} is one of those Pod uses (2 to 7)',
    'la base Redis {database} est une de celles de Pod (2 à 7)',
    'End [recorder] queue with another number: redis://HOST:6379/9',
    'Terminez [recorder] queue par un autre numéro : redis://HOTE:6379/9',
  ),
  'doctor-queue-unreachable': say(
    'critical',
    'Redis does not answer: {detail}',
    'Redis ne répond pas : {detail}',
    'On its host: systemctl status redis-server; then here: bbb2pod doctor --only recorder.queue',
    'Sur sa machine : systemctl status redis-server ; puis ici : bbb2pod doctor --only recorder.queue',
  ),
  // Settings of Pod
  'doctor-setting': say('info', '{key} = {value}', '{key} = {value}'),
  'doctor-settings-unseen': say(
    'warning',
    'settings of Pod not seen: {keys}',
    'réglages de Pod non vus : {keys}',
    '[pod] settings_file = "…/pod/custom/settings_local.py" (read as literals, never executed)',
    '[pod] settings_file = "…/pod/custom/settings_local.py" (lu littéralement, jamais exécuté)',
  ),
  'doctor-setting-computed': say(
    'warning',
    '{key} is computed: its value could not be seen',
    '{key} est calculé : sa valeur est restée invisible',
    'In Pod: python manage.py shell -c "from django.conf import settings; print(settings.{key})"',
    'Dans Pod : python manage.py shell -c "from django.conf import settings; print(settings.{key})"',
  ),
  'doctor-setting-import-off': say(
    'warning',
    'USE_IMPORT_VIDEO is {value}: nobody would see imported rows',
    'USE_IMPORT_VIDEO vaut {value} : personne ne verrait les lignes importées',
    'In {file}: USE_IMPORT_VIDEO = True, then restart Pod',
    'Dans {file} : USE_IMPORT_VIDEO = True, puis redémarrez Pod',
  ),
  'doctor-setting-staff-only': say(
    'warning',
    'RESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY is {value}: owners who are not staff see nothing',
    'RESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY vaut {value} : les propriétaires hors équipe ne voient rien',
    'In {file}: … = False, or leave it: the plan lists the owners it hides rows from',
    'Dans {file} : … = False, ou laissez : le plan liste les propriétaires concernés',
  ),
  'doctor-setting-no-plug': say(
    'warning',
    'USE_IMPORT_VIDEO_BBB_RECORDER is {value}: presentations cannot be imported, only videos',
    'USE_IMPORT_VIDEO_BBB_RECORDER vaut {value} : les présentations ne sont pas importables, seules les vidéos',
    'In {file}: USE_IMPORT_VIDEO_BBB_RECORDER = True with IMPORT_VIDEO_BBB_RECORDER_PLUGIN, or migrate recordings --use-manual-claim',
    'Dans {file} : USE_IMPORT_VIDEO_BBB_RECORDER = True avec IMPORT_VIDEO_BBB_RECORDER_PLUGIN, ou migrate recordings --use-manual-claim',
  ),
  'doctor-setting-claim-off': say(
    'warning',
    'ALLOW_MANUAL_RECORDING_CLAIMING is {value}: nobody could claim',
    'ALLOW_MANUAL_RECORDING_CLAIMING vaut {value} : personne ne pourrait revendiquer',
    'In {file}: ALLOW_MANUAL_RECORDING_CLAIMING = True, then restart Pod',
    'Dans {file} : ALLOW_MANUAL_RECORDING_CLAIMING = True, puis redémarrez Pod',
  ),
  'doctor-setting-differs': say(
    'critical',
    '{key} is {value} in Pod and {ours} here ({ourKey})',
    '{key} vaut {value} dans Pod et {ours} ici ({ourKey})',
    'Write it here as Pod has it: {ourKey} = {value}',
    "Écrivez-le ici comme Pod l'a : {ourKey} = {value}",
  ),
  'doctor-setting-size': say(
    'warning',
    'MAX_UPLOAD_SIZE_ON_IMPORT is {value} GiB: longer videos cannot be imported by their owners',
    'MAX_UPLOAD_SIZE_ON_IMPORT vaut {value} Gio : les vidéos plus grosses ne sont pas importables',
    'In {file}: MAX_UPLOAD_SIZE_ON_IMPORT = 0 lifts the limit',
    'Dans {file} : MAX_UPLOAD_SIZE_ON_IMPORT = 0 lève la limite',
  ),
  'doctor-setting-extensions': say(
    'critical',
    'VIDEO_ALLOWED_EXTENSIONS lacks {missing}: Pod would refuse our files',
    'VIDEO_ALLOWED_EXTENSIONS ne contient pas {missing} : Pod refuserait nos fichiers',
    'In {file}: add it to VIDEO_ALLOWED_EXTENSIONS',
    'Dans {file} : ajoutez-le à VIDEO_ALLOWED_EXTENSIONS',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
