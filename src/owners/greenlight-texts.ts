import type { CodesOf } from '../kit/errors/code.js';
import { say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Owners by the rooms of Greenlight: rules, people left out, and why nobody. */
export const greenlightOwnerTexts = defineTexts({
  'owner-greenlight-room': say(
    'info',
    'owner of the Greenlight room "{room}"',
    'propriétaire du salon Greenlight « {room} »',
  ),
  'owner-greenlight-recording': say(
    'info',
    'owner of the Greenlight room "{room}", by Greenlight\u2019s own list of recordings',
    'propriétaire du salon Greenlight « {room} », par la liste d\u2019enregistrements de Greenlight',
  ),
  'owner-greenlight-shared': say(
    'info',
    'shares the Greenlight room "{room}"',
    'partage le salon Greenlight « {room} »',
  ),
  'unresolved-greenlight': say(
    'warning',
    "a Greenlight room's session; its owner is only known to Greenlight",
    "session d'un salon Greenlight ; seul Greenlight en connaît le propriétaire",
    'Give --use-database-greenlight and a section [greenlight.default] (docs/operations.md).',
    'Donnez --use-database-greenlight et une section [greenlight.default] (docs/operations.md).',
  ),
  'unresolved-greenlight-room': say(
    'warning',
    'no configured Greenlight has a room {meeting}: deleted with its owner, or of another Greenlight',
    "aucun Greenlight configuré n'a de salon {meeting} : supprimé avec son propriétaire, ou d'un autre Greenlight",
    'Add a line to the owners file: {meeting};USER',
    'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
  ),
  'unresolved-greenlight-tenant': say(
    'warning',
    'the Greenlight room "{room}" belongs to the tenant {tenant}',
    'le salon Greenlight « {room} » appartient au locataire {tenant}',
    'If it is yours: [greenlight.{section}] provider = "{tenant}"',
    'S\'il est à vous : [greenlight.{section}] provider = "{tenant}"',
  ),
  'unresolved-greenlight-doubled': say(
    'warning',
    '{count} Greenlight rooms of different people have the id {meeting}: {rooms}',
    "{count} salons Greenlight de personnes différentes ont l'identifiant {meeting} : {rooms}",
    'Add a line to the owners file: {meeting};USER',
    'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
  ),
  'unresolved-greenlight-owner': say(
    'warning',
    'nobody of the Greenlight room "{room}" has an account in Pod that can be told for certain (owner: {owner})',
    "personne du salon Greenlight « {room} » n'a dans Pod de compte certain (propriétaire : {owner})",
    'Add a line to the owners file: {owner};USER',
    'Ajoutez une ligne au fichier des propriétaires : {owner};UTILISATEUR',
  ),
  'note-greenlight-not-in-pod': say(
    'warning',
    '{user} of Greenlight has no account in Pod that can be told for certain',
    "{user} de Greenlight n'a pas dans Pod de compte certain",
    'Add a line to the owners file: {user};POD-USER',
    'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
  ),
  'note-greenlight-keys-differ': say(
    'warning',
    'Greenlight calls them {user}, and {email} is the address of the Pod account {account}',
    "Greenlight l'appelle {user}, et {email} est l'adresse du compte Pod {account}",
    'If {account} is right, add a line to the owners file: {email};{account}',
    'Si {account} est le bon, ajoutez une ligne au fichier des propriétaires : {email};{account}',
  ),
  'note-greenlight-owner-deleted': say(
    'info',
    'left out: {user}, owner of the room "{room}", was deleted in Greenlight',
    'écarté : {user}, propriétaire du salon « {room} », a été supprimé dans Greenlight',
  ),
  'note-greenlight-owner-banned': say(
    'info',
    'left out: {user}, owner of the room "{room}", is banned in Greenlight',
    'écarté : {user}, propriétaire du salon « {room} », est banni dans Greenlight',
  ),
  'note-greenlight-owner-pending': say(
    'info',
    'left out: {user}, owner of the room "{room}", still awaits approval in Greenlight',
    "écarté : {user}, propriétaire du salon « {room} », attend encore l'approbation dans Greenlight",
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof greenlightOwnerTexts>, true> {}
}
