import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** The mail that a batch without a terminal sends when it ends badly. */
export const mailTexts = defineTexts({
  'mail-server-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '[mail] smtp is not a mail server: {detail}',
      remedy: 'smtp://HOST, smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST',
    },
    fr: {
      text: "[mail] smtp n'est pas un serveur de courrier : {detail}",
      remedy: 'smtp://HOTE, smtp://COMPTE:MOTDEPASSE@HOTE:587 (STARTTLS) ou smtps://COMPTE:MOTDEPASSE@HOTE',
    },
  },
  'mail-not-sent': {
    severity: 'warning',
    en: {
      text: 'Mail to {to} was not sent by {server}: {detail}',
      remedy:
        'Look at [mail] and at the log of the mail server; the report itself is in the state directory.',
    },
    fr: {
      text: 'Courrier à {to} non envoyé par {server} : {detail}',
      remedy: "Regardez [mail] et le journal du serveur ; le rapport lui-même est dans le répertoire d'état.",
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof mailTexts>, true> {}
}
