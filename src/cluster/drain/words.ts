import { defineWords } from '../../kit/output/define-words.js';

/** What `cluster drain` and `cluster ready` say, and the remarks behind the commands they print. */
export const words = defineWords(
  {
    // apply-drain.ts
    drainEnabled: ['{name}: drain enabled', '{name} : drain activé'],
    drainDisabled: ['{name}: drain disabled', '{name} : drain désactivé'],
    empty: ['empty', 'vide'],
    ready: ['ready', 'prêt'],
    on: ['on', 'actif'],
    off: ['off', 'inactif'],
    bridgeEmpty: [
      '{name} is empty: systemctl stop jitsi-videobridge2',
      '{name} est vide : systemctl stop jitsi-videobridge2',
    ],
    bridgeBack: ['{name} takes conferences again', '{name} reprend des conférences'],
    none: ['none', 'aucun'],
    goesOnWithPrefetched: [
      '{celeryName} goes on with {reserved} prefetched {reserved:task|tasks}; systemctl stop celery-{queue} would end the current one and give the others back',
      '{celeryName} continue avec {reserved} {reserved:tâche réservée|tâches réservées} ; systemctl stop celery-{queue} finirait celle en cours et rendrait les autres',
    ],
    idle: ['idle', 'inactif'],
    consuming: ['consuming', 'au travail'],
    activeReserved: ['{active} active, {reserved} reserved', '{active} en cours, {reserved} en réserve'],
    workerBack: ['{celeryName} takes jobs of {queue} again', '{celeryName} reprend des tâches de {queue}'],
    // apply-runner.ts
    stopped: ['stopped', 'arrêté'],
    runnerStopped: [
      '{name} is stopped; results of its finished tasks are not to be fetched until it is back',
      '{name} est arrêté ; les résultats de ses tâches finies ne se retirent pas avant son retour',
    ],
    slippedIn: [
      '{tasks} slipped in before the stop: the runner takes it up again when it is ready; else Admin > Tasks > Restart selected',
      "{tasks} s'est glissée avant l'arrêt : le runner la reprend à son retour ; sinon Admin > Tâches > Relancer la sélection",
    ],
    registered: ['registered', 'inscrit'],
    runnerBack: [
      '{name} is registered with {instances} and takes tasks again',
      '{name} est inscrit avec {instances} et reprend des tâches',
    ],
    answering: ['{instances} of {listed} answering', '{instances} de {listed} {instances:répond|répondent}'],
    free: ['free', 'libre'],
    busy: ['busy', 'occupé'],
    notRegistered: ['not registered', 'non inscrit'],
    task: ['task', 'tâche'],
    // apply-server.ts
    wasUpAlready: ['{name} was up already', '{name} était déjà en service'],
    up: ['up', 'en service'],
    upOnBalancers: [
      '{name} is up on {known} {known:balancer|balancers}',
      '{name} est en service sur {known} {known:répartiteur|répartiteurs}',
    ],
    noOtherServer: [
      '{name}: backend {backend} has no other server; what it serves answers 503 until {node} is back',
      "{name} : le backend {backend} n'a pas d'autre serveur ; ce qu'il sert répond 503 jusqu'au retour de {node}",
    ],
    stillHasViewers: [
      '{name} still has viewers ({viewers}); their next request goes to another node',
      '{name} a encore des spectateurs ({viewers}) ; leur requête suivante va à un autre nœud',
    ],
    outAndEmpty: [
      '{name} is out and empty on {known} {known:balancer|balancers}',
      '{name} est sorti et vide sur {known} {known:répartiteur|répartiteurs}',
    ],
    lastRequest: [
      ', last request {lastRequestSeconds} s ago',
      ', dernière requête il y a {lastRequestSeconds} s',
    ],
    inStickTable: [', {stuck} in the stick table', ', {stuck} dans la stick table'],
    // drain-plan.ts
    drainBalancer: [
      'Stopping keepalived gives its address to the other one: runbooks/add-balancer.md',
      "Arrêter keepalived donne son adresse à l'autre : runbooks/add-balancer.md",
    ],
    drainIngest: [
      'Broadcast nodes turn to the other one by themselves: runbooks/remove-ingest.md',
      "Les nœuds de diffusion se tournent seuls vers l'autre : runbooks/remove-ingest.md",
    ],
    drainManager: [
      'There is one; what waits stays in Pod. systemctl --user -M esup-runner@.host stop esup-runner-manager',
      "Il n'y en a qu'un ; ce qui attend reste dans Pod. systemctl --user -M esup-runner@.host stop esup-runner-manager",
    ],
    drainJms: [
      'There is one; conferences end with it. Announce it, then systemctl stop prosody jicofo',
      "Il n'y en a qu'un ; les conférences finissent avec lui. Annoncez-le, puis systemctl stop prosody jicofo",
    ],
    service: ['the service', 'le service'],
    askedOfEvery: [
      ' (not asked from here: in every backend that it has)',
      ' (pas interrogé depuis ici : dans chaque backend qui le tient)',
    ],
    noNewViewer: ['# {balancer}: no new viewer{asked}', '# {balancer} : plus de nouveau spectateur{asked}'],
    whenFewAreLeft: [
      '# when few are left, or after the wait: the others move with their next request',
      "# quand il en reste peu, ou après l'attente : les autres changent alors de nœud",
    ],
    waitForParticipants: [
      '# wait until participants minus octo_endpoints is 0:',
      '# attendre que participants moins octo_endpoints fasse 0 :',
    ],
    waitForNothing: ['# wait until nothing is active:', '# attendre que rien ne soit actif :'],
    givesBackPrefetched: [
      'TERM: what it had prefetched goes back to the queue',
      'TERM : ce qu’il avait réservé retourne dans la file',
    ],
    // runner-commands.ts
    waitForRegistered: [
      '# wait until each says "registered":true',
      '# attendre que chacun dise "registered":true',
    ],
    waitForAvailable: [
      '# wait until each says "available":true at once (a stop kills a running task)',
      '# attendre que tous disent "available":true à la fois (un arrêt tue la tâche)',
    ],
    andNoTask: [
      '# and until no task of it is running: bbb2pod cluster queue, or {inventory}/admin',
      "# et qu'aucune de ses tâches ne tourne : bbb2pod cluster queue, ou {inventory}/admin",
    ],
    asRootOn: ['   # on {address}, as root', '   # sur {address}, en root'],
    workerIdle: [
      '{celeryName} is idle: systemctl stop celery-{queue}',
      '{celeryName} est inactif : systemctl stop celery-{queue}',
    ],
    workerIdleWithTasks: [
      '{celeryName} is idle; {reserved} prefetched {reserved:task goes|tasks go} back when it is stopped: systemctl stop celery-{queue}',
      '{celeryName} est inactif ; {reserved} {reserved:tâche réservée retourne|tâches réservées retournent} à la file à son arrêt : systemctl stop celery-{queue}',
    ],
  },
  { isWrapped: true },
);
