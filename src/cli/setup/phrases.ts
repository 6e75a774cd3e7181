import { knowPhrases } from '../../kit/errors/phrases.js';

/* What `init` notes of the files it reads. */
knowPhrases([
  ['{key} has no place in this version', "{key} n'a pas de place dans cette version"],
  ['{name} is computed ({text}): set {key} yourself', '{name} est calculé ({text}) : donnez {key} vous-même'],
  [
    '{name} is computed ({text}): set what it stands for yourself',
    "{name} est calculé ({text}) : donnez vous-même ce qu'il représente",
  ],
  [
    'SCRIPT_INFORM: put your message in a file of its own, [moodle_notice] file',
    'SCRIPT_INFORM : mettez votre message dans un fichier à lui, [moodle_notice] file',
  ],
  [
    '{key} differs between {first} and {second}: the first was taken, look which is right',
    '{key} diffère entre {first} et {second} : le premier est pris, voyez lequel est juste',
  ],
  [
    '[recorder] queue_key was made: every server of a conversion queue needs the same one',
    "[recorder] queue_key a été créé : chaque serveur d'une file de conversion veut le même",
  ],
  [
    'Servers: {sections}. Commands take all of them, or one: {command}',
    'Serveurs : {sections}. Les commandes les prennent tous, ou un seul : {command}',
  ],
]);
