import { defineWords } from '../../kit/output/define-words.js';

/** What the commands of `moodle` say around the coded texts. */
export const words = defineWords({
  // Headings.
  session: ['session', 'séance'],
  title: ['title', 'titre'],
  place: ['course, room', 'cours, salon'],
  status: ['status', 'statut'],
  owners: ['owners', 'propriétaires'],
  inPod: ['in Pod', 'dans Pod'],
  statusInMoodle: ['status in Moodle', 'statut dans Moodle'],
  recordings: ['recordings', 'enregistrements'],
  // Statuses of a recording in Moodle.
  awaiting: ['awaiting', 'en attente'],
  deleted: ['deleted', 'supprimé'],
  dismissed: ['dismissed', 'écarté'],
  notified: ['notified', 'notifié'],
  processed: ['processed', 'traité'],
  reset: ['reset', 'réinitialisé'],
  unknown: ['unknown', 'inconnu'],
  byMeeting: ['by its meetingID', 'par son meetingID'],
  bySeed: ['by its seed', 'par sa graine'],
  // inventory
  more: ['… {count} more: --all, or --csv FILE', '… et {count} de plus : --all, ou --csv FICHIER'],
  written: [
    '{count} {count:recording|recordings} written to {file}',
    '{count} {count:enregistrement écrit|enregistrements écrits} dans {file}',
  ],
  nothingKnown: ['No recording is known.', "Aucun enregistrement n'est connu."],
  // annotate
  // Names the two sides of a difference, which git and patch take in ASCII only.
  activity: ['activity {id}', 'bigbluebuttonbn {id}'],
  activities: ['{count} {count:activity|activities}', '{count} {count:activité|activités}'],
  head: [
    'Moodle {moodle}: {recordings} migrated {recordings:recording|recordings}, {activities} {activities:activity|activities} in {courses} {courses:course|courses}.',
    'Moodle {moodle} : {recordings} {recordings:enregistrement migré|enregistrements migrés}, {activities} {activities:activité|activités} dans {courses} cours.',
  ],
  headOfRun: [
    'Moodle {moodle}: {recordings} migrated {recordings:recording|recordings}, {activities} {activities:activity|activities} in {courses} {courses:course|courses}, run {run}.',
    'Moodle {moodle} : {recordings} {recordings:enregistrement migré|enregistrements migrés}, {activities} {activities:activité|activités} dans {courses} cours, exécution {run}.',
  ],
  changed: [
    '{why} ({name}), {count} {count:recording|recordings}',
    '{why} ({name}), {count} {count:enregistrement|enregistrements}',
  ],
  unmatched: [
    '{count} {count:recording has|recordings have} no activity in this Moodle.',
    '{count} {count:enregistrement|enregistrements} sans activité dans ce Moodle.',
  ],
  nowhere: [
    'No Moodle has an activity for {count} {count:recording|recordings}:',
    "Aucun Moodle n'a d'activité pour {count} {count:enregistrement|enregistrements} :",
  ],
  notWritten: ['not written: {name}: {why}', 'non écrite : {name} : {why}'],
  manyCourses: [
    "Each course's cache is rebuilt at its next visit: prefer the night, or --pace 5.",
    'Le cache de chaque cours se refait à sa prochaine visite : préférez la nuit,\nou --pace 5.',
  ],
  rest: ['… (--all shows the rest)', '… (--all montre le reste)'],
  stopped: ['Stopped: {text}', 'Arrêté : {text}'],
  forReal: ['Nothing was written. For real: {command}', "Rien n'a été écrit. Pour de bon : {command}"],
  toUndo: ['To take it back: {command}', 'Pour annuler : {command}'],
  askUndo: ['Take the notices back?', 'Retirer les notices ?'],
  nothingWritten: ['Nothing was written.', "Rien n'a été écrit."],
  wrote: ['Wrote {file}', 'Écrit : {file}'],
  undone: ['{state}: activity {id} ({name}): {why}', '{state} : activité {id} ({name}) : {why}'],
  restored: ['restored', 'rétablie'],
  cut: ['cut', 'retirée'],
  'nothing-left': ['nothing-left', 'rien à retirer'],
  left: ['left', 'laissée'],
  undoneCounts: [
    'restored {restored}, cut out {cut}, nothing left {nothing}, left {left}',
    'rétablies : {restored}, notices retirées : {cut}, plus rien à retirer : {nothing}, laissées : {left}',
  ],
  siteNotice: [
    "# In Moodle's directory, as the web server's user:",
    '# Dans le répertoire de Moodle, avec le compte du serveur web :',
  ],
  siteNoticeRemove: ['# To remove it:', '# Pour le retirer :'],
});
