import { localized } from '../../kit/output/localized.js';

const FRENCH: Readonly<Record<string, string>> = {
  active: 'active',
  reserved: 'réservée',
  waiting: 'en attente',
  orphaned: 'orpheline',
  running: 'en cours',
  failed: 'échouée',
  warning: 'à voir',
  busy: 'occupé',
  free: 'libre',
  absent: 'absent',
  unregistered: 'non inscrit',
};

/** A state of a task or runner for people; documents keep the English one. */
export const stateWord = (state: string): string => localized(state, FRENCH[state] ?? state);
