import './detail-phrases.js';
import type { CodesOf } from './code.js';
import { refusal, say } from './define.js';
import { defineTexts } from './define-texts.js';

/** Command line and configuration file. */
export const configurationTexts = defineTexts({
  'usage-invalid': refusal(
    '{detail}',
    'Commande mal formée : {detail}',
    'Type the command with --help.',
    'Tapez la commande avec --help.',
  ),
  'config-missing': refusal(
    'No configuration file: looked for {looked}.',
    'Aucun fichier de configuration : cherché {looked}.',
    'bbb2pod init',
  ),
  'config-unreadable': refusal(
    'Cannot read {file}: {detail}',
    'Lecture impossible de {file} : {detail}',
    'Check the path and the rights: ls -l {file}',
    'Vérifiez le chemin et les droits : ls -l {file}',
  ),
  'config-invalid': refusal(
    'Invalid configuration in {file}: {detail}',
    'Configuration invalide dans {file} : {detail}',
    'Correct the file; a commented example: {example}',
    'Corrigez le fichier ; un exemple commenté : {example}',
  ),
  'config-unsafe': refusal(
    'Refusing {file} for root: {detail}',
    '{file} refusé pour root : {detail}',
    'chown root {file} && chmod go-w {file}',
  ),
  'config-ignored': say(
    'warning',
    'The configuration was not used, and this command needs none: {detail}',
    "La configuration n'a pas été utilisée, et cette commande s'en passe : {detail}",
    'To use it all the same: bbb2pod … --config FILE',
    "Pour l'utiliser quand même : bbb2pod … --config FICHIER",
  ),
  'config-key-missing': refusal(
    'This command needs {key}, which is not set.',
    'Cette commande a besoin de {key}, non renseigné.',
    'Set it in {file}, or give {environment}.',
    'Renseignez-le dans {file}, ou par {environment}.',
  ),
  'config-named-key-missing': refusal(
    'This command needs {key}, which is not set.',
    'Cette commande a besoin de {key}, non renseigné.',
    'Set it in {file}: environment variables exist for unnamed sections only.',
    'Renseignez-le dans {file} : les variables d’environnement n’existent que pour les sections sans nom.',
  ),
  'secret-unreadable': refusal(
    'Cannot read the secret file of {key}, {file}: {detail}',
    'Fichier secret de {key} illisible, {file} : {detail}',
    'Check the path and the rights: ls -l {file}',
    'Vérifiez le chemin et les droits : ls -l {file}',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof configurationTexts>, true> {}
}
