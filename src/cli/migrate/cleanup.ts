import { shownCount } from '../../kit/output/localized.js';
import { isFatal } from '../../migrate/apply-migration.js';
import { importStateOf } from '../../migrate/import-state.js';
import { cleanup, countHosts, hostOf, planCleanup } from '../../migrate/cleanup.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import { renderTable } from '../../kit/output/table.js';
import { confirm } from '../kit/confirm.js';
import type { Context } from '../kit/context.js';
import { nextCommand, unasked } from '../kit/next-command.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderResult } from './render/plan.js';
import { renderSkipped } from './render/undo.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { PodDatabase, PodExternalRecording } from '../../migrate/pod-port.js';
import type { Speaker } from '../kit/speaker.js';
import { backUpBeforeCleanup } from '../sites/pod-backup.js';
import { lockPod, podOf } from '../sites/pod.js';
import { journalOf } from '../sites/state.js';
import { words } from './words.js';

/** Rows that are named; `--json` has all. */
const MOST_LEFT = 20;

interface CleanupRequest {
  readonly hosts: readonly string[];
  readonly apply: boolean;
  readonly yes: boolean;
  readonly backup: string | undefined;
}

/** `migrate cleanup`: hosts without --server, rows with it, removal with --apply. */
export async function runCleanup(
  context: Context,
  request: CleanupRequest,
  speaker: Speaker,
): Promise<ExitStatus> {
  const pod = await podOf(context);
  if (request.hosts.length === 0) {
    const hosts = [...(await countHosts(pod))].sort(([, a], [, b]) => b - a);
    const [first] = hosts;
    if (speaker.json) speaker.printJson({ hosts: Object.fromEntries(hosts) });
    else
      speaker.print(
        `${renderTable(
          [{ title: words.recordings(), align: 'right' }, { title: words.playbackHost() }],
          hosts.map(([host, count]) => [shownCount(count), host]),
        )}${first === undefined ? '' : `\n${words.oneOfThem({ command: nextCommand(context, 'migrate', 'cleanup', '--server', first[0]) })}`}`,
      );
    return ExitStatus.done;
  }
  if (request.apply) await confirm(words.askCleanup({ hosts: request.hosts.join(', ') }), request.yes);
  const hosts = await chosenHosts(context, pod, request.hosts);
  if (!request.apply) return showCleanup(context, pod, hosts, request.hosts, speaker);
  const { target } = await pod.describe();
  await lockPod(context, pod);
  await backUpBeforeCleanup(context, request.backup, speaker);
  const run = newRunId();
  const result = await cleanup({
    journal: await journalOf(context),
    pod,
    target,
    run,
    hosts,
    signal: context.signal,
    isFatal,
  });
  if (speaker.json) speaker.printJson({ run, states: result.tally.byState });
  else
    speaker.print(
      renderResult(
        run,
        result,
        [
          ...renderSkipped(result.tally),
          ...(result.tally.byState.done === 0
            ? []
            : [words.putBack({ command: nextCommand(context, 'migrate', 'undo', run, ...unasked()) })]),
        ].join('\n'),
      ),
    );
  if (result.stoppedBy !== null) throw result.stoppedBy;
  return result.tally.byState.failed > 0 ? ExitStatus.partial : ExitStatus.done;
}

/**
 * `--server NAME` as elsewhere: a [bbb.NAME], whose host is meant, or the host of playback URLs as the list shows it.
 * @throws OperatorError cleanup-server-unknown
 */
async function chosenHosts(
  { configuration }: Context,
  pod: Awaited<ReturnType<typeof podOf>>,
  names: readonly string[],
): Promise<Set<string>> {
  const known = await countHosts(pod);
  const apiHost = (url: string): string => hostOf(url.includes('://') ? url : `https://${url}`);
  const configuredHosts = new Set(
    Object.values(configuration.bbb).flatMap(({ url }) => (url === undefined ? [] : [apiHost(url)])),
  );
  const hosts = names.map((name) => {
    const url = configuration.bbb[name]?.url;
    const host =
      url === undefined ? name.toLowerCase() : hostOf(url.includes('://') ? url : `https://${url}`);
    const isConfigured = url !== undefined || configuredHosts.has(host);
    if (!known.has(host) && !isConfigured)
      throw migrateTexts.cleanupServerUnknown({
        server: name,
        known: [...known.keys()].filter((one) => one !== '').join(', ') || '-',
      });
    return host;
  });
  return new Set(hosts);
}

/** What a cleanup would do, counted. */
interface CleanupSurvey {
  readonly counts: Readonly<Record<'cleanup' | 'skip' | 'imported', number>>;
  /** Links that nobody imported, by the id of their owner. */
  readonly waiting: ReadonlyMap<number | null, number>;
  /** The first of those whose import is under way or failed: they stay. */
  readonly left: readonly PodExternalRecording[];
}

async function surveyCleanup(
  pod: PodDatabase,
  hosts: ReadonlySet<string>,
  onRow: (kind: 'cleanup' | 'skip', row: PodExternalRecording) => void,
): Promise<CleanupSurvey> {
  const waiting = new Map<number | null, number>();
  const counts = { cleanup: 0, skip: 0, imported: 0 };
  const left: PodExternalRecording[] = [];
  for await (const { kind, row } of planCleanup(pod, hosts)) {
    counts[kind]++;
    if (kind === 'skip' && left.length < MOST_LEFT) left.push(row);
    if (importStateOf(row) === 'imported') counts.imported++;
    else waiting.set(row.ownerId, (waiting.get(row.ownerId) ?? 0) + 1);
    onRow(kind, row);
  }
  return { counts, waiting, left };
}

async function showCleanup(
  context: Context,
  pod: PodDatabase,
  hosts: ReadonlySet<string>,
  named: readonly string[],
  speaker: Speaker,
): Promise<ExitStatus> {
  const survey = await surveyCleanup(pod, hosts, (kind, row) => {
    if (speaker.json) speaker.printJson({ type: 'item', kind, row }, 0);
  });
  const { counts, waiting, left } = survey;
  if (speaker.json) {
    speaker.printJson({ type: 'summary', ...counts, waitingOwners: waiting.size }, 0);
    return ExitStatus.done;
  }
  const owners = [...waiting.keys()].filter((id) => id !== null);
  const names = new Map((await pod.findUsersById(owners)).map(({ id, username }) => [id, username]));
  const nameOf = (id: number | null): string =>
    id === null ? '-' : (names.get(id) ?? words.userNumber({ id: String(id) }));
  speaker.print(words.toRemove({ count: counts.cleanup, imported: counts.imported, left: counts.skip }));
  if (waiting.size > 0) speaker.print(`${words.notImported()}\n${renderWaiting(survey, nameOf)}`);
  if (left.length > 0) speaker.print(`${words.leftRows()}\n${renderLeft(survey, nameOf)}`);
  if (counts.cleanup === 0) return ExitStatus.done;
  speaker.print(
    words.removeThem({
      command: nextCommand(
        context,
        'migrate',
        'cleanup',
        ...named.flatMap((host) => ['--server', host]),
        '--apply',
        ...unasked(),
      ),
    }),
  );
  return ExitStatus.done;
}

const renderWaiting = ({ waiting }: CleanupSurvey, nameOf: (id: number | null) => string): string =>
  renderTable(
    [{ title: words.recordings(), align: 'right' }, { title: words.owner() }],
    [...waiting].map(([id, count]) => [shownCount(count), nameOf(id)]),
  );

function renderLeft({ left, counts }: CleanupSurvey, nameOf: (id: number | null) => string): string {
  const columns = [
    { title: words.title(), shrinks: true },
    { title: words.owner(), shrinks: true },
    { title: words.stateInPod(), shrinks: true },
  ];
  const lines = left.map(({ name, ownerId, state }) => [name, nameOf(ownerId), state ?? '']);
  const more = counts.skip - left.length;
  return `${renderTable(columns, lines, 80)}${more > 0 ? `\n   ${words.moreInJson({ count: more })}` : ''}`;
}
