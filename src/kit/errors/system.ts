import type { CodesOf } from './code.js';
import { refusal, say } from './define.js';
import { defineTexts } from './define-texts.js';

/** The machine itself: files, disk, signals, and our own faults. */
export const systemTexts = defineTexts({
  'init-exists': refusal(
    '{file} exists and is left as it is.',
    '{file} existe et reste tel quel.',
    'Write another one: bbb2pod init --config OTHER.toml, or move it away first.',
    "Écrivez-en un autre : bbb2pod init --config AUTRE.toml, ou déplacez-le d'abord.",
  ),
  'presentation-empty': say(
    'error',
    'Nothing to convert in {folder}: neither slides, nor sound, nor video.',
    'Rien à convertir dans {folder} : ni diapositives, ni son, ni vidéo.',
    'Give the published folder itself, the one that holds metadata.xml and shapes.svg',
    'Donnez le dossier publié lui-même, celui qui contient metadata.xml et shapes.svg',
  ),
  'archive-refused': say(
    'error',
    '{archive} is not unpacked: {detail}',
    "{archive} n'est pas extraite : {detail}",
    'Look into it: tar -tvf {archive}',
    'Regardez dedans : tar -tvf {archive}',
  ),
  'internal-fault': say(
    'error',
    'A fault of bbb2pod itself: {detail}',
    'Défaut de bbb2pod lui-même : {detail}',
    'Nothing more was written. Run again with --log-level debug --log-file FILE and report it with FILE.',
    "Rien d'autre n'a été écrit. Relancez avec --log-level debug --log-file FICHIER et signalez-le avec FICHIER.",
  ),
  interrupted: say(
    'error',
    'Interrupted by {signal}.',
    'Interrompu par {signal}.',
    'Type the same command again: it goes on with what is left.',
    'Tapez à nouveau la même commande : elle reprend ce qui reste.',
  ),
  'disk-full': say(
    'error',
    'No space left while writing {path}.',
    "Plus d'espace pour écrire {path}.",
    'Free some space (df -h lists the disks) and type the same command again.',
    "Libérez de l'espace (df -h liste les disques) et tapez à nouveau la même commande.",
  ),
  'min-free-reached': say(
    'error',
    '{path}: {free} free, and --min-free keeps {least}.',
    '{path} : {free} libres, et --min-free en garde {least}.',
    'Free some space (df -h {path}), or type the same command with another --min-free. It goes on with what is left.',
    "Libérez de l'espace (df -h {path}), ou tapez la même commande avec un autre --min-free. Elle reprend ce qui reste.",
  ),
  'file-unreadable': say(
    'error',
    'Cannot look at {path}: {detail}',
    'Consultation impossible de {path} : {detail}',
    'Look where it ends and whose each directory is: namei -l {path} ; and its mount: df -h',
    "Regardez où il s'arrête et à qui est chaque répertoire : namei -l {path} ; et son montage : df -h",
  ),
  'file-unwritable': say(
    'error',
    'Cannot write {path}: {detail}',
    'Écriture impossible de {path} : {detail}',
    'Look where it ends and whose each directory is: namei -l {path}',
    "Regardez où il s'arrête et à qui est chaque répertoire : namei -l {path}",
  ),
  'directory-uncreatable': say(
    'error',
    'Cannot create {path}: {detail}',
    'Création impossible de {path} : {detail}',
    'As root: install -d -o {account} -m 0750 {instead} ; where that is another path, set it in the configuration (state_dir, work_dir, output or log directory)',
    "En root : install -d -o {account} -m 0750 {instead} ; si c'est un autre chemin, donnez-le dans la configuration (state_dir, work_dir, output ou répertoire des journaux)",
  ),
  'path-outside': say(
    'error',
    'Refused: {name} leads out of {directory}.',
    'Refusé : {name} sort de {directory}.',
    'Look where that name comes from.',
    "Regardez d'où vient ce nom.",
  ),
  'run-locked': say(
    'error',
    'Another run is at work on {what} ({holder}).',
    'Une autre exécution travaille sur {what} ({holder}).',
    'Wait for it, or look: bbb2pod migrate status',
    'Attendez sa fin, ou regardez : bbb2pod migrate status',
  ),
  'demo-step-failed': say(
    'error',
    'Step "{command}" of the rehearsal ended with {status}: {detail}',
    "L'étape « {command} » de la répétition s'est terminée avec {status} : {detail}",
    'bbb2pod doctor',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof systemTexts>, true> {}
}
