import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** Programs we start: ffmpeg, Chromium, Xvfb, docker compose… Their arguments are never in a message. */
export const processTexts = defineTexts({
  'program-missing': {
    severity: 'error',
    en: {
      text: 'Cannot start {program}: {detail}',
      remedy: 'Install it (apt install; from source: bin/setup), or give its path.',
    },
    fr: {
      text: 'Impossible de démarrer {program} : {detail}',
      remedy: 'Installez-le (apt install ; depuis les sources : bin/setup), ou donnez son chemin.',
    },
  },
  'package-missing': {
    severity: 'error',
    en: {
      text: '{program} is not installed on this machine.',
      remedy: 'apt-get install --no-install-recommends {package}',
    },
    fr: {
      text: "{program} n'est pas installé sur cette machine.",
      remedy: 'apt-get install --no-install-recommends {package}',
    },
  },
  'program-failed': {
    severity: 'error',
    en: { text: '{program} ended with {ending}: {detail}', remedy: 'Read its last lines above.' },
    fr: {
      text: "{program} s'est terminé avec {ending} : {detail}",
      remedy: 'Lisez ses dernières lignes ci-dessus.',
    },
  },
  'program-too-slow': {
    severity: 'error',
    en: {
      text: '{program} was stopped after {seconds} s.',
      remedy: 'Look at the load of the machine (uptime), then type the same command again.',
    },
    fr: {
      text: '{program} arrêté après {seconds} s.',
      remedy: 'Regardez la charge de la machine (uptime), puis retapez la même commande.',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof processTexts>, true> {}
}
