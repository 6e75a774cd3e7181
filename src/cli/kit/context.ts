import type { LoadedConfiguration } from '../../kit/config/load.js';
import { readConfiguration, stateDirectory } from './configuration.js';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { Ending } from './ending.js';
import { ownerForRoot } from '../../kit/adapters/files/give-to-owner.js';
import { logFileIn, openLog, type Log, type LogLevel } from '../../kit/adapters/files/log.js';
import { texts as migrateTexts } from '../../migrate/texts.js';

export interface ContextOptions {
  readonly configFile: string | undefined;
  /** False for commands that work without any file: `recorder convert FOLDER`, `cluster check --root`. */
  readonly configurationRequired: boolean;
  readonly logLevel: LogLevel | undefined;
  readonly logFile: string | undefined;
  /** Name and first line of this run's file in `[log] directory`; none for commands that only look. */
  readonly logged?: { readonly name: string; readonly line: string } | undefined;
  readonly signal: AbortSignal;
  /** Told why the configuration that was found is not used, where none is needed. */
  readonly onIgnored?: (reason: OperatorError) => void;
  /** Told when the configuration is known. */
  readonly onLoaded?: (context: Context) => void;
}

/**
 * What one command works with. Adapters are built by the files of src/cli/PRODUCT/ (one per use case), lazily,
 * and registered here with `closeWith`, so that whatever ends the command closes them in reverse order.
 */
export class Context {
  #signal: AbortSignal;
  readonly #options: ContextOptions;
  readonly #closers: (() => void | Promise<void>)[] = [];
  #loaded: LoadedConfiguration | undefined;
  #ignored: OperatorError | null = null;
  #log: Log | undefined;
  #repeats = false;
  /** What the batch leaves for the mail of a night. */
  readonly ending = new Ending();
  #stateDirectory: string | undefined;

  constructor(options: ContextOptions) {
    this.#options = options;
    this.#signal = options.signal;
  }

  /** What `--config` named; undefined without it. */
  get configFlag(): string | undefined {
    return this.#options.configFile;
  }

  /** Why the configuration that was found is not used; null when it is, and when there is none. */
  get ignored(): OperatorError | null {
    return this.#ignored;
  }

  /** Aborted by a signal of the system, or by `limitTime`; its reason is an OperatorError. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Lets the command begin nothing new after so many milliseconds (`--time-limit`). */
  limitTime(ms: number): void {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(migrateTexts.timeLimitReached()), ms);
    this.closeWith(() => clearTimeout(timer));
    this.#signal = AbortSignal.any([this.#signal, limit.signal]);
  }

  /** The configuration with the origin of each value; read on first use. */
  get loaded(): LoadedConfiguration {
    if (this.#loaded === undefined) {
      const { configFile, configurationRequired, onIgnored } = this.#options;
      const pass = onIgnored && ((reason: OperatorError) => onIgnored((this.#ignored = reason)));
      this.#loaded = readConfiguration(configFile, configurationRequired, pass);
      this.#options.onLoaded?.(this);
      // A log that cannot be written is told before anything is done.
      if (this.#options.logged !== undefined) {
        this.log('info', this.#options.logged.line);
        if (this.#loaded.file !== null) this.log('info', `configuration: ${this.#loaded.file}`);
      }
    }
    return this.#loaded;
  }

  /** Reads the configuration now rather than when something of it is needed. @throws OperatorError as `loaded` */
  read(): LoadedConfiguration {
    return this.loaded;
  }

  get configuration(): LoadedConfiguration['configuration'] {
    return this.loaded.configuration;
  }

  get stateDirectory(): string {
    if (this.#stateDirectory === undefined) {
      const directory = stateDirectory(this.configuration.state_dir);
      this.#stateDirectory = directory;
      // First registered, last closed: by then everything that root makes there is made.
      this.#closers.unshift(async () => {
        const { giveToOwner } = await import('../../kit/adapters/files/give-to-owner.js');
        giveToOwner(directory);
      });
    }
    return this.#stateDirectory;
  }

  get log(): Log {
    if (this.#log === undefined) {
      const { level, directory } = this.configuration.log;
      const { logFile, logLevel, logged } = this.#options;
      const own = logged === undefined ? undefined : logFileIn(directory, logged.name);
      const file = logFile ?? own;
      const owner = file === undefined ? null : ownerForRoot(this.stateDirectory);
      this.#log = openLog({ level: logLevel ?? level, file, owner });
      this.#repeats = file !== undefined;
    }
    return this.#log;
  }

  /** A log of its own for one part of a run (a conversion), or null where `[log] directory` asks for none. */
  openLogOf(name: string): Log | null {
    const { level, directory } = this.configuration.log;
    const file = logFileIn(directory, name);
    if (file === undefined) return null;
    const owner = ownerForRoot(this.stateDirectory);
    return openLog({ level: this.#options.logLevel ?? level, file, owner });
  }

  /** Repeats what the operator is told in the log, once one is open that is not the terminal itself. */
  repeat(text: string): void {
    if (this.#repeats) this.log('info', text);
  }

  /** Registers what must be closed when the command ends, however it ends. */
  closeWith(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Closes everything, also what stands behind something that fails to close; throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
