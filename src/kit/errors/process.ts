import type { CodesOf } from './code.js';
import { say } from './define.js';
import { defineTexts } from './define-texts.js';

/** Programs we start: ffmpeg, Chromium, Xvfb, docker compose… Their arguments are never in a message. */
export const processTexts = defineTexts({
  'program-missing': say(
    'error',
    'Cannot start {program}: {detail}',
    'Impossible de démarrer {program} : {detail}',
    'Install it (apt install; from source: bin/setup), or give its path.',
    'Installez-le (apt install ; depuis les sources : bin/setup), ou donnez son chemin.',
  ),
  'package-missing': say(
    'error',
    '{program} is not installed on this machine.',
    "{program} n'est pas installé sur cette machine.",
    'apt-get install --no-install-recommends {package}',
  ),
  'program-failed': say(
    'error',
    '{program} ended with {ending}: {detail}',
    "{program} s'est terminé avec {ending} : {detail}",
    'Read its last lines above.',
    'Lisez ses dernières lignes ci-dessus.',
  ),
  'program-too-slow': say(
    'error',
    '{program} was stopped after {seconds} s.',
    '{program} arrêté après {seconds} s.',
    'Look at the load of the machine (uptime), then type the same command again.',
    'Regardez la charge de la machine (uptime), puis retapez la même commande.',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof processTexts>, true> {}
}
