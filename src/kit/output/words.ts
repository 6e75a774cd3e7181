import { defineNames, defineWords } from './define-words.js';

/** What reports, progress and findings say around their facts. */
export const outputWords = defineWords({
  // Findings: each at most eight characters.
  warning: ['WARNING', 'ALERTE'],
  failedMark: ['FAILED', 'ÉCHEC'],
  unknown: ['unknown', 'inconnu'],
  // Progress.
  paceDone: ['{done}/{total} done', '{done}/{total} {done:fait|faits}'],
  paceFailed: ['{failed} failed', '{failed} en échec'],
  paceNow: ['now {current}', 'en cours : {current}'],
  paceCurrent: ['"{title}"', '« {title} »'],
  paceEnds: ['ends about {time}', 'fin vers {time}'],
  // The report.
  reportTitle: ['bbb2pod {command}: run {run}', 'bbb2pod {command} : exécution {run}'],
  planned: ['{count} planned', '{count} {count:prévu|prévus}'],
  everyAction: ['Every action', 'Toutes les actions'],
  sessionsPerMonth: ['Sessions per month', 'Séances par mois'],
  sessionsAtMost: ['Sessions per month, at most {most}', 'Séances par mois, au plus {most}'],
  newAccount: ['new account', 'nouveau compte'],
  staff: ['staff', 'équipe'],
  actions: ['{count} {count:action|actions}', '{count} {count:action|actions}'],
  actionsIn: ['{count} {count:action|actions} in {time}', '{count} {count:action|actions} en {time}'],
  stopped: ['Stopped:', 'Arrêté :'],
  byReason: ['By reason', 'Par raison'],
  next: ['Next', 'Ensuite'],
  moreBelow: ['and {count} more in the table below.', 'et {count} de plus dans le tableau ci-dessous.'],
  withoutOwner: ['Without a known owner: {count}', 'Sans propriétaire connu : {count}'],
  state: ['State', 'État'],
  why: ['Why', 'Pourquoi'],
  date: ['Date', 'Date'],
  title: ['Title', 'Titre'],
  owner: ['Owner', 'Propriétaire'],
  origin: ['Origin', 'Origine'],
});

/** States of items and runs, modes, and the names of a report's facts, by their word in JSON. */
export const shownName = defineNames({
  done: ['done', 'fait'],
  skipped: ['skipped', 'laissé'],
  failed: ['failed', 'échec'],
  'not-run': ['not run', 'non traité'],
  planned: ['planned', 'prévu'],
  intended: ['begun', 'commencé'],
  undone: ['undone', 'annulé'],
  running: ['running', 'en cours'],
  finished: ['finished', 'fini'],
  interrupted: ['interrupted', 'interrompu'],
  import: ['import', 'import'],
  claim: ['claim', 'revendication'],
  target: ['target', 'cible'],
  digest: ['digest', 'empreinte'],
  partial: ['partial', 'partiel'],
});
