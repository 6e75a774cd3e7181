import { defineWords } from '../kit/output/define-words.js';

/** Details within the findings of `cluster check`, by who finds them. */
export const words = defineWords(
  {
    // adapters/celery/look-at-broker.ts
    noRedisUrl: ['the broker URL is none of Redis', "l'URL du courtier n'est pas de Redis"],
    // adapters/jitsi/xmpp-login.ts
    refusedWithoutReason: ['refused without a reason', 'refusé sans raison'],
    // adapters/measure-encoding.ts
    noCpuTime: [
      'it did not print its CPU time (-benchmark)',
      "il n'a pas écrit son temps processeur (-benchmark)",
    ],
    // adapters/rtmp-hls/segment.ts
    ffprobeRefuses: ['ffprobe refuses it', 'ffprobe le refuse'],
    // esup-runner/gather.ts
    notAsked: ['not asked', 'pas interrogé'],
    // esup-runner/host-checks.ts
    fileUnreadable: ['{file} cannot be read', '{file} est illisible'],
    // esup-runner/manager-checks.ts
    nameMissing: ['no name {hostname} in it', 'il ne porte pas le nom {hostname}'],
    notTrusted: ['not trusted', 'pas de confiance'],
    noRunnerRegistered: ['no runner is registered', "aucun runner n'est inscrit"],
    // esup-runner/pod-checks.ts
    podTooOld: [
      'this Pod has no table runner_manager: it is older than 4.2',
      "ce Pod n'a pas de table runner_manager : il est antérieur à la 4.2",
    ],
    tasksNotTold: ['the manager does not tell its tasks', 'le manager ne dit pas ses tâches'],
    // esup-runner/runner-checks.ts
    noRunnerAnswers: ['no runner answers', 'aucun runner ne répond'],
    // esup-runner/webhook-checks.ts
    itIsRedirected: ['it is redirected', 'il est redirigé'],
    privateThere: [
      '{name} is {address} there, NOTIFY_URL_ALLOW_PRIVATE_NETWORKS is false',
      '{name} y est {address}, NOTIFY_URL_ALLOW_PRIVATE_NETWORKS est false',
    ],
    aRunner: ['a runner', 'un runner'],
    // inventory/load.ts
    nameTwice: [
      'the name {name} is also that of a {before}: commands name nodes by it',
      "le nom {name} est aussi celui d'un autre nœud ({before}) : les commandes nomment les nœuds par lui",
    ],
    nicknameTwice: [
      "nickname {nickname} is also {other}'s: jicofo would see one bridge",
      "le surnom {nickname} est aussi celui de {other} : jicofo ne verrait qu'un pont",
    ],
    celeryNameTwice: [
      "Celery name {celery} is also {other}'s: one would hide the other",
      "le nom Celery {celery} est aussi celui de {other} : l'un cacherait l'autre",
    ],
    // lint/lint-jitsi-names.ts
    nameOfJms: ['the name of the JMS', 'le nom du JMS'],
    // lint/lint-jitsi-secret.ts
    byBlanks: ['by blanks at its ends', 'par des espaces au bout'],
    byCase: ['by upper and lower case', 'par des majuscules'],
    byQuotes: ['by quotes', 'par des guillemets'],
    byEnd: [
      'by its end ({one} characters instead of {other})',
      'par sa fin ({one} caractères au lieu de {other})',
    ],
    sameLengthOtherCharacters: ['same length, other characters', 'même longueur, autres caractères'],
    byLength: ['{one} characters instead of {other}', '{one} caractères au lieu de {other}'],
    // lint/render-lint.ts
    notJudged: ['{count} not judged', '{count} {count:non jugé|non jugés}'],
    inFiles: ['in {files} {files:file|files}', 'dans {files} {files:fichier|fichiers}'],
    corrections: ['The corrections, for patch -p0:', 'Les corrections, pour patch -p0 :'],
    changeByHand: [
      'To change by hand (the line holds a secret, masked here):',
      'À changer à la main (la ligne contient un secret, masqué ici) :',
    ],
    // streaming/playlist-checks.ts
    noDateHeader: [
      'no Date or no Last-Modified header, and it did not move within {waited} s (target {target} s): run again',
      'sans en-tête Date ou Last-Modified, et sans mouvement en {waited} s (cible {target} s) : relancez',
    ],
    didYouMean: [' (did you mean {close}?)', ' (vouliez-vous dire {close} ?)'],
    noNodeCalled: ['No node is called {node}{near}.', "Aucun nœud ne s'appelle {node}{near}."],
    maintenanceUnknown: [
      'maintenance: no node and no stream is called {name}{near}',
      "maintenance : aucun nœud ni flux ne s'appelle {name}{near}",
    ],
    queueWithoutBroker: ['no broker has the queue {queue}{near}', "aucun courtier n'a la file {queue}{near}"],
  },
  { isWrapped: true },
);

/** What follows a name that nothing has: the nearest one, when there is one near. */
export const nearWord = (close: string | null): string => (close === null ? '' : words.didYouMean({ close }));
