import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One run of the built command over so many recordings, as `npm run prove scale` measured it. */
export interface ScaleRow {
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  /** Of one minute, when the run ended. */
  readonly load: number;
  readonly engine: 'sqlite' | 'mysql' | 'postgresql';
  readonly recordings: number;
  readonly run: 'plan' | 'migration' | 'second run';
  readonly seconds: number;
  /** Of the command alone, without the database servers. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** To servers. */
  readonly queries: number;
  /** Statements to SQLite files: spool, journal, and Pod where it is one. */
  readonly sqlite: number;
  readonly podRows: number;
  /** Of Pod's database, and of state_dir, once the run has ended. */
  readonly podMegabytes: number;
  readonly stateMegabytes: number;
}

const FILE = path.resolve(import.meta.dirname, '../../docs/bench/scale.jsonl');

export const keepScaleRow = (row: ScaleRow): void => appendFileSync(FILE, `${JSON.stringify(row)}\n`);

/** All that was measured, oldest first. */
export const readScaleRows = (): ScaleRow[] =>
  (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ScaleRow);
