import type { CodesOf } from './code.js';
import { say } from './define.js';
import { defineTexts } from './define-texts.js';

/** What may happen to any check, whatever it checks (doctor and cluster). */
export const checkTexts = defineTexts({
  'check-timed-out': say(
    'warning',
    '{subject}: no answer within {seconds} s.',
    '{subject} : pas de réponse en {seconds} s.',
    'Look at the load and the network of that machine, then check again.',
    'Regardez la charge et le réseau de cette machine, puis relancez la vérification.',
  ),
  'check-not-run': say(
    'warning',
    '{subject}: not checked, {cause} comes first.',
    "{subject} : non vérifié, {cause} d'abord.",
    'Solve {cause}, then check again.',
    'Corrigez {cause}, puis relancez la vérification.',
  ),
  'check-interrupted': say(
    'warning',
    '{subject}: not checked, interrupted.',
    '{subject} : non vérifié, interruption.',
    'Check again.',
    'Relancez la vérification.',
  ),
  'check-fault': say(
    'warning',
    '{subject}: the check itself failed: {detail}',
    '{subject} : la vérification elle-même a échoué : {detail}',
    'Run again with --log-level debug and report it.',
    'Relancez avec --log-level debug et signalez-le.',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof checkTexts>, true> {}
}
