import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findHome } from '../../../../src/kit/adapters/sql/mariadb/throw-away-server.js';
import { findPrograms } from '../../../../src/kit/adapters/sql/postgresql/throw-away-server.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-programs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('findPrograms', () => {
  it('names the package where there is no PostgreSQL', () => {
    expect(() => findPrograms(path.join(directory, 'none'))).toThrow(
      expect.objectContaining({ code: 'package-missing' }),
    );
  });

  it('takes the newest that has its programs', () => {
    for (const version of ['9', '15', '17'])
      mkdirSync(path.join(directory, 'pg', version, 'bin'), { recursive: true });
    for (const version of ['9', '15']) writeFileSync(path.join(directory, 'pg', version, 'bin/initdb'), '');
    expect(findPrograms(path.join(directory, 'pg'))).toBe(path.join(directory, 'pg/15/bin'));
  });
});

describe('findHome', () => {
  it('knows the files of Debian 12 and of Debian 13', () => {
    expect(findHome((file) => file.startsWith('/usr/share/mysql/mysql_')).tables).toEqual([
      '/usr/share/mysql/mysql_system_tables.sql',
      '/usr/share/mysql/mysql_performance_tables.sql',
      '/usr/share/mysql/mysql_system_tables_data.sql',
    ]);
    expect(findHome((file) => file.startsWith('/usr/share/mariadb/mariadb_')).share).toBe(
      '/usr/share/mariadb',
    );
  });

  it('names the package where there is no MariaDB', () => {
    expect(() => findHome(() => false)).toThrow(expect.objectContaining({ code: 'package-missing' }));
  });
});
