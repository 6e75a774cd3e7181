import { defineCodes } from './define.js';

/** Conversion of presentations: the browser, the encoder, the sources. */
export const recorderCodes = defineCodes({
  'chromium-missing': {
    severity: 'error',
    en: {
      text: 'No Chromium at {path}.',
      remedy: 'apt-get install chromium chromium-headless-shell, or set [recorder] chromium',
    },
    fr: {
      text: 'Pas de Chromium à {path}.',
      remedy: 'apt-get install chromium chromium-headless-shell, ou renseignez [recorder] chromium',
    },
  },
  'chromium-snap': {
    severity: 'error',
    en: {
      text: 'Chromium at {path} is a snap: it cannot read our files and cannot be driven.',
      remedy:
        'Install a Chromium that is not a snap (npx puppeteer browsers install chrome) and set [recorder] chromium',
    },
    fr: {
      text: 'Le Chromium de {path} est un snap : il ne lit pas nos fichiers et ne se pilote pas.',
      remedy:
        'Installez un Chromium hors snap (npx puppeteer browsers install chrome) et renseignez [recorder] chromium',
    },
  },
  'chromium-start': {
    severity: 'error',
    en: {
      text: 'Chromium ({path}) did not start: {detail}',
      remedy:
        'Try it: {path} --headless --dump-dom about:blank ; without user namespaces set kernel.unprivileged_userns_clone=1',
    },
    fr: {
      text: "Chromium ({path}) n'a pas démarré : {detail}",
      remedy:
        'Essayez : {path} --headless --dump-dom about:blank ; sans user namespaces, kernel.unprivileged_userns_clone=1',
    },
  },
  'chromium-stuck': {
    severity: 'error',
    en: {
      text: 'Chromium stopped answering after {seconds} s while {doing}.',
      remedy: 'Type the same command again; if it happens again, --log-level debug --log-file FILE',
    },
    fr: {
      text: 'Chromium ne répond plus après {seconds} s : {doing}.',
      remedy: 'Relancez la même commande ; si cela se répète, --log-level debug --log-file FICHIER',
    },
  },
  'chromium-memory': {
    severity: 'error',
    en: {
      text: 'Chromium was stopped: it held {used}, more than the {limit} allowed.',
      remedy: 'The recording may be broken or hostile; --size 1280x720 needs the least memory',
    },
    fr: {
      text: 'Chromium arrêté : {used} de mémoire, plus que les {limit} permis.',
      remedy: "L'enregistrement est peut-être abîmé ou hostile ; --size 1280x720 demande le moins de mémoire",
    },
  },
});
