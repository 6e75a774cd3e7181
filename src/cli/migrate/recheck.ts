import { exists } from '../../kit/adapters/files/path-status.js';
import { CHUNK_SIZE } from '../../kit/batch/apply.js';
import { chunksOf, type PlanReader } from '../../kit/batch/plan.js';
import { asOperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import { reasonText, type ReportItem } from '../../kit/output/report.js';
import type { MigrateAction } from '../../migrate/actions.js';
import { claimPath } from '../../migrate/apply-claims.js';
import { recheckAction, recheckHeld, type HeldToday, type Today } from '../../migrate/recheck-plan.js';
import type { RecordingListing } from '../../migrate/recording-listing.js';
import type { Speaker } from '../kit/speaker.js';
import type { MigrateFlags } from './flags.js';
import { listRecordings } from './listing.js';
import type { Migration } from './open.js';
import { words } from './words.js';

const LISTED = 20;

/** An approved plan, and today's listing that it was compared with; null where none could be had. */
export interface Rechecked {
  readonly plan: PlanReader<MigrateAction>;
  readonly listing: RecordingListing | null;
}

/**
 * An approved plan as it may be applied today: BBB is listed again, and what was unpublished, deleted or moved since is
 * skipped. Where no server answers, that is said and the plan is applied as it was approved.
 */
export async function recheckedPlan(
  migration: Migration,
  plan: PlanReader<MigrateAction>,
  flags: MigrateFlags,
  speaker: Speaker,
): Promise<Rechecked> {
  const { context, choosePlayback } = migration;
  if (Object.keys(context.configuration.bbb).length === 0 && flags['from-xml'] === undefined)
    return { plan, listing: null };
  const chosen = { server: flags.server, 'from-xml': flags['from-xml'] };
  const listing = await listRecordings(context, chosen).catch((error: unknown) => {
    context.signal.throwIfAborted();
    speaker.say(words.notAskedAgain({ text: shownFailure(asOperatorError(error)).text }));
    return null;
  });
  if (listing === null) return { plan, listing };
  const today: Today = { find: listing.find, isWhole: listing.partial.length === 0, choosePlayback };
  const rechecked = async function* (): AsyncGenerator<MigrateAction> {
    for await (const action of plan.actions()) yield recheckAction(action, today);
  };
  return { plan: { header: plan.header, actions: rechecked }, listing };
}

/** The same with what Pod holds by now; a real run finds that out where it writes. For `--dry`. */
export async function heldAgainst(migration: Migration, { plan, listing }: Rechecked): Promise<Rechecked> {
  const { pod, mode } = migration;
  const { rows } = await migration.indexPodRows();
  const directory = mode === 'claim' ? migration.claimDirectory() : '';
  const held = async function* (): AsyncGenerator<MigrateAction> {
    for await (const chunk of chunksOf(plan.actions(), CHUNK_SIZE)) {
      const names = chunk.flatMap(({ kind, owner }) => (kind === 'import' ? [owner] : []));
      const users = names.length === 0 ? [] : await pod.findUsersByUsername([...new Set(names)]);
      const paths = chunk.flatMap((action) =>
        action.kind === 'claim' ? [claimPath(directory, action.fileName)] : [],
      );
      const registered = paths.length === 0 ? [] : await pod.findClaimPaths(paths);
      const states = new Map(registered.map(({ path, state }) => [path, state]));
      const today: HeldToday = {
        rows: rows.find(chunk.map(({ recordId }) => recordId)),
        users: new Map(users.map(({ id, username }) => [username.toLowerCase(), id])),
        claimStateOf: (fileName) => {
          const path = claimPath(directory, fileName);
          return states.get(path) ?? (exists(path) ? 'on-disk' : null);
        },
      };
      for (const action of chunk) yield recheckHeld(action, today);
    }
  };
  return { plan: { header: plan.header, actions: held }, listing };
}

/** What of an approved plan was skipped when it was applied: what differs since then, in lines. */
export class Differences {
  readonly #lines: string[] = [];
  #count = 0;

  add(action: Pick<MigrateAction, 'kind'>, item: ReportItem): void {
    const isNew = action.kind !== 'skip' || item.reason.endsWith('-since-plan');
    if (item.state !== 'skipped' || !isNew) return;
    if (++this.#count <= LISTED)
      this.#lines.push(`  ${words.differs({ title: item.title, owner: item.owner, why: reasonText(item) })}`);
  }

  /** '' when the plan was applied as it was approved. */
  render(): string {
    if (this.#count === 0) return '';
    const more = this.#count > LISTED ? [`  ${words.moreInReport({ count: this.#count - LISTED })}`] : [];
    return [words.differences({ count: this.#count }), ...this.#lines, ...more].join('\n');
  }
}
