import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Greenlight's database: what it is, and what hinders reading it. */
export const texts = defineTexts({
  'greenlight-unknown': refusal(
    '{database} holds no rooms of Greenlight 2 or 3 (Greenlight 1 had none).',
    "Pas de salons de Greenlight 2 ou 3 dans {database} (Greenlight 1 n'en avait pas).",
    'Set the database of [greenlight.{section}]; usual names are greenlight_production and greenlight-v3-production.',
    'Renseignez la base de [greenlight.{section}] ; ses noms habituels sont greenlight_production et greenlight-v3-production.',
  ),
  'greenlight-right-missing': refusal(
    'The account of [greenlight.{section}] may not read {tables} in {database}.',
    'Le compte de [greenlight.{section}] ne peut pas lire {tables} dans {database}.',
    "Run as the database's administrator: {grants}",
    'Exécutez en administrateur de la base : {grants}',
  ),
  'greenlight-column-missing': say(
    'critical',
    '{table} has no {columns}: a Greenlight that this tool does not know',
    "{table} n'a pas {columns} : un Greenlight que cet outil ne connaît pas",
    "Give its owners by the owners file: [migrate] owners_file = '/etc/bbb2pod/owners.csv'",
    "Donnez ses propriétaires par le fichier : [migrate] owners_file = '/etc/bbb2pod/owners.csv'",
  ),
  'greenlight-database-answers': say('info', '{server} answers: {database}', '{server} répond : {database}'),
  'greenlight-version': say(
    'info',
    'Greenlight {version} by its columns, newest migration {schema}',
    'Greenlight {version} d’après ses colonnes, dernière migration {schema}',
  ),
  'greenlight-rights-wide': say(
    'warning',
    'its account may read {columns} of {table}: more than is needed',
    'son compte peut lire {columns} de {table} : plus que nécessaire',
    'An account of its own, with the columns of docs/operations.md alone',
    'Un compte à part, avec les seules colonnes de docs/operations.md',
  ),
  'greenlight-tenants': say(
    'warning',
    'several tenants: {tenants}; only rooms of "greenlight" count',
    'plusieurs locataires : {tenants} ; seuls les salons de « greenlight » comptent',
    '[greenlight.{section}] provider = "TENANT", and a section for each that uses this BBB server',
    '[greenlight.{section}] provider = "LOCATAIRE", et une section pour chacun de ceux qui emploient ce serveur BBB',
  ),
  'greenlight-tenant-unknown': say(
    'critical',
    'nobody has the provider {tenant}; there are: {tenants}',
    "personne n'a le provider {tenant} ; il y a : {tenants}",
    'Correct provider in [greenlight.{section}]',
    'Corrigez provider dans [greenlight.{section}]',
  ),
  'greenlight-rooms-doubled': say(
    'warning',
    'meetingIDs that rooms of several people hold: {count} ({ids}); their recordings stay without owner',
    'meetingID que détiennent des salons de plusieurs personnes : {count} ({ids}) ; leurs enregistrements restent sans propriétaire',
    'Name the owners by date in the owners file: recordID;USER',
    'Nommez les propriétaires selon la date dans le fichier : recordID;UTILISATEUR',
  ),
  'greenlight-local-parts': say(
    'info',
    'the same name before the @ of several addresses: {count} ({parts}); only whole addresses and user names count',
    'le même nom avant le @ de plusieurs adresses : {count} ({parts}) ; seuls comptent adresses entières et identifiants',
  ),
  'greenlight-owners-in-pod': say(
    'info',
    'all {count} room owners looked at have an account in Pod',
    'les {count} propriétaires de salons regardés ont tous un compte dans Pod',
  ),
  'greenlight-owners-not-in-pod': say(
    'warning',
    'room owners whose user name and address match no Pod account: {missing} of {count} ({people})',
    'propriétaires de salons dont ni identifiant ni adresse ne correspondent à un compte Pod : {missing} sur {count} ({people})',
    'They log in to Pod once, or add lines to the owners file: ADDRESS;POD-USER',
    'Ils se connectent une fois à Pod, ou ajoutez des lignes au fichier des propriétaires : ADRESSE;UTILISATEUR-POD',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
