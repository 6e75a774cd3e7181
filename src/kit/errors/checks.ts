import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** What may happen to any check, whatever it checks (doctor and cluster). */
export const checkTexts = defineTexts({
  'check-timed-out': {
    severity: 'warning',
    en: {
      text: '{subject}: no answer within {seconds} s.',
      remedy: 'Look at the load and the network of that machine, then check again.',
    },
    fr: {
      text: '{subject} : pas de réponse en {seconds} s.',
      remedy: 'Regardez la charge et le réseau de cette machine, puis relancez la vérification.',
    },
  },
  'check-not-run': {
    severity: 'warning',
    en: { text: '{subject}: not checked, {cause} comes first.', remedy: 'Solve {cause}, then check again.' },
    fr: {
      text: "{subject} : non vérifié, {cause} d'abord.",
      remedy: 'Corrigez {cause}, puis relancez la vérification.',
    },
  },
  'check-interrupted': {
    severity: 'warning',
    en: { text: '{subject}: not checked, interrupted.', remedy: 'Check again.' },
    fr: { text: '{subject} : non vérifié, interruption.', remedy: 'Relancez la vérification.' },
  },
  'check-fault': {
    severity: 'warning',
    en: {
      text: '{subject}: the check itself failed: {detail}',
      remedy: 'Run again with --log-level debug and report it.',
    },
    fr: {
      text: '{subject} : la vérification elle-même a échoué : {detail}',
      remedy: 'Relancez avec --log-level debug et signalez-le.',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof checkTexts>, true> {}
}
