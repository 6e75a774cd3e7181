import { defineWords } from '../../kit/output/define-words.js';

/** What the commands of `cluster` say around the coded texts. */
export const words = defineWords(
  {
    // bridge-adapter.ts
    noJitsi: ['no Jitsi', 'pas de Jitsi'],
    othersUnseen: [
      '{listed} other {listed:bridge|bridges} by cluster.toml; whether they work was not seen: {why}',
      "{listed} {listed:autre pont|autres ponts} selon cluster.toml ; leur marche n'a pas été vue : {why}",
    ],
    noAnswer: ['no answer', 'pas de réponse'],
    // demo.ts
    startingRehearsal: [
      'Starting HAProxy, four nginx and the test card…',
      'Lancement de HAProxy, de quatre nginx et de la mire…',
    ],
    noReasonGiven: ['no reason was given', "aucune raison n'a été donnée"],
    watch: ['Watch:       ', 'À regarder :  '],
    statistics: ['Statistics:  ', 'Statistiques :'],
    files: ['Files:       ', 'Fichiers :    '],
    health: ['Health:      ', 'Santé :       '],
    tryIt: [
      'Try: kill an ingest or a broadcast node (its nginx); the picture goes on. Ctrl-C stops everything.',
      "Essai : tuez un ingest ou un nœud de diffusion (son nginx) ; l'image continue. Ctrl-C arrête tout.",
    ],
    // drain-command.ts
    takeOut: ['Take out {name}?', 'Sortir {name} ?'],
    takeBack: ['Take back {name}?', 'Remettre {name} ?'],
    nothingDone: [
      'Nothing was done: --apply does it, waits and looks again.',
      "Rien n'a été fait : --apply le fait, attend et regarde de nouveau.",
    ],
    // drain.ts
    addressMalformed: [
      '--address {address}: write ADDRESS:PORT, the address in figures.',
      "--address {address} : écrivez ADRESSE:PORT, l'adresse en chiffres.",
    ],
    addressNeeded: [
      "{name} needs the new node's address: --address ADDRESS:PORT.",
      "{name} veut l'adresse du nouveau nœud : --address ADRESSE:PORT.",
    ],
    // init.ts
    headOfInventory: [
      '# cluster.toml, written by `bbb2pod cluster init`.\n# Every key: config/cluster.example.toml.',
      '# cluster.toml, écrit par `bbb2pod cluster init`.\n# Toutes les clés : config/cluster.example.toml.',
    ],
    twoSources: [
      '--from: two sources describe the {system} system.',
      '--from : deux sources décrivent le système {system}.',
    ],
    wrote: ['Wrote {file}', 'Écrit : {file}'],
    // lint.ts
    lintRootMalformed: [
      '--root {root}: write NAME=DIR, as jvb1=/srv/jvb1/etc.',
      '--root {root} : écrivez NOM=DOSSIER, comme jvb1=/srv/jvb1/etc.',
    ],
    noFileToLint: [
      'it holds no file of Jitsi, prosody, esup-runner, HAProxy, nginx, Redis, Celery or Pod',
      'il ne contient aucun fichier de Jitsi, prosody, esup-runner, HAProxy, nginx, Redis, Celery ou Pod',
    ],
    // plan.ts
    diagramNeedsInventory: [
      'A diagram needs an inventory: --inventory FILE.',
      'Un schéma veut un inventaire : --inventory FICHIER.',
    ],
    shareMissing: ['--ladder: {part} has no share.', "--ladder : {part} n'a pas de part."],
    noNumber: ['{flag}: {text} is no number above 0.', "{flag} : {text} n'est pas un nombre au-dessus de 0."],
    noRate: [
      '{flag}: {text} is no rate (write 800k, 3.5M or 10G).',
      "{flag} : {text} n'est pas un débit (écrivez 800k, 3.5M ou 10G).",
    ],
    rateBelowOne: [
      '{flag}: {text} is {bits} b/s. Decimals take a point (3.5M); a comma stands between two rates (800k,2800k).',
      '{flag} : {text} fait {bits} b/s. Les décimales prennent un point (3.5M) ; une virgule sépare deux débits (800k,2800k).',
    ],
    // queue.ts
    urlOfNoBroker: [
      'its URL is none of redis://, rediss://, sentinel://, redis+socket://',
      "son URL n'est ni redis://, ni rediss://, ni sentinel://, ni redis+socket://",
    ],
    // render.ts
    rootMalformed: ['--root {root}: write NODE=DIRECTORY.', '--root {root} : écrivez NŒUD=DOSSIER.'],
    rendered: ['rendered', 'généré'],
    secretDiffers: ['{target}: a secret differs\n', '{target} : un secret diffère\n'],
    newFile: ['new     ', 'nouveau '],
    changedFile: ['changed ', 'modifié '],
    writtenFiles: [
      '{files} {files:file|files}, {changed} new or changed.',
      '{files} {files:fichier|fichiers}, {changed} {changed:nouveau ou modifié|nouveaux ou modifiés}.',
    ],
    comparedFiles: [
      '{files} {files:file|files}, {changed} new or changed, nothing written.',
      "{files} {files:fichier|fichiers}, {changed} {changed:nouveau ou modifié|nouveaux ou modifiés}, rien n'a été écrit.",
    ],
    valueMissing: [
      '{target}:{line} holds {placeholder} for {key}, which cluster.toml does not give: {from}; then render again.',
      '{target}:{line} contient {placeholder} pour {key}, que cluster.toml ne donne pas : {from} ; puis générez de nouveau.',
    ],
    // runner-adapter.ts
    anotherMachineGiveSsh: [
      '{name} is another machine: give ssh = "root@{address}" under [esup_runner.runners.{name}], or type there: {command}',
      '{name} est une autre machine : donnez ssh = "root@{address}" sous [esup_runner.runners.{name}], ou tapez là-bas : {command}',
    ],
    itFailed: ['it failed', 'échec'],
    atWorkBesides: ['at work besides: {names} ({by})', 'en service à côté : {names} ({by})'],
    none: ['none', 'aucun'],
  },
  { isWrapped: true },
);
