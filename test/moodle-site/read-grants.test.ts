import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { READ_TABLES } from '../../src/moodle-site/tables.js';

describe('the rights for Moodle in docs/operations.md', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');

  it.each(READ_TABLES.map(({ name }) => name))('name %s', (name) => {
    expect(page).toMatch(new RegExp(`^ *(GRANT SELECT )?ON moodle.mdl_${name} TO 'reader'@'HOST';$`, 'm'));
  });

  it('name the columns of the user table, for it holds password hashes', () => {
    const columns = READ_TABLES.find(({ name }) => name === 'user')?.columns ?? [];
    const [, listed = ''] = /GRANT SELECT \(([^)]*)\)\s+ON moodle\.mdl_user /.exec(page) ?? [];
    expect(listed.split(', ').sort()).toEqual([...columns].sort());
  });
});
