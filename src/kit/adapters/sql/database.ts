import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Column, Dialect, ForeignKey, HeldLock } from './dialect.js';
import { asOperatorError } from './failures.js';
import { dialect as mariadb } from './mariadb/index.js';
import { dialect as postgresql } from './postgresql/index.js';
import type { DatabaseSettings, Engine } from './settings.js';
import { needsRollBack } from './sqlite/failures.js';
import { dialect as sqlite } from './sqlite/index.js';

const DIALECTS: Readonly<Record<Engine, Dialect>> = { sqlite, mysql: mariadb, postgresql };

export interface DatabaseOptions {
  readonly signal?: AbortSignal;
  /** How long one statement waits for another's lock; default 2 s. */
  readonly lockTimeoutMs?: number;
  /** How long one statement may run; default 30 s. SQLite cannot limit it. */
  readonly statementTimeoutMs?: number;
  /** Tries of a transaction that met a lock, a deadlock or a serialization failure; default 5. */
  readonly attempts?: number;
  /** Tries may go on this long on SQLite, whose only lock is the whole file; default 15 s. */
  readonly busyTimeoutMs?: number;
  /** Where SQLite's lock file goes when it may not lie beside the database. */
  readonly stateDirectory?: string;
}

export type Query = Knex.Transaction;

/**
 * The one adapter of SQL databases. Work runs in transactions; every failure is an OperatorError that names the
 * database and no secret. At most two connections, plus one for a lock.
 */
export interface SqlDatabase {
  readonly engine: Engine;
  readonly settings: DatabaseSettings;
  /** A read-only transaction. Retried once on a connection that was lost. */
  read<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /**
   * A writing transaction (READ COMMITTED; BEGIN IMMEDIATE on SQLite). `work` may run several times: it starts over
   * after a deadlock, a lock or, with `retryConflicts`, a unique key that another process took meanwhile.
   */
  write<T>(work: (query: Query) => Promise<T>, options?: { retryConflicts?: boolean }): Promise<T>;
  /** Runs `work` in a writing transaction that is always rolled back: proves a right without leaving anything. */
  rehearse(work: (query: Query) => Promise<void>): Promise<void>;
  /** For the rare statement that no transaction may hold (SQLite's checkpoint), on the writing connection. */
  outsideTransaction<T>(work: (query: Knex) => PromiseLike<T>): Promise<T>;
  encodeInstant(instant: number): string;
  decodeInstant(value: unknown): number | null;
  listColumns(tables: readonly string[]): Promise<Column[]>;
  listForeignKeys(targets: readonly string[]): Promise<ForeignKey[]>;
  listWithoutTransactions(tables: readonly string[]): Promise<string[]>;
  serverVersion(): Promise<string>;
  /** The advisory lock of that name; null when somebody else holds it. */
  tryLock(name: string): Promise<HeldLock | null>;
  close(): Promise<void>;
}

/** Opens a database lazily: nothing is contacted before the first query. */
export function openDatabase(settings: DatabaseSettings, options: DatabaseOptions = {}): SqlDatabase {
  return new KnexDatabase(settings, options);
}

/** A key that another process took meanwhile is found when the work starts over; one that stays is no race. */
const CONFLICT_ATTEMPTS = 3;

/** Thrown inside `rehearse` to roll back. */
class RollBack extends Error {}

class KnexDatabase implements SqlDatabase {
  readonly engine: Engine;
  readonly settings: DatabaseSettings;
  readonly #dialect: Dialect;
  readonly #options: DatabaseOptions;
  #reader: Knex | undefined;
  #writer: Knex | undefined;

  constructor(settings: DatabaseSettings, options: DatabaseOptions) {
    this.engine = settings.engine;
    this.settings = settings;
    this.#dialect = DIALECTS[settings.engine];
    this.#options = options;
  }

  read<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const configuration = this.engine === 'sqlite' ? {} : { readOnly: true };
    return this.#run('read', () => this.#forReading().transaction(work, configuration), false);
  }

  write<T>(work: (query: Query) => Promise<T>, options: { retryConflicts?: boolean } = {}): Promise<T> {
    return this.#run('write', () => this.#begin(work), options.retryConflicts ?? false);
  }

  async rehearse(work: (query: Query) => Promise<void>): Promise<void> {
    try {
      await this.#run(
        'write',
        () =>
          this.#begin(async (query) => {
            await work(query);
            throw new RollBack();
          }),
        false,
      );
    } catch (error) {
      if (!(error instanceof RollBack)) throw error;
    }
  }

  outsideTransaction<T>(work: (query: Knex) => PromiseLike<T>): Promise<T> {
    return this.#run('write', async () => work(this.#forWriting()), false);
  }

  encodeInstant(instant: number): string {
    return this.#dialect.encodeInstant(instant);
  }

  decodeInstant(value: unknown): number | null {
    return this.#dialect.decodeInstant(value);
  }

  listColumns(tables: readonly string[]): Promise<Column[]> {
    return this.read((query) => this.#dialect.listColumns(query, tables));
  }

  listForeignKeys(targets: readonly string[]): Promise<ForeignKey[]> {
    return this.read((query) => this.#dialect.listForeignKeys(query, targets));
  }

  listWithoutTransactions(tables: readonly string[]): Promise<string[]> {
    return this.read((query) => this.#dialect.listWithoutTransactions(query, tables));
  }

  serverVersion(): Promise<string> {
    return this.read((query) => this.#dialect.serverVersion(query));
  }

  async tryLock(name: string): Promise<HeldLock | null> {
    try {
      return await this.#dialect.tryLock(this.settings, name, this.#options.stateDirectory ?? '.');
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async close(): Promise<void> {
    const pools = [this.#reader, this.#writer];
    this.#reader = this.#writer = undefined;
    for (const pool of new Set(pools)) await pool?.destroy();
  }

  /** READ COMMITTED, as Django: a precondition checked inside sees what others committed meanwhile. */
  #begin<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const configuration = this.engine === 'sqlite' ? {} : { isolationLevel: 'read committed' as const };
    return this.#forWriting().transaction(work, configuration);
  }

  #forReading(): Knex {
    this.#reader ??= this.engine === 'sqlite' ? this.#connect('read') : this.#forWriting();
    return this.#reader;
  }

  #forWriting(): Knex {
    this.#writer ??= this.#connect('write');
    return this.#writer;
  }

  #connect(purpose: 'read' | 'write'): Knex {
    return this.#dialect.connect(this.settings, {
      purpose,
      lockTimeoutMs: this.#options.lockTimeoutMs ?? 2000,
      statementTimeoutMs: this.#options.statementTimeoutMs ?? 30_000,
      maximumConnections: 2,
    });
  }

  async #run<T>(purpose: 'read' | 'write', once: () => Promise<T>, retryConflicts: boolean): Promise<T> {
    const startedAt = Date.now();
    for (let attempt = 1; ; attempt++) {
      this.#options.signal?.throwIfAborted();
      try {
        return await once();
      } catch (error) {
        if (error instanceof RollBack) throw error;
        if (purpose === 'read' && attempt === 1 && needsRollBack(error)) {
          await this.#playBackJournal();
          continue;
        }
        if (!this.#mayRetry(error, { purpose, attempt, startedAt, retryConflicts }))
          throw this.#explain(error);
        await sleep(this.#pauseMs(attempt), undefined, {
          ...(this.#options.signal === undefined ? {} : { signal: this.#options.signal }),
        });
      }
    }
  }

  /** SQLite's own recovery, as Pod's next request would do it: any reading through a writing connection. */
  async #playBackJournal(): Promise<void> {
    try {
      await this.#forWriting().raw('SELECT COUNT(*) FROM sqlite_master');
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #mayRetry(
    error: unknown,
    at: { purpose: 'read' | 'write'; attempt: number; startedAt: number; retryConflicts: boolean },
  ): boolean {
    const failure = this.#dialect.failureOf(error);
    const attempts = this.#options.attempts ?? 5;
    if (failure === 'database-busy') {
      if (this.engine !== 'sqlite') return at.attempt < attempts;
      return Date.now() - at.startedAt < (this.#options.busyTimeoutMs ?? 15_000);
    }
    if (failure === 'database-conflict') return at.retryConflicts && at.attempt < CONFLICT_ATTEMPTS;
    // A write is not repeated: its COMMIT may have arrived.
    return failure === 'database-connection-lost' && at.purpose === 'read' && at.attempt === 1;
  }

  /** Grows from 20 ms; the random part lets two processes that collided part. */
  #pauseMs(attempt: number): number {
    return Math.min(500, 10 * 2 ** attempt) * (0.5 + Math.random());
  }

  #explain(error: unknown): unknown {
    return asOperatorError(error, this.#dialect, this.settings);
  }
}
