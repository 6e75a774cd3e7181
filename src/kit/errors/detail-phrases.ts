import { knowPhrases } from './phrases.js';

/* Details of failures of the kit itself: files, configuration, servers. */
knowPhrases([
  ['it is larger than 2 MB', 'il dépasse 2 Mo'],
  ['a value in it is too long, or it nests too deeply', 'une valeur y est trop longue, ou il imbrique trop'],
  ['the file is empty', 'le fichier est vide'],
  ['it is not a directory', "ce n'est pas un répertoire"],
  ['not a file', "ce n'est pas un fichier"],
  ['it does not start', 'il ne démarre pas'],
  ['the file changed meanwhile', 'le fichier a changé entre-temps'],
  ['more than {count} entries', 'plus de {count} entrées'],
  [
    'it holds {size}, and {free} are free below {place}',
    'elle contient {size}, et {free} sont libres sous {place}',
  ],
  ['SQLite cannot open it', 'SQLite ne peut pas l’ouvrir'],
  ['unreadable', 'illisible'],
  ['not a URL', 'ce n’est pas une URL'],
  ['unknown scheme {scheme}', 'schéma {scheme} inconnu'],
  ['no host', 'pas d’hôte'],
  ['a % must be written %25', 'un % doit s’écrire %25'],
  ['neither `database` nor `engine` is set', 'ni `database` ni `engine` n’est donné'],
  ['`name` is missing', '`name` manque'],
  [
    'the URL cannot be read; encode / ? # @ of the password as %2F %3F %23 %40',
    'l’URL est illisible ; codez / ? # @ du mot de passe en %2F %3F %23 %40',
  ],
  [
    'the URL must begin with postgresql://, mysql:// or sqlite:/',
    'l’URL doit commencer par postgresql://, mysql:// ou sqlite:/',
  ],
  ['a # in the URL must be written %23', 'un # dans l’URL doit s’écrire %23'],
  ['a % in the URL must be written %25', 'un % dans l’URL doit s’écrire %25'],
  ['the URL must end with /DATABASE', 'l’URL doit finir par /BASE'],
  ['the URL must be sqlite:/PATH', 'l’URL doit être sqlite:/CHEMIN'],
  ['unknown parameter `{name}` in the URL', 'paramètre `{name}` inconnu dans l’URL'],
  ['tls must be off, on or verify', 'tls doit être off, on ou verify'],
  ['no answer', 'pas de réponse'],
  ['no answer within {time}', 'pas de réponse en {time}'],
  ['the peer closed the connection', 'le correspondant a fermé la connexion'],
  [
    'NOAUTH: it asks for a password and the URL has none',
    'NOAUTH : il demande un mot de passe et l’URL n’en a pas',
  ],
  [
    'WRONGPASS: the password of the URL is not accepted',
    'WRONGPASS : le mot de passe de l’URL n’est pas accepté',
  ],
  ['protected mode: it only answers its own machine', 'mode protégé : il ne répond qu’à sa propre machine'],
  ['LOADING: it is still reading its data from disk', 'LOADING : il lit encore ses données sur le disque'],
  ['not whole after {time}', 'pas entier après {time}'],
  ['{size} a second', '{size} par seconde'],
  ['everybody may write it', 'tout le monde peut y écrire'],
  [
    'it lies in the current directory and belongs to user {uid}',
    "il est dans le répertoire courant et appartient à l'utilisateur {uid}",
  ],
]);
