import { defineWords } from '../../kit/output/define-words.js';

/** What `doctor` says around its findings. */
export const words = defineWords({
  key: ['KEY', 'CLÉ'],
  value: ['VALUE', 'VALEUR'],
  from: ['FROM', 'ORIGINE'],
  counts: [
    '{ok} ok, {warning} to look at, {critical} failed, {unknown} unknown',
    '{ok} ok, {warning} à regarder, {critical} en échec, {unknown} sans réponse',
  ],
});
