import type { CodesOf } from './code.js';
import { refusal, say } from './define.js';
import { defineTexts } from './define-texts.js';

/** The mail that a batch without a terminal sends when it ends badly. */
export const mailTexts = defineTexts({
  'mail-server-invalid': refusal(
    '[mail] smtp is not a mail server: {detail}',
    "[mail] smtp n'est pas un serveur de courrier : {detail}",
    'smtp://HOST, smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST',
    'smtp://HOTE, smtp://COMPTE:MOTDEPASSE@HOTE:587 (STARTTLS) ou smtps://COMPTE:MOTDEPASSE@HOTE',
  ),
  'mail-not-sent': say(
    'warning',
    'Mail to {to} was not sent by {server}: {detail}',
    'Courrier à {to} non envoyé par {server} : {detail}',
    'Look at [mail] and at the log of the mail server; the report itself is in the state directory.',
    "Regardez [mail] et le journal du serveur ; le rapport lui-même est dans le répertoire d'état.",
  ),
  'batch-killed': say(
    'error',
    'This run ended without a result: its process was killed (kill -9, no memory left), or the machine stopped.',
    "Cette exécution s'est arrêtée sans résultat : son processus a été tué (kill -9, mémoire épuisée), ou la machine arrêtée.",
    'The same command goes on where it stopped. To see what ended it: journalctl --since "{since}" --priority warning',
    'La même commande reprend où elle en était. Pour voir ce qui l’a arrêtée : journalctl --since "{since}" --priority warning',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof mailTexts>, true> {}
}
