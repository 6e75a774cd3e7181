import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant, sqlInstant } from '../../../../src/kit/adapters/sql/dialect.js';
import { databaseSettings, type DatabaseSection } from '../../../../src/kit/adapters/sql/settings.js';
import { fitText } from '../../../../src/pod/database/fit-text.js';
import { renderGrants } from '../../../../src/pod/database/grants.js';
import { OperatorError } from '../../../../src/kit/errors/operator-error.js';
import { Secret } from '../../../../src/kit/config/secret.js';

const url = (text: string, more: DatabaseSection = {}) =>
  databaseSettings('[pod]', { database: new Secret(text), ...more });

describe('database settings', () => {
  it('reads URLs in their usual forms', () => {
    const settings = url('postgresql://pod:p%40ss%2Fw@db.univ.fr:5433/pod?sslmode=require', {
      schema: 'pod',
    });
    expect(settings).toMatchObject({
      engine: 'postgresql',
      host: 'db.univ.fr',
      port: 5433,
      name: 'pod',
      user: 'pod',
      tls: 'on',
      schema: 'pod',
      connectTimeoutMs: 10_000,
    });
    expect(settings.password?.reveal()).toBe('p@ss/w');
    expect(url('mariadb://u@h/b')).toMatchObject({ engine: 'mysql', port: 3306, tls: 'off' });
    expect(url('postgres://u@/b?host=/run/postgresql')).toMatchObject({ host: '/run/postgresql' });
    expect(url('mysql://u@[::1]/b')).toMatchObject({ host: '::1' });
    for (const text of ['sqlite:/a/b.sqlite3', 'sqlite:///a/b.sqlite3'])
      expect(url(text)).toMatchObject({ engine: 'sqlite', name: '/a/b.sqlite3' });
    expect(url('sqlite:db.sqlite3')).toMatchObject({ name: 'db.sqlite3' });
  });

  it('reads separate keys, whose password needs no encoding', () => {
    const keys = {
      engine: 'mariadb',
      host: 'db',
      name: 'pod',
      user: 'u',
      password: new Secret('a#/@:%'),
    } as const;
    const settings = databaseSettings('[pod]', keys);
    expect(settings).toMatchObject({ engine: 'mysql', port: 3306 });
    expect(settings.password?.reveal()).toBe('a#/@:%');
  });

  it('refuses what cannot be meant, without ever quoting the URL', () => {
    const wrong = [
      'oracle://u:very-secret@h/b',
      'postgresql://u:very-secret@h',
      'postgresql://u:very#secret@h/b',
      'postgresql://u:very-secret@h/b?option=1',
      'postgresql://u:very-secret/x@h/b',
      'mysql://u:very-secret%zz@h/b',
      'sqlite:',
      'very-secret',
    ];
    for (const text of wrong) {
      let error: unknown;
      try {
        url(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, text).toBeInstanceOf(OperatorError);
      const { code, exitStatus, message, remedy } = error as OperatorError;
      expect([code, exitStatus]).toEqual(['database-settings-invalid', 2]);
      expect(`${message}${remedy}`).not.toMatch(/very|secret/);
    }
    expect(() => databaseSettings('[pod]', {})).toThrow(OperatorError);
  });

  it('labels name no secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (password) => {
        const keys = {
          engine: 'postgresql',
          host: 'db',
          name: 'pod',
          user: 'u',
          password: new Secret(password),
        } as const;
        expect(databaseSettings('[pod]', keys).label).toBe('PostgreSQL database pod on db:5432 as u');
      }),
    );
  });
});

describe('instants', () => {
  it('travel to the microsecond, as Django writes them', () => {
    expect(sqlInstant(Date.UTC(2024, 9, 27, 0, 30))).toBe('2024-10-27 00:30:00');
    expect(sqlInstant(Date.UTC(2024, 9, 27, 0, 30, 0, 5))).toBe('2024-10-27 00:30:00.005000');
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 }), (microseconds) => {
        expect(Math.round((readInstant(sqlInstant(microseconds / 1000)) ?? 0) * 1000)).toBe(microseconds);
      }),
    );
  });

  it('are read in every form an engine gives, and nonsense is null', () => {
    const instant = Date.UTC(2024, 0, 2, 3, 4, 5);
    for (const text of [
      '2024-01-02 03:04:05',
      '2024-01-02T03:04:05Z',
      '2024-01-02 04:04:05+01',
      '2024-01-02 03:04:05.000000+00:00',
    ])
      expect(readInstant(text)).toBe(instant);
    for (const value of [null, undefined, 1_700_000_000, '', 'yesterday', '2024-13-45 00:00:00'])
      expect(readInstant(value)).toBeNull();
  });
});

describe('text that fits a column', () => {
  it('never holds more characters than the column, nor one it cannot store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(20), (text, length) => {
        const { text: fitted } = fitText(text, { length, characterSet: 'utf8mb3' });
        expect(Array.from(fitted).length).toBeLessThanOrEqual(length);
        expect(fitted).not.toMatch(/[\u{10000}-\u{10FFFF}\0]/u);
        expect(fitted).not.toMatch(/\p{Surrogate}/u);
      }),
      { numRuns: 40 },
    );
    expect(fitText('Été 😀', { length: 250, characterSet: null })).toEqual({
      text: 'Été 😀',
      replaced: false,
    });
    expect(fitText('œuvre 数', { length: 250, characterSet: 'latin1' })).toEqual({
      text: '?uvre ?',
      replaced: true,
    });
  });
});

describe('GRANT statements', () => {
  const options = { database: 'pod', schema: 'public', has: () => true, lookedAtByUndo: ['live_event'] };

  it('name sequences on PostgreSQL, each table on MariaDB, and quote odd names', () => {
    const postgresql = renderGrants({ ...options, engine: 'postgresql', account: 'bbb2pod' });
    expect(postgresql.join('\n')).toContain('public.import_video_externalrecording_id_seq');
    expect(postgresql.join('\n')).toContain('public.live_event');
    expect(renderGrants({ ...options, engine: 'postgresql', account: 'a-b', schema: 'Pod' })[1]).toBe(
      'GRANT USAGE ON SCHEMA "Pod" TO "a-b";',
    );
    const mariadb = renderGrants({ ...options, engine: 'mysql', account: "'bbb2pod'@'%'" });
    expect(mariadb).toContain("GRANT SELECT ON `pod`.`django_site` TO 'bbb2pod'@'%';");
    expect(mariadb.filter((line) => line.includes('DELETE')).length).toBe(7);
    expect(renderGrants({ ...options, engine: 'sqlite', account: '' })).toEqual([]);
  });

  it('stand in docs/pod-database.md as they are', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/pod-database.md'), 'utf8');
    // The page shows those of Pod 4.1, which has no tables of the old BBB module.
    const has = (table: string): boolean => !table.startsWith('bbb_');
    const plain = { ...options, has, lookedAtByUndo: [] };
    for (const line of renderGrants({ ...plain, engine: 'postgresql', account: 'bbb2pod' }))
      expect(page).toContain(line);
    for (const line of renderGrants({ ...plain, engine: 'mysql', account: "'bbb2pod'@'%'" }))
      expect(page).toContain(line);
  });
});
