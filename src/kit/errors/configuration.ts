import './detail-phrases.js';
import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** Command line and configuration file. */
export const configurationTexts = defineTexts({
  'usage-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: { text: '{detail}', remedy: 'Type the command with --help.' },
    fr: { text: 'Commande mal formée : {detail}', remedy: 'Tapez la commande avec --help.' },
  },
  'config-missing': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'No configuration file: looked for {looked}.', remedy: 'bbb2pod init' },
    fr: { text: 'Aucun fichier de configuration : cherché {looked}.', remedy: 'bbb2pod init' },
  },
  'config-unreadable': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'Cannot read {file}: {detail}', remedy: 'Check the path and the rights: ls -l {file}' },
    fr: {
      text: 'Lecture impossible de {file} : {detail}',
      remedy: 'Vérifiez le chemin et les droits : ls -l {file}',
    },
  },
  'config-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Invalid configuration in {file}: {detail}',
      remedy: 'Correct the file; a commented example: {example}',
    },
    fr: {
      text: 'Configuration invalide dans {file} : {detail}',
      remedy: 'Corrigez le fichier ; un exemple commenté : {example}',
    },
  },
  'config-unsafe': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'Refusing {file} for root: {detail}', remedy: 'chown root {file} && chmod go-w {file}' },
    fr: { text: '{file} refusé pour root : {detail}', remedy: 'chown root {file} && chmod go-w {file}' },
  },
  'config-ignored': {
    severity: 'warning',
    en: {
      text: 'The configuration was not used, and this command needs none: {detail}',
      remedy: 'To use it all the same: bbb2pod … --config FILE',
    },
    fr: {
      text: "La configuration n'a pas été utilisée, et cette commande s'en passe : {detail}",
      remedy: "Pour l'utiliser quand même : bbb2pod … --config FICHIER",
    },
  },
  'config-key-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'This command needs {key}, which is not set.',
      remedy: 'Set it in {file}, or give {environment}.',
    },
    fr: {
      text: 'Cette commande a besoin de {key}, non renseigné.',
      remedy: 'Renseignez-le dans {file}, ou par {environment}.',
    },
  },
  'config-named-key-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'This command needs {key}, which is not set.',
      remedy: 'Set it in {file}: environment variables exist for unnamed sections only.',
    },
    fr: {
      text: 'Cette commande a besoin de {key}, non renseigné.',
      remedy:
        'Renseignez-le dans {file} : les variables d’environnement n’existent que pour les sections sans nom.',
    },
  },
  'secret-unreadable': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Cannot read the secret file of {key}, {file}: {detail}',
      remedy: 'Check the path and the rights: ls -l {file}',
    },
    fr: {
      text: 'Fichier secret de {key} illisible, {file} : {detail}',
      remedy: 'Vérifiez le chemin et les droits : ls -l {file}',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof configurationTexts>, true> {}
}
