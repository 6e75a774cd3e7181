import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Moodle's database: what hinders reading or writing. */
export const texts = defineTexts({
  'moodle-category-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--category {category}: no category of Moodle ({sections}) has that id, idnumber or name.',
      remedy: 'Its id stands in the address of its page in Moodle: course/index.php?categoryid=ID',
    },
    fr: {
      text: "--category {category} : aucune catégorie de Moodle ({sections}) n'a ce numéro, cet identifiant ou ce nom.",
      remedy: "Son numéro est dans l'adresse de sa page dans Moodle : course/index.php?categoryid=ID",
    },
  },
  'moodle-category-ambiguous': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--category {category} may be: {found}.',
      remedy: 'Name one of them: --category {first}',
    },
    fr: {
      text: '--category {category} peut être : {found}.',
      remedy: "Nommez l'une d'elles : --category {first}",
    },
  },
  'moodle-prefix-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'No Moodle tables with prefix "{prefix}" in {database} (prefixes found: {found}).',
      remedy:
        'Set prefix in [moodle.{section}]; it is $CFG->prefix in the config.php of Moodle. On MariaDB an account without rights sees no table either.',
    },
    fr: {
      text: 'Pas de tables Moodle au préfixe « {prefix} » dans {database} (préfixes trouvés : {found}).',
      remedy:
        "Renseignez prefix dans [moodle.{section}] ; c'est $CFG->prefix dans le config.php de Moodle. Sur MariaDB, un compte sans droits ne voit aucune table non plus.",
    },
  },
  'moodle-read-replica': {
    severity: 'error',
    en: {
      text: '{database} is a read replica or read-only: a notice must be written to the primary server.',
      remedy: 'Point annotate_database at the primary server.',
    },
    fr: {
      text: 'Écriture impossible dans {database}, réplica ou en lecture seule : un message doit être écrit sur le serveur principal.',
      remedy: 'Faites pointer annotate_database vers le serveur principal.',
    },
  },
  'moodle-without-transactions': {
    severity: 'error',
    en: {
      text: 'Table {table} of {database} has an engine without transactions: nothing is written to it.',
      remedy: 'ALTER TABLE {table} ENGINE=InnoDB, or use --emit php.',
    },
    fr: {
      text: "La table {table} a un moteur sans transactions dans {database} : rien n'y est écrit.",
      remedy: 'ALTER TABLE {table} ENGINE=InnoDB, ou employez --emit php.',
    },
  },
  'moodle-write-right-missing': {
    severity: 'error',
    en: {
      text: 'The account of annotate_database may not write notices in {database}.',
      remedy: "Run as the database's administrator: {grants}",
    },
    fr: {
      text: "Le compte d'annotate_database ne peut pas écrire de message dans {database}.",
      remedy: 'Exécutez en administrateur de la base : {grants}',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
