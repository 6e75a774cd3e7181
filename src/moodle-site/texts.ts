import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Moodle's database: what hinders reading or writing. */
export const texts = defineTexts({
  'moodle-category-unknown': refusal(
    '--category {category}: no category of Moodle ({sections}) has that id, idnumber or name.',
    "--category {category} : aucune catégorie de Moodle ({sections}) n'a ce numéro, cet identifiant ou ce nom.",
    'Its id stands in the address of its page in Moodle: course/index.php?categoryid=ID',
    "Son numéro est dans l'adresse de sa page dans Moodle : course/index.php?categoryid=ID",
  ),
  'moodle-category-ambiguous': refusal(
    '--category {category} may be: {found}.',
    '--category {category} peut être : {found}.',
    'Name one of them: --category {first}',
    "Nommez l'une d'elles : --category {first}",
  ),
  'moodle-prefix-unknown': refusal(
    'No Moodle tables with prefix "{prefix}" in {database} (prefixes found: {found}).',
    'Pas de tables Moodle au préfixe « {prefix} » dans {database} (préfixes trouvés : {found}).',
    'Set prefix in [moodle.{section}]; it is $CFG->prefix in the config.php of Moodle. On MariaDB an account without rights sees no table either.',
    "Renseignez prefix dans [moodle.{section}] ; c'est $CFG->prefix dans le config.php de Moodle. Sur MariaDB, un compte sans droits ne voit aucune table non plus.",
  ),
  'moodle-read-replica': say(
    'error',
    '{database} is a read replica or read-only: a notice must be written to the primary server.',
    'Écriture impossible dans {database}, réplica ou en lecture seule : un message doit être écrit sur le serveur principal.',
    'Point annotate_database at the primary server.',
    'Faites pointer annotate_database vers le serveur principal.',
  ),
  'moodle-without-transactions': say(
    'error',
    'Table {table} of {database} has an engine without transactions: nothing is written to it.',
    "La table {table} a un moteur sans transactions dans {database} : rien n'y est écrit.",
    'ALTER TABLE {table} ENGINE=InnoDB, or use --emit php.',
    'ALTER TABLE {table} ENGINE=InnoDB, ou employez --emit php.',
  ),
  'moodle-write-right-missing': say(
    'error',
    'The account of annotate_database may not write notices in {database}.',
    "Le compte d'annotate_database ne peut pas écrire de message dans {database}.",
    "Run as the database's administrator: {grants}",
    'Exécutez en administrateur de la base : {grants}',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
