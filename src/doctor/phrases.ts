import { knowPhrases } from '../kit/errors/phrases.js';

/* Details of findings. */
knowPhrases([
  ['[recorder] queue or manager', '[recorder] queue ou manager'],
  ['the mail of a night batch or of a live', "le courriel d'un traitement de nuit ou d'un direct"],
  ['links in reports, live run', 'liens des rapports, live run'],
  ['[recorder] queue is no redis:// URL', "[recorder] queue n'est pas une URL redis://"],
  ['the meeting does not run', 'la réunion ne tourne pas'],
]);
