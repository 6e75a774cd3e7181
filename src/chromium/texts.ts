import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Chromium: found, started, driven; joining a meeting in it. */
export const texts = defineTexts({
  'player-page-failed': {
    severity: 'error',
    en: {
      text: 'The player’s page {url} did not play: {detail}',
      remedy: 'Open it in a browser; a slow server needs a longer [recorder] page_timeout',
    },
    fr: {
      text: 'La page du lecteur {url} ne s’est pas lue : {detail}',
      remedy: 'Ouvrez-la dans un navigateur ; un serveur lent demande un [recorder] page_timeout plus long',
    },
  },
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
        'Install a Chromium that is not a snap (npx @puppeteer/browsers@2 install chrome) and set [recorder] chromium',
    },
    fr: {
      text: 'Le Chromium de {path} est un snap : il ne lit pas nos fichiers et ne se pilote pas.',
      remedy:
        'Installez un Chromium hors snap (npx @puppeteer/browsers@2 install chrome) et renseignez [recorder] chromium',
    },
  },
  'chromium-start': {
    severity: 'error',
    en: {
      text: 'Chromium ({path}) did not start: {detail}',
      remedy:
        'Try it: {path} --headless --dump-dom about:blank ; without user namespaces: apt-get install chromium-sandbox, or sysctl kernel.unprivileged_userns_clone=1',
    },
    fr: {
      text: "Chromium ({path}) n'a pas démarré : {detail}",
      remedy:
        'Essayez : {path} --headless --dump-dom about:blank ; sans user namespaces : apt-get install chromium-sandbox, ou sysctl kernel.unprivileged_userns_clone=1',
    },
  },
  'chromium-stuck': {
    severity: 'error',
    en: {
      text: 'Chromium failed while {doing}: {detail}',
      remedy: 'Type the same command again; if it happens again, --log-level debug --log-file FILE',
    },
    fr: {
      text: 'Chromium a échoué ({doing}) : {detail}',
      remedy: 'Relancez la même commande ; si cela se répète, --log-level debug --log-file FICHIER',
    },
  },
  'live-join-refused': {
    severity: 'error',
    en: {
      text: 'BigBlueButton refuses the bot: {key}',
      remedy: "Look at the meeting's settings (guest policy, lock, participants limit).",
    },
    fr: {
      text: 'BigBlueButton refuse le robot : {key}',
      remedy: 'Regardez les réglages de la session (invités, verrou, nombre de participants).',
    },
  },
  'live-join-failed': {
    severity: 'error',
    en: {
      text: "The meeting's page does not open: {detail}",
      remedy: "Open the meeting with a browser on this machine; look at the live's log.",
    },
    fr: {
      text: "La page de la session ne s'ouvre pas : {detail}",
      remedy: 'Ouvrez la session avec un navigateur sur cette machine ; regardez le journal du direct.',
    },
  },
  'live-lobby-closed': {
    severity: 'error',
    en: {
      text: 'The bot stays in the lobby: {detail}',
      remedy:
        'A moderator must let it in, or change the guest policy; live.guest and live.max_wait say how long it waits.',
    },
    fr: {
      text: "Le robot reste en salle d'attente : {detail}",
      remedy:
        "Un modérateur doit le laisser entrer, ou changer la règle des invités ; live.guest et live.max_wait règlent l'attente.",
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
