import type { Secret } from '../../kit/config/secret.js';
import type { Outcome } from '../../kit/outcome.js';
import type { CertificateFacts, WebAnswer } from '../check/web-facts.js';

/** One entry of the manager's `/api/runners` (esup-runner 1.7, manager/app/api/routes/api.py). */
export interface RegisteredRunner {
  readonly id: string;
  readonly url: string;
  readonly online: boolean;
  readonly ageSeconds: number | null;
}

/** A task as the manager knows it: `/task/list`, or the three fields of `/api/tasks`. */
export interface ManagerTask {
  readonly id: string;
  readonly runnerId: string;
  /** pending, running, completed, failed, timeout, warning. */
  readonly status: string;
  readonly type: string | null;
  readonly sourceUrl: string | null;
  readonly notifyUrl: string | null;
  readonly application: string | null;
  /** Milliseconds since 1970, by the manager's clock and zone. */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly error: string | null;
}

/** `/runner/ping` (runner/app/api/routes/runner.py). */
export interface RunnerPing {
  readonly id: string;
  readonly available: boolean;
  readonly registered: boolean;
  readonly taskTypes: readonly string[];
}

/** A file system of `/runner/status`, since esup-runner 1.6. */
export interface RunnerDisk {
  readonly path: string;
  readonly usedPercent: number;
}

/** What one base URL of a runner gave. */
export interface RunnerFacts {
  /** Name of the inventory's instance, else the manager's id of it. */
  readonly name: string;
  /** Node of the inventory; the name itself when it has none. */
  readonly node: string;
  readonly url: string;
  readonly listed: boolean;
  readonly registered: RegisteredRunner | null;
  readonly ping: Outcome<RunnerPing>;
  readonly disks: readonly RunnerDisk[];
  readonly version: string | null;
}

export interface ManagerFacts {
  /** `/manager/health`, or `/api/health` where that is not known, without a token: a manager says 401 in JSON. */
  readonly anonymous: Outcome<WebAnswer>;
  readonly certificate: Outcome<CertificateFacts> | null;
  /** The same with the token; null: no token is known. */
  readonly health: Outcome<WebAnswer> | null;
  readonly runners: Outcome<readonly RegisteredRunner[]> | null;
  readonly tasks: Outcome<readonly ManagerTask[]> | null;
  readonly version: string | null;
  readonly docs: Outcome<WebAnswer>;
  /** Answer to Pod's own token, when it differs from the inventory's. */
  readonly podTokenHealth: Outcome<WebAnswer> | null;
}

/** A row of Pod's `runner_manager`. */
export interface PodRunnerManager {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly priority: number;
  readonly siteId: number;
  /** Null before Pod 4.3, which has no such column. */
  readonly active: boolean | null;
  readonly token: Secret;
}

/** A row of Pod's `runner_manager_task`. */
export interface PodRunnerTask {
  readonly id: number;
  readonly type: string;
  readonly status: string;
  readonly taskId: string | null;
  readonly videoId: number | null;
  readonly recordingId: number | null;
  readonly managerId: number | null;
  readonly addedAt: number | null;
  readonly rank: number | null;
  /** Last line of script_output that says something. */
  readonly lastLine: string;
  /** Seconds of the video; null when Pod does not know. */
  readonly durationSeconds: number | null;
}

/** What Pod's own tables say of esup-runner. */
export interface PodRunnerTables {
  /** False: a Pod before 4.2. */
  readonly present: boolean;
  readonly siteId: number;
  readonly siteDomain: string | null;
  readonly managers: readonly PodRunnerManager[];
  /** All that wait or run, and those of the last day. */
  readonly tasks: readonly PodRunnerTask[];
}

/** Files of one machine of esup-runner, read on that machine. */
export interface RunnerHostFacts {
  readonly node: string;
  readonly role: 'manager' | 'runner';
  /** Variables of .env; null when it cannot be read. */
  readonly environment: Readonly<Record<string, string>> | null;
  readonly environmentFile: string;
  readonly environmentDetail: string | null;
  /** Permission bits; null when it is not there. */
  readonly environmentMode: number | null;
  readonly dataMode: number | null;
  readonly dataDirectory: string;
  /** Whether the user's services go on without a session; null when that cannot be told. */
  readonly linger: boolean | null;
  readonly systemUnit: string | null;
  readonly userUnit: string | null;
  readonly missingPrograms: readonly string[];
  /** Null: no GPU is configured. */
  readonly gpuFound: boolean | null;
  /** STORAGE_DIR of a runner, RUNNERS_STORAGE_DIR of a manager: device:inode; null when it is not there. */
  readonly storageIdentity: string | null;
}

export interface WebhookFacts {
  /** GET of the webhook below `pod_url`. */
  readonly answer: Outcome<WebAnswer>;
  /** The same at the URL that Pod gives the manager; null when it is the same, or not known. */
  readonly built: { readonly url: string; readonly answer: Outcome<WebAnswer> } | null;
  /** Addresses of Pod's name, as this machine resolves it. */
  readonly addresses: Outcome<readonly string[]>;
  /** HEAD of a public media file. */
  readonly media: { readonly url: string; readonly answer: Outcome<WebAnswer> } | null;
}

/** All that one look at esup-runner brought back. */
export interface EsupRunnerFacts {
  readonly at: number;
  readonly manager: ManagerFacts;
  readonly runners: readonly RunnerFacts[];
  readonly webhook: WebhookFacts | null;
  readonly pod: Outcome<PodRunnerTables> | null;
  readonly hosts: readonly RunnerHostFacts[];
  /** Text of settings_local.py; null when none is named. */
  readonly settings: Outcome<string> | null;
  /** With --probe: what the manager says to a task of a type that nobody serves. */
  readonly probe: Outcome<WebAnswer> | null;
}
