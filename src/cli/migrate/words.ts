import { defineWords } from '../../kit/output/define-words.js';

/** What the commands of `migrate` say around the coded texts. */
export const words = defineWords({
  // Headings.
  recordings: ['recordings', 'enregistrements'],
  playbackHost: ['playback host', 'hôte de lecture'],
  owner: ['owner', 'propriétaire'],
  session: ['session', 'séance'],
  title: ['title', 'titre'],
  file: ['file', 'fichier'],
  account: ['account', 'compte'],
  name: ['name', 'nom'],
  mail: ['mail', 'courriel'],
  staff: ['staff', 'équipe'],
  why: ['why', 'pourquoi'],
  run: ['run', 'exécution'],
  command: ['command', 'commande'],
  started: ['started', 'début'],
  state: ['state', 'état'],
  taken: ['imported or claimed', 'importés ou revendiqués'],
  waiting: ['waiting', 'en attente'],
  underWay: ['under way', 'en cours'],
  failedColumn: ['failed', 'échecs'],
  removed: ['removed', 'retirés'],
  doneShort: ['done', 'faits'],
  skippedShort: ['skip', 'omis'],
  failedShort: ['fail', 'éch.'],
  leftShort: ['left', 'reste'],
  // Progress.
  listing: ['listing recordings', 'liste des enregistrements'],
  deciding: ['deciding', 'décision'],
  writing: ['writing into Pod', 'écriture dans Pod'],
  makingFiles: ['making files to claim', 'préparation des fichiers à revendiquer'],
  // The plan.
  planImport: [
    'Plan {run} (import into external videos) for Pod {target}',
    'Plan {run} (import en vidéos externes) pour Pod {target}',
  ],
  planClaim: [
    'Plan {run} (files to claim) for Pod {target}',
    'Plan {run} (fichiers à revendiquer) pour Pod {target}',
  ],
  listed: [
    '{count} {count:recording|recordings} listed, {chosen} in the range',
    '{count} {count:enregistrement listé|enregistrements listés}, {chosen} dans la plage',
  ],
  leftOfRun: [
    'Left of that run: {left} of {total}; nothing was listed anew.',
    'Reste de cette exécution : {left} sur {total} ; rien n’a été listé à nouveau.',
  ],
  toWrite: [
    '{writes} to write, {skipped} skipped, {accounts} to create',
    '{writes} à écrire, {skipped} {skipped:laissé|laissés}, {accounts} à créer',
  ],
  accounts: ['{count} {count:Pod account|Pod accounts}', '{count} {count:compte|comptes} Pod'],
  claimsOwnerless: [
    'CLAIMS HAVE NO OWNER: every staff member of Pod sees these files and\ncan take them.',
    "SANS PROPRIÉTAIRE : toute l'équipe de Pod voit ces fichiers et peut les prendre.",
  ],
  withoutCourse: [
    '{count} of them {count:does|do} not come from a course.',
    "{count} ne {count:vient|viennent} pas d'un cours.",
  ],
  unpublished: ['UNPUBLISHED RECORDINGS INCLUDED: {count}', 'ENREGISTREMENTS NON PUBLIÉS COMPRIS : {count}'],
  marked: ['{count} marked: {text}', '{count} {count:marqué|marqués} : {text}'],
  skip: ['Skip {count}: {why}', 'Laisser {count} : {why}'],
  import: ['Import {count}: {why}', 'Importer {count} : {why}'],
  claim: ['Claim {count}: {why}', 'Revendiquer {count} : {why}'],
  more: ['… and {count} more (--all shows every line)', '… et {count} de plus (--all les montre tous)'],
  notAskedAgain: [
    'BBB cannot be asked what changed since the plan; it is applied as approved: {text}',
    'BBB ne dit pas ce qui a changé depuis le plan, appliqué tel quel : {text}',
  ],
  differences: [
    '{count} {count:differs|differ} from the plan and {count:was|were} skipped:',
    '{count} {count:diffère|diffèrent} du plan et {count:a été laissé|ont été laissés} :',
  ],
  differs: ['{title}, {owner}: {why}', '{title}, {owner} : {why}'],
  moreInReport: ['… and {count} more, see the report', '… et {count} de plus, voir le rapport'],
  toLookAt: ['To look at, each once:', 'À regarder, une fois chacun :'],
  noteRest: [' and {count} more', ' et {count} de plus'],
  noteOf: ['{text} ({title}{rest})', '{text} ({title}{rest})'],
  create: ['Create {accounts}:', 'Créer {accounts} :'],
  yes: ['yes', 'oui'],
  no: ['no', 'non'],
  nothingOfOwner: [
    '--owner {name}: nothing of this range is theirs.',
    '--owner {name} : rien de cette plage ne lui appartient.',
  ],
  costs: [
    'To download: {download}\nTo convert:  {hours}\nFree:        {free}',
    'À télécharger : {download}\nÀ convertir :   {hours}\nLibre :         {free}',
  ],
  unknownFree: ['unknown', 'place inconnue'],
  unknownSize: ['size unknown', 'taille inconnue'],
  nothing: ['nothing', 'rien'],
  convertUnmeasured: [
    "{sessions} of sessions, how long is known after this machine's first conversion",
    '{sessions} de séances ; durée connue après la première conversion de cette machine',
  ],
  convertMeasured: [
    '{sessions} of sessions, about {time} at the {speed} times real time measured here',
    '{sessions} de séances, environ {time} à {speed} fois le temps réel, mesuré ici',
  ],
  partialList: ['PARTIAL LIST: {text}', 'LISTE PARTIELLE : {text}'],
  partialNothing: [
    'Nothing to do with what was listed; the list is partial, so that says nothing\nof the rest.',
    'Rien à faire de ce qui a été listé ; la liste est partielle, cela ne dit rien\ndu reste.',
  ],
  serverEmpty: [
    'The server has no recording: look at [bbb] url, if you expected some.',
    "Le serveur n'a aucun enregistrement : voyez [bbb] url si vous en attendiez.",
  ],
  filteredOne: [
    'The one recording does not pass the filters (--since, --meeting, --origin…).',
    'Le seul enregistrement ne passe pas les filtres (--since, --meeting, --origin…).',
  ],
  filteredAll: [
    'None of {listed} recordings passes the filters (--since, --meeting, --origin…).',
    'Aucun des {listed} enregistrements ne passe les filtres (--since, --meeting…).',
  ],
  rangeEmpty: [
    'The range is empty: the filters leave {filtered}, and --min is beyond.',
    'La plage est vide : les filtres laissent {filtered}, et --min est au-delà.',
  ],
  allInPod: [
    'Nothing to do: everything is in Pod already, or skipped for the reasons above.',
    'Rien à faire : tout est déjà dans Pod, ou laissé pour les raisons ci-dessus.',
  ],
  applyApproved: [
    'Nothing was written. Apply what was approved:',
    "Rien n'a été écrit. Appliquer ce qui a été approuvé :",
  ],
  forReal: ['Nothing was written. For real:', "Rien n'a été écrit. Pour de bon :"],
  forRealOrTwo: [
    'Nothing was written. For real (add --max 2 to begin with two):',
    "Rien n'a été écrit. Pour de bon (ajoutez --max 2 pour commencer par deux) :",
  ],
  // The end of a run.
  result: [
    'Run {run}: {done} done, {skipped} skipped, {failed} failed, {left} not run',
    'Exécution {run} : {done} {done:fait|faits}, {skipped} {skipped:laissé|laissés}, {failed} en échec, {left} non {left:traité|traités}',
  ],
  stopped: ['Stopped: {text}', 'Arrêté : {text}'],
  report: ['Report: {page}', 'Rapport : {page}'],
  endedLine: ['{state}: {title}', '{state} : {title}'],
  endedWhy: ['{state}: {title}: {why}', '{state} : {title} : {why}'],
  goOn: ['Go on: {command}', 'Continuer : {command}'],
  whatFailed: ['What failed: {command}', 'Ce qui a échoué : {command}'],
  whatLacks: ['What they lack: {command}', "Ce qu'il leur manque : {command}"],
  nothingOfListed: [
    'Nothing of what was listed was left to do.',
    'Il ne restait rien à faire de ce qui a été listé.',
  ],
  nothingLeft: ['Nothing was left to do.', 'Il ne restait rien à faire.'],
  follow: ['Follow: {command}', 'Suivre : {command}'],
  takeBack: ['Take it back: {command}', 'Annuler : {command}'],
  tellTeachers: ['Tell the teachers: {command}', 'Prévenir les enseignants : {command}'],
  exported: [
    '{count} {count:recording|recordings} written to {file}',
    '{count} {count:enregistrement écrit|enregistrements écrits} dans {file}',
  ],
  exportedHidden: [
    '{count} {count:recording|recordings} written to {file}, {hidden} of them hidden (column state)',
    '{count} {count:enregistrement écrit|enregistrements écrits} dans {file}, dont {hidden} {hidden:caché|cachés} (colonne state)',
  ],
  // status
  noRun: ['No run yet. Begin with: {command}', 'Aucune exécution. Commencez par : {command}'],
  oneRun: ['One run and its items: {command}', 'Une exécution et ses éléments : {command}'],
  undoWould: ['What undo would take back: {command}', 'Ce que undo reprendrait : {command}'],
  wasPartial: ['{run}: its list was PARTIAL', '{run} : sa liste était PARTIELLE'],
  going: ['{run}: {pace}', '{run} : {pace}'],
  perMinute: ['{pace}, {rate} a minute', '{pace}, {rate} par minute'],
  runHead: ['Run {run}: {name}, {state}', 'Exécution {run} : {name}, {state}'],
  startedAt: ['started {at}', 'début {at}'],
  startedEnded: ['started {at}, ended {end}', 'début {at}, fin {end}'],
  counts: [
    '{done} done, {skipped} skipped, {failed} failed, {left} not run',
    '{done} {done:fait|faits}, {skipped} {skipped:laissé|laissés}, {failed} en échec, {left} non {left:traité|traités}',
  ],
  // A state of at most eight characters.
  itemLeft: ['not-run', 'reste'],
  because: ['{code}: {why} ({recordId})', '{code} : {why} ({recordId})'],
  codeText: ['{code}: {text}', '{code} : {text}'],
  keptWork: [
    'Work that is not delivered (the next run goes on with it):',
    "Travail non livré (l'exécution suivante le reprend) :",
  ],
  tooOld: ['What is too old to go on with: {command}', 'Ce qui est trop ancien pour être repris : {command}'],
  workFinished: ['finished', 'fini'],
  workBegun: ['begun', 'commencé'],
  workRunning: ['running', 'en cours'],
  nights: ['Without a terminal (newest first):', "Sans terminal (les plus récents d'abord) :"],
  nightStatus: ['status {status}', 'statut {status}'],
  nightRunning: ['running', 'en cours'],
  nightKilled: ['killed', 'tué'],
  // status --verify, --adoption
  fateAsWritten: ['as written', 'tels quels'],
  fateChanged: ['changed since', 'changés depuis'],
  fateUnderWay: ['import under way', 'import en cours'],
  fateImportFailed: ['import failed', 'import en échec'],
  fateImported: ['imported into Pod', 'importés dans Pod'],
  fateClaimed: ['claimed', 'revendiqués'],
  fateGone: ['gone', 'disparus'],
  fateCount: ['{count} {fate}', '{count} {fate}'],
  fateOf: ['{fate}  {item} (run {run})', '{fate}  {item} (exécution {run})'],
  noneBeforePod5: [
    'Before an upgrade to Pod 5: nothing is left to import or claim.',
    'Avant de passer à Pod 5 : rien ne reste à importer ni à revendiquer.',
  ],
  claimsAdopted: [
    'Files to claim: {waiting} {waiting:waits|wait}, {claimed} {claimed:was|were} claimed, {gone} {gone:is|are} gone.\nThey have no owner: whoever of the staff claims one owns it from then on.',
    "Fichiers à revendiquer : {waiting} en attente, {claimed} {claimed:revendiqué|revendiqués}, {gone} {gone:disparu|disparus}.\nIls n'ont pas de propriétaire : qui du personnel en revendique un le devient.",
  ],
  beforePod5: [
    'Before an upgrade to Pod 5: {links} {links:recording|recordings} of {owners} {owners:owner|owners} still to be imported;\nPod 5 keeps videos, no link and no file to claim.',
    'Avant de passer à Pod 5 : {links} {links:enregistrement|enregistrements} de {owners} {owners:propriétaire|propriétaires} à importer ;\nPod 5 garde les vidéos, aucun lien ni fichier à revendiquer.',
  ],
  filesBeforePod5: [
    'Before an upgrade to Pod 5: {files} {files:file|files} still to be claimed;\nPod 5 keeps videos, no link and no file to claim.',
    'Avant de passer à Pod 5 : {files} {files:fichier|fichiers} à revendiquer ;\nPod 5 garde les vidéos, aucun lien ni fichier à revendiquer.',
  ],
  bothBeforePod5: [
    'Before an upgrade to Pod 5: {links} {links:recording|recordings} of {owners} {owners:owner|owners} still to be imported,\n{files} {files:file|files} to be claimed; Pod 5 keeps videos, no link and no file\nto claim.',
    'Avant de passer à Pod 5 : {links} {links:enregistrement|enregistrements} de {owners} {owners:propriétaire|propriétaires} à importer,\n{files} {files:fichier|fichiers} à revendiquer ; Pod 5 garde les vidéos, aucun lien\nni fichier à revendiquer.',
  ],
  forMailing: ['For a mailing: {command}', 'Pour un publipostage : {command}'],
  ownersWritten: [
    '{count} {count:owner|owners} written to {file}',
    '{count} {count:propriétaire écrit|propriétaires écrits} dans {file}',
  ],
  // undo
  askUndo: ['Take back run {run}?', "Annuler l'exécution {run} ?"],
  runWrote: ['Run {run} ({command}) wrote:', "L'exécution {run} ({command}) a écrit :"],
  undoCounts: [
    '{imports} {imports:external recording|external recordings}, {users} {users:account|accounts}, {claims} {claims:file|files}; it removed {rows} {rows:row|rows}',
    '{imports} {imports:enregistrement externe|enregistrements externes}, {users} {users:compte|comptes}, {claims} {claims:fichier|fichiers} ; elle a retiré {rows} {rows:ligne|lignes}',
  ],
  changedIsLeft: [
    'What people changed since is left and listed.',
    'Ce que des personnes ont changé depuis est laissé et listé.',
  ],
  undoResult: [
    'Run {run}: {done} taken back, {skipped} no longer there, {failed} left, {left} not run',
    'Exécution {run} : {done} {done:annulé|annulés}, {skipped} déjà {skipped:absent|absents}, {failed} {failed:laissé|laissés}, {left} non {left:traité|traités}',
  ],
  undoGoOn: [
    'Not taken back yet: {count}. Go on: {command}',
    'Pas encore {count:annulé|annulés} : {count}. Continuer : {command}',
  ],
  whatIsLeft: ['What is left: {command}', 'Ce qui reste : {command}'],
  undoneAll: ['Nothing of that run is left in Pod.', 'Il ne reste rien de cette exécution dans Pod.'],
  putBackAll: [
    'What that run removed is in Pod again.',
    'Ce que cette exécution avait retiré est de nouveau dans Pod.',
  ],
  nothingToUndo: [
    'Run {run}: nothing to take back (it wrote nothing, or was taken back).',
    "Exécution {run} : rien à annuler (rien d'écrit, ou déjà annulée).",
  ],
  undoItem: ['{title}: {text}', '{title} : {text}'],
  // cleanup
  oneOfThem: ['One of them: {command}', "L'un d'eux : {command}"],
  askCleanup: [
    'Remove the external recordings of {hosts}?',
    'Retirer les enregistrements externes de {hosts} ?',
  ],
  putBack: ['Put them back: {command}', 'Les remettre : {command}'],
  toRemove: [
    '{count} {count:external recording|external recordings} to remove ({imported} already imported into Pod),\n{left} left: import under way or failed',
    '{count} {count:enregistrement externe|enregistrements externes} à retirer (dont {imported} déjà {imported:importé|importés} dans Pod),\n{left} {left:laissé|laissés} : import en cours ou en échec',
  ],
  moreInJson: ['… and {count} more (--json lists them all)', '… et {count} de plus (--json les donne tous)'],
  leftRows: ['Left, import under way or failed:', 'Laissés, import en cours ou en échec :'],
  stateInPod: ['state in Pod', 'état dans Pod'],
  notImported: ['Not imported yet, by owner:', 'Pas encore importés, par propriétaire :'],
  removeThem: [
    'Undo puts them back. Remove them:\n  {command}',
    'undo les remet. Les retirer :\n  {command}',
  ],
  userNumber: ['user {id}', 'compte {id}'],
  // purge
  toForget: [
    '{runs} {runs:run|runs} and {work} {work:piece|pieces} of undelivered work ({size})',
    '{runs} {runs:exécution|exécutions} et {work} {work:travail non livré|travaux non livrés} ({size})',
  ],
  askForget: ['Forget {what}?', 'Oublier {what} ?'],
  wouldForget: ['{what} would be forgotten.', 'Seraient oubliés : {what}.'],
  forgotten: ['{what} were forgotten.', 'Oubliés : {what}.'],
  // repair
  journalHolds: [
    '{runs} {runs:run|runs}, {items} {items:item|items}',
    '{runs} {runs:exécution|exécutions}, {items} {items:élément|éléments}',
  ],
  journalWhole: ['{file} is whole: {holds}.', '{file} est entier : {holds}.'],
  journalMade: ['{file}: {holds}.', '{file} : {holds}.'],
  noCopy: ['No copy could be read.', "Aucune copie n'a pu être lue."],
  fromCopy: ['Put together from {copy}.', 'Reconstitué à partir de {copy}.'],
  allLost: [
    'Nothing of the broken file could be read: what was written after that copy\nis lost.',
    "Rien du fichier abîmé n'a pu être lu : ce qui a été écrit après cette copie\nest perdu.",
  ],
  salvaged: [
    'Of the broken file, {salvaged} {salvaged:row was|rows were} not in the copy, {unreadable} cannot be read.',
    'Du fichier abîmé, {salvaged} {salvaged:ligne manquait|lignes manquaient} à la copie, {unreadable} {unreadable:est illisible|sont illisibles}.',
  ],
  brokenFile: ['The broken file: {file}', 'Le fichier abîmé : {file}'],
  compareWithPod: [
    'What Pod has is not written twice: the next run looks there. Compare:\n  {command}',
    "Ce que Pod a n'est pas écrit deux fois : la suivante y regarde. Comparer :\n  {command}",
  ],
});
