import { configured } from '../../../kit/named-configuration.js';
import { localized, plural } from '../../../kit/output/localized.js';
import path from 'node:path';
import { plainText } from '../../../kit/output/text.js';
import { renderTable } from '../../../kit/output/table.js';
import { renderDuration } from '../../../kit/output/units.js';
import type { QueueEntry } from '../../../recorder/queue/conversion-queue.js';
import type { EnqueueOutcome, EnqueueTally } from '../../../recorder/queue/enqueue-conversions.js';
import type { SeenRunner } from '../../../recorder/adapters/esup-runner/task-queue.js';
import type { QueueSurvey } from '../../../recorder/queue/survey-queue.js';
import type { EngineSurvey } from '../status.js';

const LISTED = 20;

/** What became of one item of `recorder convert --queue`, when it is worth a line; null when it only counts. */
export function renderEnqueued({ job, state, entry }: EnqueueOutcome): string | null {
  if (state === 'set-aside')
    return `${plainText(job.label)}: ${localized('set aside', 'mise de côté')}: ${plainText(entry?.failure?.message ?? '')}`;
  return null;
}

export const enqueuedJson = ({ job, state, entry }: EnqueueOutcome): object => ({
  type: 'item',
  id: job.id,
  source: job.label,
  output: job.outputPath,
  state,
  ...(state === 'set-aside' && entry?.failure ? entry.failure : {}),
});

/** The last lines: how many, and what to type next. */
export function renderEnqueueTally(tally: EnqueueTally): string {
  const parts = [
    localized(`${tally.enqueued} enqueued`, `${tally.enqueued} mises en file`),
    localized(
      `${tally['queued-already']} in the queue already`,
      `${tally['queued-already']} déjà dans la file`,
    ),
    localized(`${tally['done-already']} made already`, `${tally['done-already']} déjà faites`),
    ...(tally['set-aside'] > 0
      ? [localized(`${tally['set-aside']} set aside`, `${tally['set-aside']} mises de côté`)]
      : []),
  ];
  const next =
    tally['set-aside'] > 0
      ? localized(
          'Try what was set aside again: the same command with --retry-failed',
          'Pour reprendre ce qui est mis de côté : la même commande avec --retry-failed',
        )
      : tally.enqueued + tally['queued-already'] > 0
        ? follow()
        : localized('Nothing was left to do.', "Il n'y avait plus rien à faire.");
  return `${parts.join(', ')}\n${next}`;
}

/** `recorder status`, 80 columns wide. @param now Unix milliseconds */
export function renderQueue(survey: EngineSurvey, now: number, columns = 80): string {
  const { counts, workers } = survey;
  const head = [
    localized(
      `${counts.queued} queued, ${counts.running} running, ${counts.retrying} retrying, ${counts.done} done, ${counts.failed} failed, ${counts.missing} missing`,
      `${counts.queued} en attente, ${counts.running} en cours, ${counts.retrying} à refaire, ${counts.done} terminées, ${counts.failed} en échec, ${counts.missing} perdues`,
    ),
    workers.length === 0
      ? localized('No worker is connected.', "Aucun worker n'est connecté.")
      : `Workers${localized(':', ' :')} ${workers.map(plainText).join(', ')}`,
  ];
  return [
    ...head,
    ...managerLines(survey),
    ...running(survey, now, columns),
    ...troubles(survey),
    nextStep(survey),
  ].join('\n');
}

/** The manager of esup-runner, its tasks of our type, and each of its runners that takes them. */
function managerLines({ manager }: EngineSurvey): string[] {
  if (manager === undefined) return [];
  const tasks = Object.entries(manager.tasks).map(([state, count]) => `${count} ${state}`);
  return [
    `Manager${localized(':', ' :')} ${plainText(manager.url)} (esup-runner ${plainText(manager.version)})`,
    localized(
      `Its tasks of our type: ${tasks.join(', ') || 'none'}`,
      `Ses tâches de notre type : ${tasks.join(', ') || 'aucune'}`,
    ),
    ...manager.runners
      .slice(0, LISTED)
      .map((runner) => `  ${plainText(runner.id)} ${plainText(runner.url)}: ${stateOfRunner(runner)}`),
  ];
}

const stateOfRunner = ({ online, reachable, available, task }: SeenRunner): string =>
  !online
    ? localized('silent', 'silencieux')
    : !reachable
      ? localized('on line, not reachable from here', "en ligne, injoignable d'ici")
      : task !== null
        ? localized(`works on ${task.id}`, `travaille sur ${task.id}`)
        : available === true
          ? localized('free', 'libre')
          : localized('busy', 'occupé');

function running({ running: entries }: QueueSurvey, now: number, columns: number): string[] {
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, LISTED)
    .map(({ label, progress, worker, startedAt }) => [
      label,
      progress === null ? '-' : progress.step,
      progress?.fraction == null ? '-' : `${Math.floor(progress.fraction * 100)} %`,
      startedAt === null ? '-' : renderDuration(Math.max(0, now - startedAt)),
      worker ?? '-',
    ]);
  const right = { align: 'right' as const };
  return [
    '',
    renderTable(
      [
        { title: localized('running', 'en cours'), shrinks: true },
        { title: localized('step', 'étape') },
        { title: localized('part', 'part'), ...right },
        { title: localized('since', 'depuis'), ...right },
        { title: 'worker', shrinks: true },
      ],
      rows,
      columns,
    ),
  ];
}

function troubles({ retrying, failed, missing }: QueueSurvey): string[] {
  const told = (title: string, entries: readonly QueueEntry[]): string[] =>
    entries.length === 0
      ? []
      : [
          '',
          title,
          ...entries
            .slice(0, LISTED)
            .flatMap(({ label, failure, attempts }) => [
              `  ${plainText(label)}: ${plainText(failure?.message ?? localized('no reason given', 'sans raison donnée'))} (${attempts} ${localized(plural(attempts, 'attempt', 'attempts'), plural(attempts, 'essai', 'essais'))})`,
              ...(failure === null || failure.remedy === '' ? [] : [`    -> ${plainText(failure.remedy)}`]),
            ]),
        ];
  return [
    ...told(localized('To be tried again:', 'À refaire :'), retrying),
    ...told(localized('Failed, set aside:', 'En échec, mises de côté :'), failed),
    ...(missing.length === 0
      ? []
      : [
          '',
          localized(
            'Missing: enqueued from here, no file, and Redis does not know them:',
            "Perdues : mises en file d'ici, sans fichier, et inconnues de Redis :",
          ),
          ...missing
            .slice(0, LISTED)
            .map(
              ({ label, outputPath, run }) =>
                `  ${plainText(label)} -> ${plainText(path.basename(outputPath))} (${localized('run', 'exécution')} ${run})`,
            ),
          ...(missing.length > LISTED
            ? [
                localized(
                  `  … and ${missing.length - LISTED} more (--json lists all)`,
                  `  … et ${missing.length - LISTED} de plus (--json les donne toutes)`,
                ),
              ]
            : []),
        ]),
  ];
}

const nextStep = (survey: EngineSurvey): string => configured(toDoNext(survey));

function toDoNext({ counts, missing, workers, manager, failed }: EngineSurvey): string {
  const runs = [...new Set(missing.filter(({ claim }) => !claim).map(({ run }) => run))];
  if (runs.length > 0)
    return `\n${localized('Enqueue again:', 'Remettre en file :')} ${runs
      .slice(-3)
      .map((run) => `bbb2pod recorder convert --queue --resume ${run}`)
      .join('\n               ')}`;
  if (missing.length > 0)
    return localized(
      '\nClaimed meanwhile or forgotten; this asks Pod: bbb2pod migrate recordings --use-manual-claim --queue',
      '\nRevendiquées entre-temps ou oubliées ; pour le demander à Pod : bbb2pod migrate recordings --use-manual-claim --queue',
    );
  if (counts.failed > 0)
    return localized(
      '\nTry again: the command that enqueued them, with --retry-failed',
      '\nPour refaire : la commande qui les a mises en file, avec --retry-failed',
    );
  if (manager !== undefined && counts.queued + counts.running + counts.retrying > 0 && failed.length === 0)
    return localized(
      '\nNobody else brings them: bbb2pod recorder convert --queue --resume last',
      "\nPersonne d'autre ne les rapporte : bbb2pod recorder convert --queue --resume last",
    );
  if (workers.length === 0 && counts.queued > 0)
    return localized(
      '\nStart one on each encoding server: bbb2pod recorder worker',
      "\nLancez-en un sur chaque serveur d'encodage : bbb2pod recorder worker",
    );
  return counts.queued + counts.running + counts.retrying > 0
    ? follow()
    : localized('Nothing is left to do.', 'Il ne reste rien à faire.');
}

const follow = (): string =>
  configured(`${localized('Follow:', 'Suivre :')} bbb2pod recorder status --watch`);
