import { defineWords } from '../../kit/output/define-words.js';

/** What `cluster queue` says. */
export const words = defineWords(
  {
    // render-queue.ts
    queue: ['QUEUE', 'FILE'],
    active: ['ACTIVE', 'ACTIVES'],
    reserved: ['RESERVED', 'RÉSERVÉES'],
    waiting: ['WAITING', 'EN ATTENTE'],
    orphaned: ['ORPHANED', 'ORPHELINES'],
    allDone: ['ALL DONE', 'FIN'],
    state: ['STATE', 'ÉTAT'],
    video: ['VIDEO', 'VIDÉO'],
    age: ['AGE', 'ÂGE'],
    length: ['LENGTH', 'DURÉE'],
    ends: ['ENDS', 'FIN'],
    workerOrFile: ['WORKER OR FILE', 'WORKER OU FICHIER'],
    moreTasks: ['… and {tasks} more (--limit)', '… et {tasks} de plus (--limit)'],
    silentWorkers: [
      '! {name}: {silentWorkers} {silentWorkers:worker listens and does not answer: systemctl restart it; what it holds|workers listen and do not answer: systemctl restart them; what they hold} shows as orphaned',
      '! {name} : {silentWorkers} {silentWorkers:worker écoute et ne répond pas : systemctl restart ; ce qu’il tient|workers écoutent et ne répondent pas : systemctl restart ; ce qu’ils tiennent} figure comme orphelin',
    ],
    orphanedTasks: [
      '! {name}: {orphans} {orphans:task was|tasks were} delivered to a worker that is gone: Redis gives {orphans:it|them} back after its visibility timeout (1 h)',
      '! {name} : {orphans} {orphans:tâche remise|tâches remises} à un worker disparu : Redis {orphans:la rend|les rend} après son délai de visibilité (1 h)',
    ],
    sharedName: [
      '! {name}: two workers are called {shared}: start them with -n NAME@%h',
      "! {name} : deux workers s'appellent {shared} : lancez-les avec -n NOM@%h",
    ],
    taskWaitsWhichNot: [
      '! {name}: {waiting} {waiting:task waits|tasks wait} in {queue}, which is not in the inventory',
      "! {name} : {waiting} {waiting:tâche attend|tâches attendent} dans {queue}, absente de l'inventaire",
    ],
    nobodyConsumesWhereTask: [
      '! {name}: nobody consumes {queue}, where {waiting} {waiting:task waits|tasks wait}',
      '! {name} : personne ne consomme {queue}, où {waiting} {waiting:tâche attend|tâches attendent}',
    ],
    // render-runner-queue.ts
    running: ['RUNNING', 'EN COURS'],
    failedToday: ['FAILED 24H', 'ÉCHECS 24 H'],
    oldestWait: ['OLDEST WAIT', 'PLUS ANCIENNE'],
    since: ['SINCE', 'DEPUIS'],
    what: ['WHAT', 'OBJET'],
    runnerOrReason: ['RUNNER OR REASON', 'RUNNER OU RAISON'],
    videoKind: ['video', 'vidéo'],
    recording: ['recording', 'enregistrement'],
    // runner-report.ts
    noToken: [
      'No token: what runs is not known. Give token_file under [esup_runner.manager], or [pod] database.',
      "Pas de jeton : ce qui tourne n'est pas connu. Donnez token_file sous [esup_runner.manager], ou [pod] database.",
    ],
    tasksNotTold: [
      'The manager does not tell its tasks ({detail}): bbb2pod cluster check --only R01,R04',
      'Le manager ne dit pas ses tâches ({detail}) : bbb2pod cluster check --only R01,R04',
    ],
    podNotRead: [
      'Pod’s tables were not read: what waits is not known. Give [pod] database in bbb2pod.toml.',
      "Les tables de Pod n'ont pas été lues : ce qui attend n'est pas connu. Donnez [pod] database dans bbb2pod.toml.",
    ],
    podTooOld: [
      'This Pod has no tables of esup-runner: it is older than 4.2.',
      "Ce Pod n'a pas les tables d'esup-runner : il est antérieur à la 4.2.",
    ],
    podFailed: [
      'Pod’s tables were not read ({detail}): what waits is not known.',
      "Les tables de Pod n'ont pas été lues ({detail}) : ce qui attend n'est pas connu.",
    ],
  },
  { isWrapped: true },
);
