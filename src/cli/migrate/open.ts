import { removeTree } from '../../kit/adapters/files/remove-tree.js';
import os from 'node:os';
import type { PlanHeader } from '../../kit/batch/action.js';
import type { Journal } from '../../kit/batch/journal.js';
import type { ClaimTools } from '../../migrate/apply-claims.js';
import type { OwnerSources } from '../../migrate/gather-facts.js';
import { indexPodRows } from '../../migrate/index-pod-rows.js';
import type { MigratePolicy } from '../../migrate/migration-facts.js';
import { importHosts } from '../../migrate/import-hosts.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import { knownVersion, REFUSES_PRIVATE_SINCE } from '../../migrate/pod-version.js';
import { isAtLeast } from '../../kit/versions.js';
import type { Reason } from '../../owners/decision.js';
import { importLimitsOf } from '../../migrate/import-limits.js';
import type { Constants } from '../../kit/config/init/literal.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import type { RecordingListing } from '../../migrate/recording-listing.js';
import type { RowIndex } from '../../migrate/row-index.js';
import { settleIntents } from '../../migrate/settle-intents.js';
import { openClaimSurvey, type ClaimSurvey } from '../../migrate/survey-claims.js';
import { findTarget, type Target } from '../../migrate/target.js';
import { moodleSectionFor } from '../../owners/meeting-id.js';
import { emptyOwnersFile, parseOwnersFile } from '../../owners/owners-file.js';
import { defaultOwnerPolicy, type OwnerPolicy } from '../../owners/policy.js';
import { writeRunProgress } from '../../kit/adapters/state/run-progress.js';
import type { Progress } from '../../kit/output/progress-options.js';
import { normaliseHost, originServerOf } from '../../bbb/origin-server.js';
import { choosePlayback, type Playback } from '../../bbb/choose-playback.js';
import { parseRecordList } from '../../bbb/filters.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import {
  claimFileName,
  joinAsPod,
  oldScriptFileNames,
  SHORTEST_CLAIM_NAME,
  titleOf,
} from '../../bbb/recording-names.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import type { Recording } from '../../bbb/recording.js';
import type { KnownIds } from '../../bbb/recording-source.js';
import type { Context } from '../kit/context.js';
import { isForeground } from '../../kit/adapters/process/foreground.js';
import type { MigrateFlags } from './flags.js';
import { claimFilesOf } from './claims.js';
import { openClaimTools, type FollowedClaims } from './claim-tools.js';
import { knownIdsOf, type IdSite } from './known-ids.js';
import { listRecordings, type RangeFlags } from './listing.js';
import { words } from './words.js';
import { isMoodleConfigured, moodleAliases, moodlesOf } from '../sites/moodle-sites.js';
import { configuredGreenlights, greenlightsOf } from '../sites/greenlights.js';
import { otherSitesOf } from '../sites/other-sites.js';
import { lockPod, podOf } from '../sites/pod.js';
import { journalOf, runDirectory } from '../sites/state.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';
import { required } from '../kit/missing-key.js';

/** Which recordings are asked for, and how their owners are found. */
export interface MigrationRequest extends RangeFlags {
  readonly 'use-database-moodle': boolean;
  readonly 'use-database-greenlight'?: boolean | undefined;
  readonly 'include-unpublished': boolean;
  readonly recreate: boolean;
  readonly exclude?: string | undefined;
  readonly owner?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly 'allow-missing'?: boolean;
}

/** What opening a migration means: `writes` takes the lock of this Pod and settles what a crash left open. */
export interface MigrationOpening {
  readonly mode: 'import' | 'claim';
  readonly writes: boolean;
  /** Whether a terminal is told how far it is. */
  readonly progress: boolean;
  /** Lines of a long run where no bar is drawn. */
  readonly say?: (text: string) => void;
}

/** Everything one migration works with: opened once, for planning, showing and applying. */
export class Migration {
  readonly context: Context;
  readonly mode: 'import' | 'claim';
  readonly pod: PodDatabase;
  readonly journal: Journal;
  readonly target: Target;
  readonly policy: MigratePolicy;
  readonly progress: Progress;
  readonly #request: MigrationRequest;
  #find: (recordId: string) => Recording | null = () => null;

  constructor(
    parts: Pick<Migration, 'context' | 'mode' | 'pod' | 'journal' | 'target' | 'policy' | 'progress'>,
    request: MigrationRequest,
  ) {
    this.context = parts.context;
    this.mode = parts.mode;
    this.pod = parts.pod;
    this.journal = parts.journal;
    this.target = parts.target;
    this.policy = parts.policy;
    this.progress = parts.progress;
    this.#request = request;
  }

  get podUrl(): string | undefined {
    return this.context.configuration.pod.url;
  }

  readonly choosePlayback = (recording: Recording): Playback =>
    choosePlayback(recording, { playback23: this.#bbb(recording)?.playback_23 ?? true });
  readonly titleOf = (recording: Recording): string => titleOf(recording);

  get #aliases(): Readonly<Record<string, readonly string[]>> {
    return moodleAliases(this.context);
  }

  /** `site_id` may stand per Moodle and per BBB server. */
  readonly siteOf = (recording: Recording): number => {
    const { moodle, migrate, pod } = this.context.configuration;
    const section = moodleSectionFor(recording, Object.keys(moodle), migrate.ignored_servers, this.#aliases);
    return (
      (section === null ? undefined : moodle[section]?.site_id) ??
      this.#bbb(recording)?.site_id ??
      pod.site_id
    );
  };

  #bbb(recording: Recording) {
    return this.context.configuration.bbb[recording.server];
  }

  runDirectory(run: string): string {
    return runDirectory(this.context, run);
  }

  /** Where a plan that is only shown is spooled: removed before the command ends. */
  async temporaryPlanDirectory(): Promise<{ directory: string; discard: () => Promise<void> }> {
    const { makeOwnDirectory } = await import('../../kit/adapters/files/own-directory.js');
    const directory = makeOwnDirectory(os.tmpdir(), 'bbb2pod-plan');
    return { directory, discard: () => removeTree(directory) };
  }

  /** @param sources where ids come from when a server cannot give its whole list. */
  async list(
    sources: Pick<OwnerSources, 'moodles' | 'greenlights' | 'ownersFile'>,
  ): Promise<RecordingListing> {
    this.progress.step(words.listing());
    const listing = await listRecordings(this.context, this.#request, undefined, () =>
      this.knownIds(sources),
    );
    this.#find = listing.find;
    this.progress.step(words.deciding(), listing.chosen);
    return listing;
  }

  knownIds({
    moodles,
    greenlights,
    ownersFile,
  }: Pick<OwnerSources, 'moodles' | 'greenlights' | 'ownersFile'>): KnownIds {
    const opened = [...moodles.values(), ...(greenlights?.values() ?? [])];
    return knownIdsOf({
      pod: this.pod,
      ownersFile,
      sites: async () => (this.mode === 'import' ? opened : this.#sitesForIds()),
    });
  }

  /** Claims look up no owner, but a server that gives no list can only be asked by ids: those who know most are asked. */
  async #sitesForIds(): Promise<IdSite[]> {
    const moodles = isMoodleConfigured(this.context)
      ? await moodlesOf(this.context)
      : new Map<string, never>();
    const greenlights =
      configuredGreenlights(this.context).length > 0
        ? await greenlightsOf(this.context)
        : new Map<string, never>();
    return [...moodles.values(), ...greenlights.values()];
  }

  async indexPodRows(): Promise<{ rows: RowIndex; knownUpToId: number }> {
    const { openRowIndex } = await import('../../migrate/adapters/row-index.js');
    const { directory, discard } = await this.temporaryPlanDirectory();
    const rows = openRowIndex(directory);
    this.context.closeWith(async () => {
      rows.close();
      await discard();
    });
    return { rows, knownUpToId: await indexPodRows(this.pod, rows, recordIdOfUrl) };
  }

  async ownerSources(): Promise<OwnerSources> {
    const { migrate } = this.context.configuration;
    const file = migrate.owners_file;
    const ownersFile = file === undefined ? emptyOwnersFile : parseOwnersFile(readNamedFile(file), file);
    const moodles = this.#request['use-database-moodle']
      ? await moodlesOf(this.context)
      : new Map<string, never>();
    const greenlights =
      this.#request['use-database-greenlight'] === true
        ? await greenlightsOf(this.context)
        : new Map<string, never>();
    return {
      pod: this.pod,
      moodles,
      greenlights,
      greenlightAliases: aliasesOf(this.context.configuration.greenlight),
      ownersFile,
      policyFor: this.#policyFor,
      ignoredServers: migrate.ignored_servers,
      aliases: this.#aliases,
      findRecording: (recordId) => this.#find(recordId),
    };
  }

  readonly #policyFor = (recording: Recording, section: string | null): OwnerPolicy => {
    const { moodle, migrate, pod } = this.context.configuration;
    return {
      ...defaultOwnerPolicy,
      match: migrate.match ?? (pod.auth_type === 'OIDC' ? 'email' : 'username'),
      matchTemplate: migrate.match_template,
      usernameCase: migrate.username_case,
      createUsers: migrate.create_users,
      createdUsersStaff: migrate.created_users_staff,
      unresolved: migrate.unresolved,
      requireEnrolment: migrate.require_enrolment,
      keepSuspended: migrate.keep_suspended,
      ignoredServers: migrate.ignored_servers,
      moodleOrigin: this.#moodleOrigin(recording, section),
      moderatorScope: (section === null ? undefined : moodle[section]?.moderator_scope) ?? 'course',
      groupTeachers: (section === null ? undefined : moodle[section]?.group_teachers) ?? 'own',
      sharedServer: this.#bbb(recording)?.shared ?? true,
      siteId: this.siteOf(recording),
      siteIsNamed: this.#bbb(recording)?.site_id !== undefined,
      podHosts: this.target.siteDomains.map((domain) => domain.toLowerCase().replace(/:\d+$/, '')),
    };
  };

  #moodleOrigin(recording: Recording, section: string | null): OwnerPolicy['moodleOrigin'] {
    const server = originServerOf(recording);
    const { url } = (section === null ? undefined : this.context.configuration.moodle[section]) ?? {};
    if (server === '' || section === null) return 'unnamed';
    const names = [section, ...(this.#aliases[section] ?? []), ...(url === undefined ? [] : [url])];
    if (names.some((name) => normaliseHost(name) === server)) return 'named';
    return url === undefined ? 'unnamed' : 'other';
  }

  async surveyClaims(listing: RecordingListing): Promise<ClaimSurvey | null> {
    if (this.mode === 'import') return null;
    const { timezone } = this.context.configuration;
    const directory = this.claimDirectory();
    const length = this.target.description.claimPathLength;
    const maxLength = length - Array.from(directory).length - 1;
    if (maxLength < SHORTEST_CLAIM_NAME)
      throw migrateTexts.claimPathTooLong({ path: directory, length, room: Math.max(0, maxLength) });
    const extensionOf = (recording: Recording): 'm4v' | 'mp4' => {
      const playback = this.choosePlayback(recording);
      return 'url' in playback && playback.kind === 'video' ? 'm4v' : 'mp4';
    };
    return openClaimSurvey(
      directory,
      this.pod,
      await claimFilesOf(this.context),
      {
        fileNameOf: (recording) =>
          claimFileName(recording, { extension: extensionOf(recording), timeZone: timezone, maxLength }),
        oldScriptNamesOf: (recording) => oldScriptFileNames(recording, timezone),
      },
      listing.all(),
    );
  }

  /** Where Pod's scanner looks. @throws OperatorError config-key-missing */
  claimDirectory(): string {
    const { recorder_path: base } = this.context.configuration.pod;
    return joinAsPod(
      required(this.context, 'pod', 'recorder_path', base),
      this.target.recorder?.directory ?? '',
    );
  }

  /** Asked of each playback host where Pod refuses private addresses; undefined where it takes all. */
  async importRefusalOf(): Promise<((url: string) => Promise<Reason | null>) | undefined> {
    const version = knownVersion(this.target.description.version, this.context.configuration.pod.version);
    if (this.mode !== 'import' || !isAtLeast(version, REFUSES_PRIVATE_SINCE)) return undefined;
    const { resolveHost } = await import('../../kit/adapters/network/resolve-host.js');
    return importHosts(resolveHost);
  }

  async freeBytes(): Promise<number | null> {
    if (this.mode === 'import') return null;
    return (await claimFilesOf(this.context)).freeBytes(this.claimDirectory());
  }

  /** What applying needs beyond planning: the tools of claims. */
  async prepareWriting(
    flags: MigrateFlags,
    header: PlanHeader,
  ): Promise<{ claims: (ClaimTools & FollowedClaims) | null; mode: 'import' | 'claim' }> {
    if (header.mode !== 'claim') return { claims: null, mode: 'import' };
    return { claims: await openClaimTools(this, flags), mode: 'claim' };
  }
}

const aliasesOf = (
  sections: Readonly<Record<string, { readonly aliases: readonly string[] }>>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(sections).map(([name, { aliases }]) => [name, aliases]));

/** The plan goes on without a file that this account may not read: doctor says which it is. */
function readPodSettings(file: string | undefined): Constants | null {
  if (file === undefined) return null;
  try {
    return readPythonConstants(readNamedFile(file));
  } catch {
    return null;
  }
}

/** Opens and checks everything. */
export async function openMigration(
  context: Context,
  request: MigrationRequest,
  { mode, writes, progress: wanted, say }: MigrationOpening,
): Promise<Migration> {
  const { pod: section, migrate } = context.configuration;
  const pod = await podOf(context);
  const target = await findTarget(pod, {
    siteId: section.site_id,
    otherSiteIds: otherSitesOf(context),
    adminId: mode === 'claim' || migrate.unresolved === 'skip' ? null : section.admin_id,
    recorderId: mode === 'claim' ? section.recorder_id : null,
  });
  const journal = await journalOf(context);
  if (writes) {
    await lockPod(context, pod);
    await settleIntents(journal, target.description.target, pod, await claimFilesOf(context));
  }
  const policy: MigratePolicy = {
    mode,
    includeUnpublished: request['include-unpublished'],
    recreate: request.recreate,
    admin: { userId: section.admin_id, username: target.admin?.username ?? '-' },
    newUsers: {
      authType: section.auth_type,
      affiliation: section.affiliation ?? null,
      establishment: section.establishment,
    },
    unresolved: migrate.unresolved,
    excluded:
      request.exclude === undefined
        ? new Set()
        : parseRecordList(readNamedFile(request.exclude), recordIdOfUrl),
    skipGreenlight: !migrate.include_greenlight,
    skipBreakouts: migrate.breakouts === 'skip',
    skippedServers: new Set(migrate.skipped_servers.map(normaliseHost)),
    allowMissing: request['allow-missing'] ?? false,
    onlyOwners: request.owner ?? [],
    limit: request.limit ?? null,
    importLimits: importLimitsOf(readPodSettings(section.settings_file)),
    podMisreads20Links: ['3.5', '3.6', '3.7'].includes(target.description.version),
  };
  const { createProgress } = await import('../../kit/output/progress.js');
  const progress = await createProgress({
    stream: process.stderr,
    wanted,
    isForeground,
    log: (message) => context.log('info', message),
    ...(say === undefined ? {} : { tell: say }),
    timezone: context.configuration.timezone,
    onPace: (facts) => {
      const { run } = context.ending;
      if (run !== null) writeRunProgress(runDirectory(context, run), facts, Date.now());
    },
  });
  context.closeWith(() => progress.stop());
  return new Migration({ context, mode, pod, journal, target, policy, progress }, request);
}
