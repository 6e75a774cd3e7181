import { defineCodes } from './define.js';

/** Moodle's database, the notices written into it, and its inventory. */
export const moodleCodes = defineCodes({
  'moodle-prefix-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'No Moodle tables with prefix "{prefix}" in {database} (prefixes found: {found}).',
      remedy: 'Set prefix in [moodle.{section}]; it is $CFG->prefix in the config.php of Moodle.',
    },
    fr: {
      text: 'Pas de tables Moodle au préfixe « {prefix} » dans {database} (préfixes trouvés : {found}).',
      remedy: "Renseignez prefix dans [moodle.{section}] ; c'est $CFG->prefix dans le config.php de Moodle.",
    },
  },
});
