import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { finding as say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Migration of recordings: why an item is in the plan, why it is skipped, how it ended. */
export const texts = defineTexts({
  'mode-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Give exactly one mode: --use-import-video, --use-manual-claim or --export-csv FILE ({given} given).',
      remedy: 'bbb2pod migrate recordings --use-import-video --dry',
    },
    fr: {
      text: 'Donnez un seul mode : --use-import-video, --use-manual-claim ou --export-csv FICHIER (donné : {given}).',
      remedy: 'bbb2pod migrate recordings --use-import-video --dry',
    },
  },
  'moodle-with-claims': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--use-database-moodle finds owners, and claimed recordings have none: every staff member sees them.',
      remedy: 'Leave out --use-database-moodle, or use --use-import-video.',
    },
    fr: {
      text: "--use-database-moodle cherche des propriétaires, et les vidéos à revendiquer n'en ont pas : tout le personnel les voit.",
      remedy: 'Retirez --use-database-moodle, ou utilisez --use-import-video.',
    },
  },
  'greenlight-with-claims': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--use-database-greenlight finds owners, and claimed recordings have none: every staff member sees them.',
      remedy: 'Leave out --use-database-greenlight, or use --use-import-video.',
    },
    fr: {
      text: "--use-database-greenlight cherche des propriétaires, et les vidéos à revendiquer n'en ont pas : tout le personnel les voit.",
      remedy: 'Retirez --use-database-greenlight, ou utilisez --use-import-video.',
    },
  },
  'claim-video-wrong': say(
    'error',
    'The video of {recordId} is not what its server announced: {detail}. It was not offered for claiming.',
    "La vidéo de {recordId} n'est pas ce que son serveur annonce : {detail}. Elle n'est pas proposée à la revendication.",
    'Play it on its server; on that server: bbb-record --rebuild {recordId} ; then type the same command again',
    'Lisez-la sur son serveur ; sur ce serveur : bbb-record --rebuild {recordId} ; puis relancez la même commande',
  ),
  'owner-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--owner {names}: {count:nobody in Pod has that name|these are no names of Pod}, and the plan creates no such account.',
      remedy:
        'Pod usernames are meant; without --owner the plan shows them: bbb2pod migrate recordings … --dry --all',
    },
    fr: {
      text: "--owner {names} : {count:aucun compte de Pod n'a ce nom|aucun compte de Pod n'a ces noms}, et le plan n'en crée pas.",
      remedy:
        'Il faut un identifiant de Pod ; sans --owner le plan les montre : bbb2pod migrate recordings … --dry --all',
    },
  },
  'cleanup-server-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'No external recording of Pod is played from {server}; hosts: {known}.',
      remedy:
        'bbb2pod migrate cleanup counts the recordings of each host; --server takes one of them, or a [bbb.NAME].',
    },
    fr: {
      text: "Aucune vidéo externe de Pod n'est lue depuis {server} ; hôtes : {known}.",
      remedy:
        'bbb2pod migrate cleanup compte les enregistrements de chaque hôte ; --server en prend un, ou un [bbb.NOM].',
    },
  },
  'plan-missing': say(
    'error',
    'No finished plan in {path}.',
    'Aucun plan terminé dans {path}.',
    'Make one: bbb2pod migrate recordings … --save-plan FILE',
    'Faites-en un : bbb2pod migrate recordings … --save-plan FICHIER',
  ),

  'run-not-undoable': say(
    'error',
    'Run {run} ({command}) has nothing that undo can take back.',
    "L'exécution {run} ({command}) n'a rien que undo puisse annuler.",
    'bbb2pod migrate status',
    'bbb2pod migrate status',
  ),
  'confirmation-missing': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'This takes things back or away, and there is no terminal to ask.', remedy: 'Add --yes.' },
    fr: {
      text: "Cette commande annule ou retire des choses, et il n'y a pas de terminal pour demander confirmation.",
      remedy: 'Ajoutez --yes.',
    },
  },
  'run-of-another-pod': say(
    'error',
    'Run {run} wrote to {target}; the configured Pod is {actual}.',
    "L'exécution {run} a écrit dans {target} ; le Pod configuré est {actual}.",
    'Use the configuration of that Pod: --config FILE',
    'Utilisez la configuration de ce Pod : --config FICHIER',
  ),
  'time-limit-reached': say(
    'error',
    'The time of --time-limit is over.',
    'Le temps de --time-limit est écoulé.',
    'Go on later: --resume last',
    'Continuez plus tard : --resume last',
  ),
  declined: say('error', 'Nothing was done.', "Rien n'a été fait."),
  'admin-missing': say(
    'error',
    'The administrator of [pod] admin_id, user {id}, does not exist in Pod.',
    "L'administrateur de [pod] admin_id, utilisateur {id}, n'existe pas dans Pod.",
    'Set admin_id to an existing user, or [migrate] unresolved = "skip".',
    'Donnez à admin_id un utilisateur existant, ou [migrate] unresolved = "skip".',
  ),
  'pod-older-than-journal': say(
    'error',
    'Pod looks older than the journal, as it was before {since}: of what {runs} wrote since (recordings: {recordings}, accounts: {accounts}) nothing is there. A backup was put back, or somebody removed it all.',
    "Pod semble plus ancien que le journal, tel qu'avant le {since} : de ce que {runs} a écrit depuis (enregistrements : {recordings}, comptes : {accounts}), rien n'y est. Une sauvegarde a été restaurée, ou quelqu'un a tout retiré.",
    'To give it again: {recreate} ; to leave it removed: {accept}',
    'Pour le redonner : {recreate} ; pour le laisser retiré : {accept}',
  ),
  'site-missing': say(
    'error',
    'Site {id} of {key} does not exist in Pod.',
    "Le site {id} de {key} n'existe pas dans Pod.",
    'bbb2pod doctor lists the sites.',
    'bbb2pod doctor liste les sites.',
  ),
  'recorder-unfit': say(
    'error',
    'Recorder {id} cannot receive claims: {detail}.',
    "L'enregistreur {id} ne peut pas recevoir de vidéos à revendiquer : {detail}.",
    "Correct it in Pod's administration, then: bbb2pod doctor",
    "Corrigez-le dans l'administration de Pod, puis : bbb2pod doctor",
  ),
  'claim-path-too-long': say(
    'error',
    'No file name fits: {path} leaves {room} of the {length} characters of Pod\u2019s column.',
    'Aucun nom de fichier ne tient : {path} laisse {room} des {length} caractères de la colonne de Pod.',
    'Shorten DEFAULT_RECORDER_PATH or the recorder\u2019s directory in Pod, then: bbb2pod doctor --only pod',
    "Raccourcissez DEFAULT_RECORDER_PATH ou le répertoire de l'enregistreur dans Pod, puis : bbb2pod doctor --only pod",
  ),
  'recorder-directory-missing': say(
    'error',
    'The directory of recorder {id} does not exist: {path}',
    "Le répertoire de l'enregistreur {id} n'existe pas : {path}",
    'mkdir {path} && chown --reference={parent} {path}',
    'mkdir {path} && chown --reference={parent} {path}',
  ),
  'claim-directory-unfit': say(
    'error',
    'No file can be given to Pod in {path} as {user}: {detail}',
    'Aucun fichier ne peut être donné à Pod dans {path} en tant que {user} : {detail}',
    'usermod --append --groups {group} {user} && chmod g+rwxs {path}; then: bbb2pod doctor',
    'usermod --append --groups {group} {user} && chmod g+rwxs {path} ; puis : bbb2pod doctor',
  ),
  'claim-undelivered': say(
    'error',
    'Made, and not placed in {path}: {detail}. It waits in {kept}',
    'Fabriqué, mais non déposé dans {path} : {detail}. Il attend dans {kept}',
    'Once {path} can be written, type the same command again: it is not made a second time.',
    'Quand {path} sera inscriptible, retapez la même commande : il ne sera pas refait.',
  ),
  'claim-exceeds-disk': say(
    'error',
    'The disk is too small for this recording: {free} are free without its files.',
    'Le disque est trop petit pour cet enregistrement : {free} libres sans ses fichiers.',
    'Give [recorder] work_dir a larger disk; the others go on, the next run tries it again.',
    'Donnez à [recorder] work_dir un disque plus grand ; les autres continuent, la prochaine exécution réessaiera.',
  ),
  'recording-vanished': say(
    'error',
    'BBB no longer offers recording {recordId}.',
    "BBB ne propose plus l'enregistrement {recordId}.",
    'Look for it on the server; a next run tries again.',
    'Cherchez-le sur le serveur ; une prochaine exécution réessaiera.',
  ),
  // Why something is taken.
  'claim-planned': say('info', 'to be claimed', 'à revendiquer'),
  'claim-dropped': say('info', 'file in the claim directory', 'fichier dans le répertoire de revendication'),
  'claim-dropped-incomplete': say(
    'warning',
    'file in the claim directory, without: {missing}',
    'fichier dans le répertoire de revendication, sans : {missing}',
    'A run without --allow-missing makes it again while nobody has claimed it.',
    "Une exécution sans --allow-missing le refait tant que personne ne l'a revendiqué.",
  ),
  'claim-made-again': say(
    'info',
    'to be claimed; made again, for the first file lacks something',
    'à revendiquer ; refait, car au premier fichier il manque quelque chose',
  ),
  imported: say('info', 'in the external videos of its owner', 'dans les vidéos externes du propriétaire'),
  'taken-over': say(
    'info',
    'moved from the administrator to its owner',
    "passé de l'administrateur à son propriétaire",
  ),
  // Why something is skipped.
  'recording-unpublished': say(
    'info',
    'unpublished: hidden stays hidden',
    'non publié : reste caché',
    '--include-unpublished takes them',
    '--include-unpublished les prend',
  ),
  'recording-deleted': say('info', 'deleted on the BBB server', 'supprimé sur le serveur BBB'),
  'recording-processing': say('info', 'still being processed by BBB', 'encore en traitement par BBB'),
  'recording-excluded': say('info', 'in the exclusion file', "dans le fichier d'exclusion"),
  'server-skipped': say('info', 'origin server {server} is skipped', "serveur d'origine {server} ignoré"),
  'format-unsupported': say(
    'warning',
    'no video and no presentation, only {formats}',
    'ni vidéo ni présentation, seulement {formats}',
  ),
  'greenlight-skipped': say(
    'info',
    'made in Greenlight: [migrate] include_greenlight is false',
    'fait dans Greenlight : [migrate] include_greenlight vaut false',
  ),
  'breakout-skipped': say(
    'info',
    'a breakout room: [migrate] breakouts is "skip"',
    'une salle de groupe : [migrate] breakouts vaut "skip"',
  ),
  'url-not-absolute': say(
    'warning',
    'its URL is not absolute: {url}',
    'son URL n’est pas absolue : {url}',
    'Set the host in playback_host of bigbluebutton.yml on the server, and rebuild its metadata.xml.',
    'Donnez l’hôte dans playback_host de bigbluebutton.yml sur le serveur, et refaites son metadata.xml.',
  ),
  'url-too-long': say(
    'warning',
    'URL longer than the 500 characters of Pod',
    'URL plus longue que les 500 caractères de Pod',
  ),
  'url-with-token': say(
    'warning',
    'one-time URL, dead in minutes: import mode cannot keep it',
    'URL à usage unique, morte en quelques minutes : le mode import ne peut pas la garder',
    'bbb2pod migrate recordings --use-manual-claim',
    'bbb2pod migrate recordings --use-manual-claim',
  ),
  'already-external': say(
    'info',
    'already in the external videos of that owner',
    'déjà dans les vidéos externes de ce propriétaire',
  ),
  'already-imported': say(
    'info',
    'already in Pod: a person imported it from the external videos',
    "déjà dans Pod : quelqu'un l'a importé depuis les vidéos externes",
  ),
  'claim-while-imported': say(
    'info',
    'Pod is importing it: a claim now would make it a second time',
    "Pod est en train de l'importer : une revendication maintenant le ferait deux fois",
    "Once that has ended, type the same again. One that no longer moves: empty its state in Pod's administration, External recordings",
    "Quand ce sera fini, relancez. Un import qui ne bouge plus : videz son état dans l'administration de Pod, Enregistrements externes",
  ),
  'already-internal': say(
    'info',
    "already in Pod through the owner's meetings",
    'déjà dans Pod par les réunions du propriétaire',
  ),
  'already-claimed': say('info', 'already claimed in Pod', 'déjà revendiqué dans Pod'),
  'already-pending': say('info', 'already waiting on the claim page', 'déjà en attente de revendication'),
  'already-on-disk': say(
    'info',
    'file already in the claim directory',
    'fichier déjà dans le répertoire de revendication',
  ),
  'already-by-old-script': say(
    'info',
    'file of the old script: {file}',
    "fichier de l'ancien script : {file}",
  ),
  'ambiguous-old-file': say(
    'warning',
    'a file of the old script fits several recordings: {file}',
    "un fichier de l'ancien script convient à plusieurs enregistrements : {file}",
  ),
  'deleted-since': say(
    'info',
    'given by run {run}, removed by people since',
    "donné par l'exécution {run}, retiré depuis par quelqu'un",
    '--recreate gives it again',
    '--recreate le redonne',
  ),
  'changed-since-plan': say('info', 'changed in Pod since the plan', 'modifié dans Pod depuis le plan'),
  'other-owner': say(
    'info',
    'belongs to somebody else than --owner',
    "appartient à quelqu'un d'autre que --owner",
  ),
  undone: say('info', 'taken back', 'annulé'),
  'undo-changed': say(
    'warning',
    'left: changed since it was written',
    'laissé : modifié depuis son écriture',
  ),
  'undo-gone': say(
    'info',
    'already gone: somebody or a cleanup removed it',
    "déjà parti : quelqu'un ou cleanup l'a retiré",
  ),
  'undo-user-touched': say(
    'warning',
    'left: account {username} has been used since',
    'laissé : le compte {username} a servi depuis',
  ),
  'undo-claimed': say('warning', 'left: claimed since', 'laissé : revendiqué depuis'),
  cleaned: say('info', 'removed', 'retiré'),
  'import-in-progress': say(
    'warning',
    'left: its import is under way ({state})',
    'laissé : son import est en cours ({state})',
  ),
  'import-failed': say(
    'warning',
    'left: its import failed ({state})',
    'laissé : son import a échoué ({state})',
    'Import it again in Pod, or delete it in "Import an external video".',
    'Importez-le de nouveau dans Pod, ou supprimez-le dans « Importer une vidéo externe ».',
  ),
  'undo-imported': say('warning', 'left: imported into Pod since', 'laissé : importé dans Pod depuis'),
  'never-written': say('info', 'interrupted before it was written', 'interrompu avant son écriture'),
  // Marks on planned rows.
  'mark-owner-not-staff': say(
    'warning',
    'owner is not staff: may not see it',
    "le propriétaire n'est pas du personnel : peut ne pas le voir",
    'Pod administration: give staff status, or RESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY = False',
    'Administration de Pod : statut équipe, ou RESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY = False',
  ),
  'mark-by-course': say(
    'warning',
    'its activity was deleted: given to the teachers of its course',
    'son activité a été supprimée : donné aux enseignants de son cours',
    'Look whether they held it; the owners file settles it.',
    'Voyez si elle était à eux ; le fichier des propriétaires tranche.',
  ),
  'mark-breakout': say(
    'info',
    "a breakout room: given to the owners of its parent's meeting",
    'une salle de groupe : donnée aux propriétaires de la réunion parente',
    '[migrate] breakouts = "skip" leaves such rooms out.',
    '[migrate] breakouts = "skip" laisse ces salles de côté.',
  ),
  'mark-link-20': say(
    'warning',
    'Pod up to 3.8.1 cannot import a 2.0 link',
    "Pod jusqu'à 3.8.1 ne peut pas importer un lien 2.0",
    '[bbb] playback_23 = true, or --use-manual-claim',
    '[bbb] playback_23 = true, ou --use-manual-claim',
  ),
  'mark-mediacad': say(
    'warning',
    'Pod takes URLs with /m/ for Mediacad',
    'Pod prend les URL contenant /m/ pour du Mediacad',
    '--use-manual-claim',
    '--use-manual-claim',
  ),
  'mark-private-address': say(
    'warning',
    'Pod 4.3 and later refuse to import from {host} ({address} is no public address): use claims',
    "Pod 4.3 et suivants refusent d'importer depuis {host} ({address} n'est pas une adresse publique) : passez par la revendication",
    'bbb2pod migrate recordings --use-manual-claim ; or a public address for {host} in the resolver of Pod\u2019s machine',
    'bbb2pod migrate recordings --use-manual-claim ; ou une adresse publique pour {host} dans le résolveur de la machine de Pod',
  ),
  'mark-host-unresolved': say(
    'warning',
    'no address is known here for {host}: Pod 4.3 and later import from hosts they can resolve alone',
    "aucune adresse n'est connue ici pour {host} : Pod 4.3 et suivants n'importent que d'hôtes qu'ils résolvent",
    'On Pod\u2019s machine: getent ahosts {host}',
    'Sur la machine de Pod : getent ahosts {host}',
  ),
  'mark-national-use-meeting': say(
    'warning',
    'needs USE_MEETING on the same server: Pod then asks a fresh link by recordID',
    'demande USE_MEETING sur le même serveur : Pod demande alors un lien neuf par recordID',
    "In Pod's settings_local.py: USE_MEETING = True, BBB_API_URL and BBB_SECRET_KEY of that server; or --use-manual-claim",
    'Dans settings_local.py de Pod : USE_MEETING = True, BBB_API_URL et BBB_SECRET_KEY de ce serveur ; ou --use-manual-claim',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
