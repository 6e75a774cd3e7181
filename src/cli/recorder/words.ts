import { defineWords } from '../../kit/output/define-words.js';

/** What the commands of `recorder` say around the coded texts. */
export const words = defineWords({
  // Steps of a conversion.
  fetch: ['downloading', 'téléchargement'],
  read: ['reading', 'lecture'],
  encode: ['converting', 'conversion'],
  join: ['joining', 'assemblage'],
  check: ['checking', 'vérification'],
  stepOf: ['{step} {file}', '{step} {file}'],
  minute: [
    '{done} done, now "{file}" {step}',
    '{done} {done:terminée|terminées}, en cours « {file} » {step}',
  ],
  minuteFailed: [
    '{done} done, {failed} failed, now "{file}" {step}',
    '{done} {done:terminée|terminées}, {failed} en échec, en cours « {file} » {step}',
  ],
  // recorder worker
  takes: [
    'Taking conversions from the queue; Ctrl-C or SIGTERM stops.',
    'En attente de conversions de la file ; Ctrl-C ou SIGTERM arrête.',
  ],
  workerStopped: [
    'Stopped: {done} done, {skipped} made already, {failed} failed {failed:attempt|attempts}, {handedBack} handed back.',
    'Arrêté : {done} {done:terminée|terminées}, {skipped} déjà {skipped:faite|faites}, {failed} {failed:essai|essais} en échec, {handedBack} {handedBack:rendue|rendues}.',
  ],
  // How each ended.
  made: [
    '{file}  {length}, {size}, in {time} ({speed} times real time)',
    '{file}  {length}, {size}, en {time} ({speed} fois le temps réel)',
  ],
  missing: ['  missing: {what}', '  manque : {what}'],
  missingAgain: [
    '  -> The same command without --allow-missing makes it again once the server\n     has it',
    '  -> La même commande sans --allow-missing le refait une fois que le serveur\n     l’a',
  ],
  laterVersion: [
    '  note: made by BBB {version}, later than {known}: check its drawings',
    '  note : fait par BBB {version}, après {known} : vérifiez ses dessins',
  ],
  unknownShapes: [
    '  note: {count} {count:drawing|drawings} of unknown {types:type|types} not drawn: {what}',
    '  note : {count} {count:dessin|dessins} de {types:type inconnu|types inconnus} {count:n’est pas dessiné|ne sont pas dessinés} : {what}',
  ],
  there: ['{file}  is there already (--force makes it again)', '{file}  existe déjà (--force le refait)'],
  failed: ['failed', 'échec'],
  notRun: ['not-run', 'pas fait'],
  troubled: ['{label}: {state}: {code}: {text}', '{label} : {state} : {code} : {text}'],
  // The end of a batch.
  nothing: ['Nothing to convert.', 'Rien à convertir.'],
  tally: [
    '{done} done, {skipped} made already, {failed} failed, {left} not run',
    '{done} {done:terminée|terminées}, {skipped} déjà {skipped:faite|faites}, {failed} en échec, {left} pas {left:lancée|lancées}',
  ],
  tallyMarked: [
    '{done} done, {skipped} made already ({incomplete} of them with something missing), {failed} failed,\n{left} not run',
    '{done} {done:terminée|terminées}, {skipped} déjà {skipped:faite|faites} (dont {incomplete} avec un manque),\n{failed} en échec, {left} pas {left:lancée|lancées}',
  ],
  again: [
    'the same command again: what is made is not made twice',
    'la même commande encore une fois : ce qui est fait ne se refait pas',
  ],
  tryRest: ['Try the rest: {next}', 'Pour le reste : {next}'],
  oneAtATime: ['one at a time', 'une à la fois'],
  sideBySide: ['{jobs} side by side', '{jobs} de front'],
  room: [
    'Work in {directory} ({side}):\nup to {needed} for lectures of two hours, emptied after each; {free} free.',
    "Travail dans {directory} ({side}) :\njusqu'à {needed} pour des cours de deux heures, vidé après chacun ; {free} libres.",
  ],
  roomLacks: [
    '  -> Free some space, or set [recorder] work_dir to a larger disk',
    '  -> Libérez de la place, ou donnez à [recorder] work_dir un disque plus grand',
  ],
  // The archive.
  expiring: [
    '{count} not in the archive may be removed by their server within 60 days:',
    "{count} hors de l'archive, que leur serveur peut retirer d'ici 60 jours :",
  ],
  expiringMore: ['  … {count} more: --json lists all', '  … et {count} de plus : --json les donne tous'],
  takeThem: [
    'Take them: the same command with --until {day} instead of --since.',
    'Pour les prendre : la même commande avec --until {day} au lieu de --since.',
  ],
  keptDays: [
    'Set [bbb] kept_days (365 for the national server) to be told what expires.',
    'Donnez [bbb] kept_days (365 pour le serveur national) pour savoir ce qui expire.',
  ],
  // The queue.
  run: ['Run {run}: {tally}', 'Exécution {run} : {tally}'],
  setAside: ['{label}: set aside: {why}', '{label} : mise de côté : {why}'],
  enqueued: ['{count} enqueued', '{count} {count:mise|mises} en file'],
  enqueuedAlready: ['{count} in the queue already', '{count} déjà dans la file'],
  madeAlready: ['{count} made already', '{count} déjà {count:faite|faites}'],
  countAside: ['{count} set aside', '{count} {count:mise|mises} de côté'],
  retryAside: [
    'Try what was set aside again: {command}',
    'Pour reprendre ce qui est mis de côté : {command}',
  ],
  nothingWasLeft: ['Nothing was left to do.', "Il n'y avait plus rien à faire."],
  follow: ['Follow: {command}', 'Suivre : {command}'],
  queueCounts: [
    '{queued} queued, {running} running, {retrying} retrying, {done} done, {failed} failed, {missing} missing',
    '{queued} en attente, {running} en cours, {retrying} à refaire, {done} {done:terminée|terminées}, {failed} en échec, {missing} {missing:perdue|perdues}',
  ],
  noWorker: ['No worker is connected.', "Aucun worker n'est connecté."],
  workers: ['Workers: {names}', 'Workers : {names}'],
  running: ['running', 'en cours'],
  step: ['step', 'étape'],
  part: ['part', 'part'],
  since: ['since', 'depuis'],
  worker: ['worker', 'worker'],
  noReason: ['no reason given', 'sans raison donnée'],
  trouble: [
    '  {label}: {why} ({attempts} {attempts:attempt|attempts})',
    '  {label} : {why} ({attempts} {attempts:essai|essais})',
  ],
  toRetry: ['To be tried again:', 'À refaire :'],
  failedAside: ['Failed, set aside:', 'En échec, mises de côté :'],
  madeIncomplete: ['Made of late, with something missing:', 'Faites depuis peu, et incomplètes :'],
  lacks: ['  {label}: {what}', '  {label} : {what}'],
  lost: [
    'Missing: enqueued from here, no file, and Redis does not know them:',
    "Perdues : mises en file d'ici, sans fichier, et inconnues de Redis :",
  ],
  lostOne: ['  {label} -> {file} (run {run})', '  {label} -> {file} (exécution {run})'],
  lostMore: ['  … and {count} more (--json lists all)', '  … et {count} de plus (--json les donne toutes)'],
  manager: ['Manager: {url} (esup-runner {version})', 'Manager : {url} (esup-runner {version})'],
  managerTasks: ['Its tasks of our type: {tasks}', 'Ses tâches de notre type : {tasks}'],
  managerNoTasks: ['It has no task of our type.', 'Il n’a aucune tâche de notre type.'],
  runnerSilent: ['  {runner}: silent', '  {runner} : silencieux'],
  runnerUnseen: ['  {runner}: on line, not reachable from here', '  {runner} : en ligne, injoignable d’ici'],
  runnerWorks: ['  {runner}: works on {task}', '  {runner} : travaille sur {task}'],
  runnerFree: ['  {runner}: free', '  {runner} : libre'],
  runnerBusy: ['  {runner}: busy', '  {runner} : occupé'],
  bringThem: [
    'Nobody else brings the films: {command}',
    'Personne d’autre ne rapporte les films : {command}',
  ],
  // Followed on esup-runner.
  given: ['{name}: given to esup-runner (task {task})', '{name} : confiée à esup-runner (tâche {task})'],
  givenAgain: ['{name}: given again', '{name} : redonnée'],
  givenAgainFor: ['{name}: given again: {reason}', '{name} : redonnée : {reason}'],
  brought: ['{name} -> {file}', '{name} -> {file}'],
  notGiven: ['{name}: set aside: {reason}', '{name} : mise de côté : {reason}'],
  broughtAll: [
    '{done} made by esup-runner and delivered',
    '{done} {done:faite|faites} par esup-runner et {done:livrée|livrées}',
  ],
  broughtSome: [
    '{done} made by esup-runner and delivered, {setAside} set aside\nTry again: the same command with --retry-failed',
    '{done} {done:faite|faites} par esup-runner et {done:livrée|livrées}, {setAside} {setAside:mise|mises} de côté\nPour refaire : la même commande avec --retry-failed',
  ],
  enqueueAgain: ['Enqueue again: {commands}', 'Remettre en file : {commands}'],
  askPod: [
    'Claimed meanwhile or forgotten; this asks Pod: {command}',
    'Revendiquées entre-temps ou oubliées ; pour le demander à Pod : {command}',
  ],
  tryAgain: ['Try again: {commands}', 'Pour refaire : {commands}'],
  tryElsewhere: [
    'Try again: the command that enqueued them, with --retry-failed, on the machine\nwhere it was typed',
    'Pour refaire : la commande qui les a mises en file, avec --retry-failed, sur la\nmachine où elle a été tapée',
  ],
  startWorker: [
    'Start one on each encoding server: {command}',
    "Lancez-en un sur chaque serveur d'encodage : {command}",
  ],
  nothingIsLeft: ['Nothing is left to do.', 'Il ne reste rien à faire.'],
});
