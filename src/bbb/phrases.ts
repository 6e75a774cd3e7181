import { knowPhrases } from '../kit/errors/phrases.js';

/* What is wrong with an answer of BigBlueButton, or with a file that keeps one. */
knowPhrases([
  ['it answers a web page', 'il répond une page web'],
  ['it answers 404', 'il répond 404'],
  ['it answers {status}', 'il répond {status}'],
  ['it answers no XML', 'il ne répond pas du XML'],
  ['it answers no SUCCESS', 'il ne répond pas SUCCESS'],
  ['it begins with <{name}>', 'elle commence par <{name}>'],
  ['it is empty', 'elle est vide'],
  ['it holds no element', 'il ne contient aucun élément'],
  ['it is not closed', "il n'est pas fermé"],
  ['it has no recordID or no plausible start', "il n'a pas de recordID ou pas de début plausible"],
  ['one of its recordings is larger than 1 MB', "l'un de ses enregistrements dépasse 1 Mo"],
  ['it ends within a recording', 'elle finit au milieu d’un enregistrement'],
  ['it holds too much that is no recording', "elle contient trop de ce qui n'est pas un enregistrement"],
  ['it has no <recordings>', "elle n'a pas de <recordings>"],
  ['its returncode is {code}', 'son returncode est {code}'],
  ['missing', 'absent'],
]);
