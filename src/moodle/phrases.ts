import { knowPhrases } from '../kit/errors/phrases.js';

/* What a notice may not hold. */
knowPhrases([
  ['"{id}" is no recordID', '« {id} » n’est pas un recordID'],
  ['longer than {count} bytes', 'plus de {count} octets'],
  ['holds a NUL character', 'contient un caractère NUL'],
  ['a "<" that begins no tag: write &lt;', 'un « < » qui ne commence aucune balise : écrivez &lt;'],
  ['<{tag}> is never closed', '<{tag}> n’est jamais fermé'],
  ['holds no text', 'ne contient aucun texte'],
  ['</{tag}> closes nothing', '</{tag}> ne ferme rien'],
  [
    '</{tag}> where </{last}> is expected (opened on line {line})',
    '</{tag}> où </{last}> est attendu (ouvert à la ligne {line})',
  ],
  ['<{tag}> is not allowed in a notice', '<{tag}> n’est pas permis dans une notice'],
  ['<{tag}/> must be closed by </{end}>', '<{tag}/> doit être fermé par </{end}>'],
  [
    'attributes of <{tag}> must be written name="value"',
    'les attributs de <{tag}> doivent s’écrire nom="valeur"',
  ],
  ['event attribute {name} is not allowed', 'l’attribut d’événement {name} n’est pas permis'],
  ['attribute {name} of <{tag}> is not allowed', 'l’attribut {name} de <{tag}> n’est pas permis'],
  [
    '{name} must begin with https://, http:// or {pod_url}',
    '{name} doit commencer par https://, http:// ou {pod_url}',
  ],
  ['a variable is not closed: {name}', 'une variable n’est pas fermée : {name}'],
]);
