import { defineNames } from '../../kit/output/define-words.js';

/** A state of a task or runner for people; documents keep the English one. */
export const stateWord = defineNames({
  active: ['active', 'active'],
  reserved: ['reserved', 'réservée'],
  waiting: ['waiting', 'en attente'],
  orphaned: ['orphaned', 'orpheline'],
  running: ['running', 'en cours'],
  failed: ['failed', 'échouée'],
  warning: ['warning', 'à voir'],
  busy: ['busy', 'occupé'],
  free: ['free', 'libre'],
  absent: ['absent', 'absent'],
  unregistered: ['unregistered', 'non inscrit'],
});
