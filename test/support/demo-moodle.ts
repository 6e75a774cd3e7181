import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createDatabase, type TestDatabase } from './servers.js';

const dump = path.resolve(import.meta.dirname, '../../fixtures/demo/moodle.sql');

/** The Moodle of the demonstration, on PostgreSQL. */
export async function createDemoMoodle(): Promise<TestDatabase> {
  const moodle = await createDatabase('postgresql');
  await moodle.admin.raw(readFileSync(dump, 'utf8').replaceAll('?', '\\?'));
  return moodle;
}
