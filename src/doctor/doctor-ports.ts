import type { AskManager } from './check-programs.js';
import type { LiveBackend } from '../kit/config/sections/live.js';
import type { OperatorError } from '../kit/errors/operator-error.js';
import type { BbbServer } from './check-bbb.js';
import type { SecretFile } from './check-secrets.js';
import type {
  AskBbb,
  CheckPodDatabase,
  PodExpectations,
  CheckMoodleDatabase,
  CheckGreenlightDatabase,
  AskVersion,
  InspectDirectory,
  TryAsUser,
  MayAsUser,
  FetchPod,
  AskRedis,
  ReadText,
  ResolvePath,
  ResolveHost,
  TryStream,
  AskLivePod,
  AskLiveRedis,
  AskEngine,
  ProbeMail,
} from './ports.js';

export interface DoctorPorts {
  readonly askBbb: AskBbb;
  readonly checkPodDatabase: CheckPodDatabase;
  readonly checkMoodleDatabase: CheckMoodleDatabase;
  readonly checkGreenlightDatabase: CheckGreenlightDatabase;
  readonly askVersion: AskVersion;
  readonly listEncoders: (program: string, signal: AbortSignal) => Promise<string>;
  /** Makes a known film of two seconds with this ffmpeg. @returns what it shows otherwise than it should */
  readonly rehearse: (program: string, signal: AbortSignal) => Promise<readonly string[]>;
  readonly inspectDirectory: InspectDirectory;
  readonly tryAsUser: TryAsUser;
  readonly mayAsUser: MayAsUser;
  readonly fetchPod: FetchPod;
  /** Starts the browser as a conversion would, and ends it. Throws an OperatorError. */
  readonly startChromium: (signal: AbortSignal) => Promise<void>;
  /** @throws OperatorError where `[pod] file_owner` names nobody of this machine */
  readonly checkFileOwner: () => void;
  /** Places an empty file in Pod's claim directory as a migration would, and removes it; why that failed, or null. */
  readonly rehearseClaim: (directory: string) => Promise<OperatorError | null>;
  readonly askRedis: AskRedis;
  readonly askManager: AskManager;
  readonly readText: ReadText;
  readonly resolvePath: ResolvePath;
  readonly resolveHost: ResolveHost;
  readonly tryStream: TryStream;
  readonly askLivePod: AskLivePod;
  readonly askLiveRedis: AskLiveRedis;
  readonly askEngine: AskEngine;
  /** Starts a virtual screen with its sound server, and stops both. Throws an OperatorError. */
  readonly tryScreen: (signal: AbortSignal) => Promise<void>;
  readonly listDevices: (program: string, signal: AbortSignal) => Promise<string>;
  readonly probeMail: ProbeMail;
}
/** What doctor looks at, out of the configuration: no secret, no connection. */
export interface DoctorSettings {
  readonly config: {
    readonly file: string | null;
    readonly valuesSet: number;
  };
  /** Who typed the command. */
  readonly account: string;
  /** The account that the package's units run as; null where it does not exist. */
  readonly unitAccount: string | null;
  /** The configuration file and the files of its secrets. */
  readonly secretFiles: readonly SecretFile[];
  readonly stateDirectory: string;
  /** `[log] directory`; null where there is none. */
  readonly logDirectory: string | null;
  readonly bbb: readonly BbbServer[];
  readonly pod: PodExpectations & {
    readonly url: string | null;
    readonly hasDatabase: boolean;
    readonly fileOwner: string | null;
    readonly fileMode: number | null;
    readonly settingsFile: string | null;
    readonly establishment: string;
    /** `[pod] version`. */
    readonly version: string | null;
    /** Hosts of `[bbb] url`: where playback usually is. */
    readonly bbbHosts: readonly string[];
  };
  /** `[migrate] owners_file`, or null. */
  readonly ownersFile: string | null;
  /** API addresses of national servers among ours. */
  readonly nationalUrls: readonly string[];
  /** Where our drop-in for Pod lies. */
  readonly plugScript: string;
  /** Moodles that have a database. */
  readonly moodles: readonly string[];
  /** Greenlights that have a database. */
  readonly greenlights: readonly string[];
  readonly recorder: {
    /** Files are to be made: claims are configured, or something of [recorder]. */
    readonly isWanted: boolean;
    readonly chromium: string;
    readonly ffmpeg: string;
    readonly ffprobe: string;
    readonly jobs: number;
    /** Where conversions work: `[recorder] work_dir`, else beside what they make, else below the state directory. */
    readonly workDirectories: readonly WorkPlace[];
    /** Room that the jobs side by side need there, as the recorder reckons. */
    readonly workBytes: number;
    readonly output: string | null;
    readonly hasQueue: boolean;
    readonly hasManager: boolean;
  };
  /** Null: nothing goes live from here. */
  readonly live: LiveSettings | null;
  readonly sendsMail: boolean;
}
/** What is configured of `[live]`, without its secrets. */
export interface LiveSettings {
  readonly backend: LiveBackend;
  readonly hasRtmpUrl: boolean;
  readonly hlsUrl: string | null;
  readonly hasPodToken: boolean;
  readonly buildingId: number;
  readonly hasRedis: boolean;
  readonly recordingsPath: string | null;
  readonly webinarRecordingsPath: string | null;
  readonly claimsPath: string | null;
  readonly workDirectory: string;
}

/** Where conversions work. */
export interface WorkPlace {
  readonly key: string;
  readonly path: string;
  /** Nothing names it: it is where the command was typed, and another place may be chosen then. */
  readonly isHere: boolean;
}
