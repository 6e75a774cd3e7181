import './usage-phrases.js';
import { defineWords } from '../../kit/output/define-words.js';

/** What every command may say, and the mail of a batch that nobody watched. */
export const words = defineWords({
  error: ['Error {code}: {text}', 'Erreur {code} : {text}'],
  configuration: ['Configuration: {file}', 'Configuration : {file}'],
  whileClosing: ['While closing: {detail}', 'À la fermeture : {detail}'],
  askYes: ['{question} [y/N] ', '{question} [o/N] '],
  meant: ['did you mean {command}?', 'vouliez-vous dire {command} ?'],
  noLine: [
    'This run leaves no line in migrate status: {why}',
    'Cette exécution ne laisse pas de ligne dans migrate status : {why}',
  ],
  notMailed: ['The summary could not be mailed: {why}', "Le résumé n'a pas pu être envoyé : {why}"],
  mailUnknown: [
    'No mail was sent: whom to mail stands in a configuration that cannot be used: {why}',
    'Aucun courrier envoyé : son destinataire est dans une configuration refusée : {why}',
  ],
  subject: [
    'bbb2pod on {host}: {command} ended with status {status}',
    'bbb2pod sur {host} : {command} s’est terminé avec le statut {status}',
  ],
  subjectKilled: ['bbb2pod on {host}: {command} was killed', 'bbb2pod sur {host} : {command} a été tué'],
  startedOnly: ['Started:  {at}, and no end', 'Début :     {at}, sans fin'],
  failedRemedy: ['  -> {remedy}', '  -> {remedy}'],
  host: ['Host:     {host}', 'Hôte :      {host}'],
  command: ['Command:  {command}', 'Commande :  {command}'],
  started: [
    'Started:  {at}, ended after {took} with status {status}',
    'Début :     {at}, terminé après {took} avec le statut {status}',
  ],
  why: ['Why:      {code}: {text}', 'Pourquoi :  {code} : {text}'],
  remedy: ['          -> {remedy}', '            -> {remedy}'],
  failed: ['Failed: {count}', 'En échec : {count}'],
  failedFirst: ['Failed: {count}, the first of them:', 'En échec : {count}, dont les premiers :'],
  failedItem: ['- {title}  {recordId}', '- {title}  {recordId}'],
  failedItemOf: ['- {title} ({owner})  {recordId}', '- {title} ({owner})  {recordId}'],
  failedWhy: ['  {code}: {text}', '  {code} : {text}'],
  report: ['Report:   {page}', 'Rapport :   {page}'],
  status: ['Status:   {command}', 'État :      {command}'],
});
