import { knowPhrases } from '../../kit/errors/phrases.js';

/* What is wrong on a command line: in the words of ours, then in those of oclif 4 (lib/parser/errors.js). */
knowPhrases([
  ['--{flag} {text}: give a size such as 20G.', '--{flag} {text} : donnez une taille, par exemple 20G.'],
  [
    '--{flag} {text}: give an age such as 1y, 6mo or 30d.',
    '--{flag} {text} : donnez un âge, par exemple 1y, 6mo ou 30d.',
  ],
  [
    '--{flag} {text}: give a duration such as 8h or 30min.',
    '--{flag} {text} : donnez une durée, par exemple 8h ou 30min.',
  ],
  [
    '--{flag} {text}: give a day such as 2024-09-01, or an age such as 60d.',
    '--{flag} {text} : donnez un jour, par exemple 2024-09-01, ou un âge, par exemple 60d.',
  ],
  ['--until {until} is not after --since {since}.', '--until {until} n’est pas après --since {since}.'],
  [
    '--{flag} {name} is a plan for {mode}: give that mode.',
    '--{flag} {name} est un plan pour {mode} : donnez ce mode.',
  ],
  [
    '--{flag} {name} is a plan that was made without {late}: leave it out, or plan anew.',
    '--{flag} {name} est un plan fait sans {late} : retirez cette option, ou refaites un plan.',
  ],
  ['--max {max} is before --min {min}.', '--max {max} est avant --min {min}.'],
  [
    '--use-export-csv is --export-csv FILE here (or --use_export_csv, which writes out.csv).',
    '--use-export-csv s’écrit ici --export-csv FICHIER (ou --use_export_csv, qui écrit out.csv).',
  ],
  [
    '--register-claims needs the file, which with --queue a worker makes later: Pod registers it itself.',
    '--register-claims veut le fichier, qu’avec --queue un worker fait plus tard : Pod l’enregistre lui-même.',
  ],
  [
    '--allow-missing makes its films here, where what they lack is noted: leave out --queue.',
    '--allow-missing fait ses films ici, où est noté ce qui leur manque : retirez --queue.',
  ],
  [
    '--owner: claimed recordings have none. --course, --category, --origin or --recording narrow them.',
    '--owner : ce qui est à revendiquer n’en a pas. --course, --category, --origin ou --recording le restreignent.',
  ],
  [
    '--resume takes no SOURCE: its run names them.',
    '--resume ne prend pas de SOURCE : son exécution les nomme.',
  ],
  ['--to {to} is not after --from {from}.', '--to {to} n’est pas après --from {from}.'],
  ['--from {from}: the recording lasts {time}.', '--from {from} : l’enregistrement dure {time}.'],
  [
    '{flags} cannot be had with --engine player: it films the page as it is.',
    '{flags} ne va pas avec --engine player : il filme la page telle quelle.',
  ],
  [
    '--header-file and --cookie-file are for one server: add --server NAME.',
    '--header-file et --cookie-file valent pour un serveur : ajoutez --server NOM.',
  ],
  [
    'for several recordings --output must be a directory.',
    'pour plusieurs enregistrements --output doit être un répertoire.',
  ],
  [
    '--archive takes the recordings of the configured servers: give no SOURCE.',
    '--archive prend les enregistrements des serveurs configurés : ne donnez pas de SOURCE.',
  ],
  [
    '--archive needs --output DIRECTORY, and it must exist ({directory}).',
    '--archive veut --output RÉPERTOIRE, et il doit exister ({directory}).',
  ],
  ['not given', 'non donné'],
  [
    'no server {name} is configured. There are: {names}.',
    'aucun serveur {name} n’est configuré. Il y a : {names}.',
  ],
  [
    '--only {name}: nothing of that name is configured here. There are: {names}.',
    '--only {name} : rien de ce nom n’est configuré ici. Il y a : {names}.',
  ],
  [
    '--only {name}: nothing of that name is configured here (did you mean {close}?). There are: {names}.',
    '--only {name} : rien de ce nom n’est configuré ici (vouliez-vous dire {close} ?). Il y a : {names}.',
  ],
  [
    'there is no command {name} (did you mean {meant}?).',
    'la commande {name} n’existe pas (vouliez-vous dire {meant} ?).',
  ],
  ['there is no command {name}.', 'la commande {name} n’existe pas.'],
  ['{text}: expected seconds (90, 12.5) or h:mm:ss.', '{text} : attendu des secondes (90, 12.5) ou h:mm:ss.'],
  [
    '{flag}: {text}: expected seconds (90, 12.5) or h:mm:ss.',
    '{flag} : {text} : attendu des secondes (90, 12.5) ou h:mm:ss.',
  ],
  ['a rehearsal needs a directory of its own', 'une répétition veut un répertoire à elle'],
  ['Unexpected argument: {words}.', 'Argument inattendu : {words}.'],
  ['Unexpected arguments: {words}.', 'Arguments inattendus : {words}.'],
  [
    'Unexpected argument: {words} (did you mean {meant}?).',
    'Argument inattendu : {words} (vouliez-vous dire {meant} ?).',
  ],
  [
    'Unexpected arguments: {words} (did you mean {meant}?).',
    'Arguments inattendus : {words} (vouliez-vous dire {meant} ?).',
  ],
  [
    'Nonexistent flag: {flags} (did you mean {meant}?).',
    'Option inconnue : {flags} (vouliez-vous dire {meant} ?).',
  ],
  [
    'Nonexistent flags: {flags} (did you mean {meant}?).',
    'Options inconnues : {flags} (vouliez-vous dire {meant} ?).',
  ],
  ['Nonexistent flag: {flags}.', 'Option inconnue : {flags}.'],
  ['Nonexistent flags: {flags}.', 'Options inconnues : {flags}.'],
  ['Expected --{flag}={value} to be one of: {values}.', '--{flag}={value} : attendu l’un de : {values}.'],
  ['Expected {value} to be one of: {values}.', '{value} : attendu l’un de : {values}.'],
  ['Flag --{flag} expects a value.', 'L’option --{flag} veut une valeur.'],
  [
    'Flag --{flag} expects one of these values: {values}.',
    'L’option --{flag} veut l’une de ces valeurs : {values}.',
  ],
  ['Missing 1 required arg: {word}.', 'Il manque un argument : {word}.'],
  ['Missing {count} required args: {words}.', 'Il manque {count} arguments : {words}.'],
  ['Missing required flag {flag}.', 'Il manque l’option {flag}.'],
  [
    '--{flag}={value} cannot also be provided when using --{other}.',
    '--{flag}={value} ne va pas avec --{other}.',
  ],
  ['All of the following must be provided when using --{flag}: {flags}.', '--{flag} veut aussi : {flags}.'],
  [
    '--{flag}: Expected an integer but received: {value}.',
    '--{flag} : attendu un nombre entier, reçu : {value}.',
  ],
  [
    '--{flag}: Expected an integer greater than or equal to {least} but received: {value}.',
    '--{flag} : attendu un nombre entier d’au moins {least}, reçu : {value}.',
  ],
  [
    '--{flag}: Expected an integer less than or equal to {most} but received: {value}.',
    '--{flag} : attendu un nombre entier d’au plus {most}, reçu : {value}.',
  ],
]);
