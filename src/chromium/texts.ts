import type { CodesOf } from '../kit/errors/code.js';
import { say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Chromium: found, started, driven; joining a meeting in it. */
export const texts = defineTexts({
  'player-page-failed': say(
    'error',
    'The player’s page {url} did not play: {detail}',
    'La page du lecteur {url} ne s’est pas lue : {detail}',
    'Open it in a browser; a slow server needs a longer [recorder] page_timeout',
    'Ouvrez-la dans un navigateur ; un serveur lent demande un [recorder] page_timeout plus long',
  ),
  'chromium-missing': say(
    'error',
    'No Chromium at {path}.',
    'Pas de Chromium à {path}.',
    'apt-get install chromium chromium-headless-shell, or set [recorder] chromium',
    'apt-get install chromium chromium-headless-shell, ou renseignez [recorder] chromium',
  ),
  'chromium-snap': say(
    'error',
    'Chromium at {path} is a snap: it cannot read our files and cannot be driven.',
    'Le Chromium de {path} est un snap : il ne lit pas nos fichiers et ne se pilote pas.',
    'Install a Chromium that is not a snap (npx @puppeteer/browsers@2 install chrome) and set [recorder] chromium',
    'Installez un Chromium hors snap (npx @puppeteer/browsers@2 install chrome) et renseignez [recorder] chromium',
  ),
  'chromium-start': say(
    'error',
    'Chromium ({path}) did not start: {detail}',
    "Chromium ({path}) n'a pas démarré : {detail}",
    'Try it: {path} --headless --dump-dom about:blank ; without user namespaces: apt-get install chromium-sandbox, or sysctl kernel.unprivileged_userns_clone=1',
    'Essayez : {path} --headless --dump-dom about:blank ; sans user namespaces : apt-get install chromium-sandbox, ou sysctl kernel.unprivileged_userns_clone=1',
  ),
  'chromium-stuck': say(
    'error',
    'Chromium failed while {doing}: {detail}',
    'Chromium a échoué ({doing}) : {detail}',
    'Type the same command again; if it happens again, --log-level debug --log-file FILE',
    'Relancez la même commande ; si cela se répète, --log-level debug --log-file FICHIER',
  ),
  'live-join-refused': say(
    'error',
    'BigBlueButton refuses the bot: {key}',
    'BigBlueButton refuse le robot : {key}',
    "Look at the meeting's settings (guest policy, lock, participants limit).",
    'Regardez les réglages de la session (invités, verrou, nombre de participants).',
  ),
  'live-join-failed': say(
    'error',
    "The meeting's page does not open: {detail}",
    "La page de la session ne s'ouvre pas : {detail}",
    "Open the meeting with a browser on this machine; look at the live's log.",
    'Ouvrez la session avec un navigateur sur cette machine ; regardez le journal du direct.',
  ),
  'live-lobby-closed': say(
    'error',
    'The bot stays in the lobby: {detail}',
    "Le robot reste en salle d'attente : {detail}",
    'A moderator must let it in, or change the guest policy; live.guest and live.max_wait say how long it waits.',
    "Un modérateur doit le laisser entrer, ou changer la règle des invités ; live.guest et live.max_wait règlent l'attente.",
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
