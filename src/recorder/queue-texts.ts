import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** The queue of conversions: filling it, its workers, what became of a job. */
export const queueTexts = defineTexts({
  'queue-unreachable': say(
    'error',
    'The Redis of [recorder] queue does not answer: {detail}',
    'Le Redis de [recorder] queue ne répond pas : {detail}',
    'Look: bbb2pod doctor --only recorder.queue; then type the same command again',
    'Regardez : bbb2pod doctor --only recorder.queue ; puis relancez la même commande',
  ),
  'queue-url-unknown': refusal(
    'With --queue no recordID can be read from {url}.',
    'Avec --queue, aucun recordID ne se lit dans {url}.',
    'Give the recordID: workers ask their own [bbb] for a fresh link, no URL is queued',
    'Donnez le recordID : les workers demandent un lien neuf à leur [bbb], aucune URL en file',
  ),
  'queue-with-secrets': refusal(
    '{flag} does not go with --queue: no cookie, header or exception travels in a job.',
    '{flag} ne va pas avec --queue : ni cookie, ni en-tête, ni exception ne voyage dans un travail.',
    'Convert here without --queue, or configure [bbb] on the workers',
    'Convertissez ici sans --queue, ou configurez [bbb] sur les workers',
  ),
  'queue-run-unknown': refusal(
    'No run {run} of recorder convert --queue is in the journal of {directory}.',
    'Aucune exécution {run} de recorder convert --queue dans le journal de {directory}.',
    '--resume last takes the newest run; what is missing: bbb2pod recorder status',
    '--resume last prend la dernière exécution ; ce qui manque : bbb2pod recorder status',
  ),
  'queue-job-unknown': say(
    'error',
    'The queue holds a job that this version cannot read: {detail}',
    'La file contient un travail que cette version ne lit pas : {detail}',
    'Install the same version of bbb2pod on the enqueuer and on every worker',
    "Installez la même version de bbb2pod là où l'on met en file et sur chaque worker",
  ),
  'queue-job-unsigned': say(
    'error',
    'Set aside: the job was not signed with the [recorder] queue_key of this worker.',
    'Mis de côté : le travail n’est pas signé avec la [recorder] queue_key de ce worker.',
    'Give every server the same queue_key, and look who else may write to that Redis',
    'Donnez la même queue_key à chaque serveur, et regardez qui d’autre peut écrire dans ce Redis',
  ),
  'queue-job-outside': say(
    'error',
    'Set aside: the job would write {path}, no video below the {key} of this worker ({root}).',
    'Mis de côté : le travail écrirait {path}, qui n’est pas une vidéo sous {key} de ce worker ({root}).',
    'Set {key} on every server to the directory that they share',
    'Sur chaque serveur, renseignez {key} avec le répertoire partagé',
  ),
  'conversion-queued': say('info', 'in the conversion queue', 'dans la file de conversion'),
  'conversion-done': say('info', 'converted', 'converti'),
  'conversion-handed-back': say(
    'info',
    'handed back to the queue: this worker stops',
    'rendu à la file : ce worker s’arrête',
  ),
  'conversion-kills-workers': say(
    'error',
    'Set aside: its workers died one after another ({detail}).',
    'Mis de côté : ses workers sont morts l’un après l’autre ({detail}).',
    'Convert it alone and look: bbb2pod recorder convert RECORDID --log-level debug --log-file FILE',
    'Convertissez-le seul et regardez : bbb2pod recorder convert RECORDID --log-level debug --log-file FICHIER',
  ),
  'conversion-set-aside': say(
    'warning',
    'set aside in the conversion queue: {detail}',
    'mis de côté dans la file de conversion : {detail}',
    'bbb2pod recorder status ; then again with --retry-failed',
    'bbb2pod recorder status ; puis à nouveau avec --retry-failed',
  ),
  'claim-queued': say(
    'info',
    'in the conversion queue; its file comes by a worker',
    'dans la file de conversion ; un worker livrera son fichier',
  ),
  'undo-still-queued': say(
    'warning',
    'left: still in the conversion queue',
    'laissé : encore dans la file de conversion',
    'bbb2pod recorder status ; type it again once the file is made',
    'bbb2pod recorder status ; relancez une fois le fichier fait',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof queueTexts>, true> {}
}
