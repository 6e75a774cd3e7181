/* What `doctor` asks of the outside. Adapters implement these types; src/cli/doctor/examine.ts fills them in.
   Findings are results of src/checks: their codes belong to the topic's own codes file. */

import type { CheckResult } from '../kit/checks/check-result.js';

/** What the configuration says about the receiving Pod. */
export interface PodExpectations {
  readonly siteId: number;
  readonly adminId: number;
  /** `[migrate] unresolved = "admin"`; false: nothing is ever given to the administrator. */
  readonly adminNeeded: boolean;
  /** `[migrate] create_users`; false: accounts are never made. */
  readonly createsUsers: boolean;
  /** Sites that sections of BBB and Moodle name, by the key that names them. */
  readonly otherSites: ReadonlyMap<string, number>;
  readonly recorderId: number;
  /** Pod's DEFAULT_RECORDER_PATH as configured, or null when claims are not wanted. */
  readonly recorderPath: string | null;
}

/** What the Pod database says, in results and in the facts that other checks need. */
export interface PodFindings {
  /**
   * One result per thing checked, good ones included, subjects `pod.database`, `pod.site_id`, `pod.admin_id`,
   * `pod.recorder_id`: connection, engine and version, every table and column we read or write, the right to
   * write tried in a transaction that is rolled back (never on an engine without transactions), the site, the
   * administrator (active, staff), the recorder (manager NULL, type `video`, site attached).
   * A result that follows from another names its id in `causedBy`.
   */
  readonly results: readonly CheckResult[];
  /** Null when the database could not be described. */
  readonly facts: {
    readonly version: string;
    readonly siteDomain: string;
    /** Length of recorder_recordingfiletreatment.file. */
    readonly claimPathLength: number;
    /** recorder_recorder.directory of the configured recorder; null without one. */
    readonly recorderDirectory: string | null;
    readonly recorderName: string | null;
    /** Hosts of links that nobody imported yet. */
    readonly playbackHosts: readonly string[];
  } | null;
}

/** Reads only, but for the write that is rolled back. Throws an OperatorError when nothing can be said. */
export type CheckPodDatabase = (expected: PodExpectations, signal: AbortSignal) => Promise<PodFindings>;

/**
 * Findings of one Moodle, subject `moodle.NAME`: engine, prefix (the nearest one found when it is wrong),
 * generation of the schema, rights on every table and column read; with an annotate account, its rights too.
 */
export type CheckMoodleDatabase = (name: string, signal: AbortSignal) => Promise<readonly CheckResult[]>;

/** Findings of one Greenlight, subject `greenlight.NAME`: version, rights, tenants, collisions, people unknown to Pod. */
export type CheckGreenlightDatabase = (name: string, signal: AbortSignal) => Promise<readonly CheckResult[]>;

/** What one BBB server answered. Throws an OperatorError: unreachable, refused signature, not an API. */
export type AskBbb = (
  server: string,
  signal: AbortSignal,
) => Promise<{
  /** The API's version as it says it. */
  readonly version: string;
  /** Recordings counted by reading the list; null when the server would not say in time. */
  readonly recordings: number | null;
  /** The server's clock minus ours, in milliseconds, from its Date header; null without one. */
  readonly clockSkewMs: number | null;
  /** Whether offset and limit are obeyed. */
  readonly paged: boolean | null;
}>;

/** Facts on one directory, found without changing it (the probe file is removed). */
export interface DirectoryFacts {
  readonly exists: boolean;
  readonly isDirectory: boolean;
  /** A file could be created, synced, renamed and removed in it. */
  readonly writable: boolean;
  /** A rename from a sub-directory or sibling stays within one file system; false when it crosses. */
  readonly device: string;
  readonly owner: string;
  readonly group: string;
  /** Permission bits, such as 0o2775. */
  readonly mode: number;
  readonly freeBytes: number;
  readonly detail: string;
  /** Of one that does not exist: the nearest directory above it that does. */
  readonly parent?: string;
}

/** Looks at a directory, and tries it with a probe file when `tryWrite` is true. */
export type InspectDirectory = (
  directory: string,
  options: { tryWrite: boolean; signal: AbortSignal },
) => Promise<DirectoryFacts>;

/** Tries as another user what Pod would do with a file that we dropped. Null when we may not become that user. */
export type TryAsUser = (
  user: string,
  directory: string,
  options: { mode: number; owner: string | null; signal: AbortSignal },
) => Promise<{ readonly canRead: boolean; readonly canMove: boolean; readonly canDelete: boolean } | null>;

/** Whether another account may read a file, or write in a directory; null when we may not become that account. */
export type MayAsUser = (
  user: string,
  what: 'read' | 'write',
  path: string,
  signal: AbortSignal,
) => Promise<boolean | null>;

/** The status that a page of Pod answers with, after redirects. Throws an OperatorError when nothing answers. */
export type FetchPod = (url: string, signal: AbortSignal) => Promise<{ readonly status: number }>;

/** What a program says of itself; the first line of its answer. Throws an OperatorError. */
export type AskVersion = (
  program: string,
  parameters: readonly string[],
  signal: AbortSignal,
) => Promise<string>;

/** A Redis used as queue: what makes it lose jobs. Throws an OperatorError when it does not answer. */
export type AskRedis = (signal: AbortSignal) => Promise<{
  readonly version: string;
  readonly maxmemoryPolicy: string;
  readonly persistent: boolean;
  readonly database: number;
  /** Where anybody may write to it without a password, from beyond this machine; null when nobody may. */
  readonly openAt: string | null;
}>;

/** Publishes a test card for a second under a name of its own, and looks for it in HLS. `target` shows no credentials. */
export type TryStream = (signal: AbortSignal) => Promise<{
  readonly outcome: 'played' | 'unreachable' | 'refused' | 'not-played';
  readonly target: string;
  /** The playlist it was looked for in; null without live.hls_url, where publishing is all that is tried. */
  readonly hls: string | null;
  readonly detail: string;
}>;

/** Pod's REST with the configured token. Throws an OperatorError when there is no Pod, or one without lives. */
export type AskLivePod = (
  buildingId: number,
  signal: AbortSignal,
) => Promise<{
  /** 401: the token is unknown; 403: its user is not staff. */
  readonly refused: 401 | 403 | null;
  readonly generations: readonly string[];
  /** Its name; null when there is no such building. */
  readonly building: string | null;
}>;

/** The Redis of the chat, asked as Pod will: at the address it is told, without a password. */
export type AskLiveRedis = (signal: AbortSignal) => Promise<{
  readonly host: string;
  readonly port: number;
  readonly failure: { readonly kind: 'password' | 'unreachable'; readonly detail: string } | null;
}>;

/** A mail server or Docker engine: reached, or why not. */
export type AskEngine = (
  signal: AbortSignal,
) => Promise<{ readonly version: string; readonly failure: string | null }>;
export type ProbeMail = (
  signal: AbortSignal,
) => Promise<{ readonly server: string; readonly failure: string | null }>;

/** Every address of a host, as this machine resolves it; null when it has none. */
export type ResolveHost = (host: string) => Promise<readonly string[] | null>;

/** Where a path leads once every link is followed; null where it leads nowhere. */
export type ResolvePath = (path: string) => Promise<string | null>;

/** Reads a text file whole (Pod's settings); throws an OperatorError. */
export type ReadText = (file: string) => Promise<string>;
