import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import type { SqlDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { describeCode } from '../../src/kit/errors/describe-code.js';
import { OperatorError } from '../../src/kit/errors/operator-error.js';
import { Secret } from '../../src/kit/config/secret.js';
import { backUpPod } from '../../src/pod/backup.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-no-dump-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

it.each([
  ['mysql://pod:x@127.0.0.1/pod', 'mariadb-dump', 'mariadb-client'],
  ['postgresql://pod:x@127.0.0.1/pod', 'pg_dump', 'postgresql-client'],
])('a machine without the dump program of %s is told which package has it', async (url, program, name) => {
  vi.stubEnv('PATH', directory);
  const settings = databaseSettings('[pod]', { database: new Secret(url) });
  const database = {
    engine: settings.engine,
    settings,
    listColumns: async () => [{ table: 'auth_user', column: 'id' }],
  } as unknown as SqlDatabase;
  const { signal } = new AbortController();
  const failed = await backUpPod(database, { directory, now: 0, signal }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(OperatorError);
  const { code, parameters } = failed as OperatorError;
  expect([code, describeCode(code, parameters).text]).toEqual([
    'package-missing',
    expect.stringContaining(program),
  ]);
  expect(describeCode(code, parameters).remedy).toMatch(new RegExp(`^apt-get install .* ${name}$`));
  expect(readdirSync(directory)).toEqual([]);
});
