import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** The machine itself: files, disk, signals, and our own faults. */
export const systemTexts = defineTexts({
  'init-exists': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{file} exists and is left as it is.',
      remedy: 'Write another one: bbb2pod init --config OTHER.toml, or move it away first.',
    },
    fr: {
      text: '{file} existe et reste tel quel.',
      remedy: "Écrivez-en un autre : bbb2pod init --config AUTRE.toml, ou déplacez-le d'abord.",
    },
  },
  'presentation-empty': {
    severity: 'error',
    en: {
      text: 'Nothing to convert in {folder}: neither slides, nor sound, nor video.',
      remedy: 'Give the published folder itself, the one that holds metadata.xml and shapes.svg',
    },
    fr: {
      text: 'Rien à convertir dans {folder} : ni diapositives, ni son, ni vidéo.',
      remedy: 'Donnez le dossier publié lui-même, celui qui contient metadata.xml et shapes.svg',
    },
  },
  'archive-refused': {
    severity: 'error',
    en: { text: '{archive} is not unpacked: {detail}', remedy: 'Look into it: tar -tvf {archive}' },
    fr: { text: "{archive} n'est pas extraite : {detail}", remedy: 'Regardez dedans : tar -tvf {archive}' },
  },
  'internal-fault': {
    severity: 'error',
    en: {
      text: 'A fault of bbb2pod itself: {detail}',
      remedy:
        'Nothing more was written. Run again with --log-level debug --log-file FILE and report it with FILE.',
    },
    fr: {
      text: 'Défaut de bbb2pod lui-même : {detail}',
      remedy:
        "Rien d'autre n'a été écrit. Relancez avec --log-level debug --log-file FICHIER et signalez-le avec FICHIER.",
    },
  },
  interrupted: {
    severity: 'error',
    en: {
      text: 'Interrupted by {signal}.',
      remedy: 'Type the same command again: it goes on with what is left.',
    },
    fr: {
      text: 'Interrompu par {signal}.',
      remedy: 'Tapez à nouveau la même commande : elle reprend ce qui reste.',
    },
  },
  'disk-full': {
    severity: 'error',
    en: {
      text: 'No space left while writing {path}.',
      remedy: 'Free some space (df -h lists the disks) and type the same command again.',
    },
    fr: {
      text: "Plus d'espace pour écrire {path}.",
      remedy: "Libérez de l'espace (df -h liste les disques) et tapez à nouveau la même commande.",
    },
  },
  'min-free-reached': {
    severity: 'error',
    en: {
      text: '{path}: {free} free, and --min-free keeps {least}.',
      remedy:
        'Free some space (df -h {path}), or type the same command with another --min-free. It goes on with what is left.',
    },
    fr: {
      text: '{path} : {free} libres, et --min-free en garde {least}.',
      remedy:
        "Libérez de l'espace (df -h {path}), ou tapez la même commande avec un autre --min-free. Elle reprend ce qui reste.",
    },
  },
  'file-unreadable': {
    severity: 'error',
    en: {
      text: 'Cannot look at {path}: {detail}',
      remedy: 'Look where it ends and whose each directory is: namei -l {path} ; and its mount: df -h',
    },
    fr: {
      text: 'Consultation impossible de {path} : {detail}',
      remedy:
        "Regardez où il s'arrête et à qui est chaque répertoire : namei -l {path} ; et son montage : df -h",
    },
  },
  'file-unwritable': {
    severity: 'error',
    en: {
      text: 'Cannot write {path}: {detail}',
      remedy: 'Look where it ends and whose each directory is: namei -l {path}',
    },
    fr: {
      text: 'Écriture impossible de {path} : {detail}',
      remedy: "Regardez où il s'arrête et à qui est chaque répertoire : namei -l {path}",
    },
  },
  'directory-uncreatable': {
    severity: 'error',
    en: {
      text: 'Cannot create {path}: {detail}',
      remedy:
        'As root: install -d -o {account} -m 0750 {instead} ; where that is another path, set it in the configuration (state_dir, work_dir, output or log directory)',
    },
    fr: {
      text: 'Création impossible de {path} : {detail}',
      remedy:
        "En root : install -d -o {account} -m 0750 {instead} ; si c'est un autre chemin, donnez-le dans la configuration (state_dir, work_dir, output ou répertoire des journaux)",
    },
  },
  'path-outside': {
    severity: 'error',
    en: { text: 'Refused: {name} leads out of {directory}.', remedy: 'Look where that name comes from.' },
    fr: { text: 'Refusé : {name} sort de {directory}.', remedy: "Regardez d'où vient ce nom." },
  },
  'run-locked': {
    severity: 'error',
    en: {
      text: 'Another run is at work on {what} ({holder}).',
      remedy: 'Wait for it, or look: bbb2pod migrate status',
    },
    fr: {
      text: 'Une autre exécution travaille sur {what} ({holder}).',
      remedy: 'Attendez sa fin, ou regardez : bbb2pod migrate status',
    },
  },
  'demo-step-failed': {
    severity: 'error',
    en: { text: 'Step "{command}" of the rehearsal ended with {status}: {detail}', remedy: 'bbb2pod doctor' },
    fr: {
      text: "L'étape « {command} » de la répétition s'est terminée avec {status} : {detail}",
      remedy: 'bbb2pod doctor',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof systemTexts>, true> {}
}
