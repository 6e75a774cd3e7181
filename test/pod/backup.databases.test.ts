import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupCommand, backUpPod } from '../../src/pod/backup.js';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { addDjangoCheck, createPod, ENGINES, type TestPod } from '../support/pod.js';

const signal = new AbortController().signal;

describe.each(ENGINES)('the backup of a Pod on %s', (engine) => {
  let test: TestPod;
  let directory: string;
  beforeAll(async () => {
    test = await createPod({ engine, version: '4.1.0' });
    // Django's check on `meeting`: whatever runs it outside Django fails.
    if (engine === 'sqlite') await addDjangoCheck(test.admin);
    directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-backups-'));
  });
  afterAll(async () => {
    await test.drop();
    rmSync(directory, { recursive: true });
  });

  it('holds all that a run may touch, privately, and its restore command puts it back', async () => {
    const { adapter, pod } = test.open();
    const row = { name: "L'été; -- 😀", startAt: 1_700_000_000_000, sourceUrl: 'https://b/1', siteId: 1 };
    await pod.writeImports([{ actionId: 'a', owner: { userId: 2 }, recordId: 'r', row }], 0);
    const before = await test.dump();
    const { file, restore, sizeBytes } = await backUpPod(adapter, {
      directory,
      now: Date.UTC(2026, 10, 20, 14),
      signal,
    });
    expect(path.basename(file)).toMatch(/^bbb2pod-pod-20261120T140000Z\.(sql|sqlite3)$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(sizeBytes).toBeGreaterThan(500);
    expect(readdirSync(directory)).toEqual([path.basename(file)]);
    expect(restore).not.toContain('throw-away');
    // MariaDB's root comes in by the socket of its own machine alone; the configured account has all it takes.
    if (engine === 'mysql') expect(restore).toContain(` --user=${test.settings.user} `);

    await test.admin('import_video_externalrecording').delete();
    await test.admin('auth_user').where({ id: 2 }).update({ email: 'lost@univ.fr' });
    if (engine === 'sqlite') {
      await test.admin.destroy();
      await runToEnd({ file: 'cp', args: [file, test.test.name] });
      test.admin.initialize();
    } else if (engine === 'mysql') {
      const { host, port, user, password } = test.test.server!;
      const login = [`--host=${host}`, `--port=${port}`, `--user=${user}`, `--password=${password}`];
      await runToEnd({ file: 'mariadb', args: [...login, test.test.name], input: readFileSync(file) });
    } else {
      const { host, port, user, password } = test.test.server!;
      const words = restore.replace('postgres', user).split(' ').slice(1);
      expect(words).toContain(`--host=${host}`);
      expect(words).toContain(`--port=${port}`);
      await runToEnd({ file: 'psql', args: words, env: { PGPASSWORD: password } });
    }
    expect(await test.dump()).toEqual(before);
    await expect(
      backUpPod(adapter, { directory, now: Date.UTC(2026, 10, 20, 14), signal }),
    ).rejects.toMatchObject({ code: 'pod-backup-exists' });
  });

  it('can be typed by hand, without the password', () => {
    const command = backupCommand(test.settings);
    expect(command).toMatch(/^(sqlite3 |\(umask 077; (mariadb-dump|pg_dump) )/);
    expect(command).not.toContain('throw-away');
    if (engine !== 'sqlite') expect(command).toMatch(/ --password .*import_video_externalrecording/);
  });

  it.runIf(engine !== 'sqlite')(
    'runs as printed with the configured password, which nobody sees',
    async () => {
      const place = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-backups-'));
      writeFileSync(path.join(place, 'password'), `${test.settings.password?.reveal() ?? ''}\n`);
      writeFileSync(path.join(place, 'url'), `${test.test.url}\n`);
      for (const [kind, name] of [
        ['password-file', 'password'],
        ['url-file', 'url'],
      ] as const) {
        const command = backupCommand(test.settings, { kind, path: path.join(place, name) });
        expect(command).not.toContain('throw-away');
        await runToEnd({ file: 'sh', args: ['-c', command], cwd: place });
        const saved = path.join(place, 'pod-backup.sql');
        expect(readFileSync(saved, 'utf8')).toContain('auth_user');
        expect(statSync(saved).mode & 0o077).toBe(0);
        rmSync(saved);
      }
      rmSync(place, { recursive: true });
    },
  );

  it.runIf(engine === 'sqlite')('runs as typed by hand on a file with that check', async () => {
    await runToEnd({ file: 'bash', args: ['-c', backupCommand(test.settings)], cwd: directory });
    const saved = path.join(directory, 'pod-backup.sqlite3');
    const rows = await runToEnd({ file: 'sqlite3', args: [saved, 'SELECT COUNT(*) FROM auth_user'] });
    expect(String(rows.stdout).trim()).toBe(String((await test.rows('auth_user')).length));
  });

  it.runIf(engine === 'sqlite')(
    'holds what a write-ahead log holds, and leaves nothing half-made',
    async () => {
      await test.admin.raw('PRAGMA journal_mode = WAL');
      await test.admin('auth_user').where({ id: 2 }).update({ email: 'in-the-log@univ.fr' });
      const { adapter } = test.open();
      const log = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-backups-'));
      const { file } = await backUpPod(adapter, { directory: log, now: Date.UTC(2026, 10, 20, 15), signal });
      expect(readdirSync(log)).toEqual([path.basename(file)]);
      const sql = 'SELECT email FROM auth_user WHERE id = 2';
      const found = await runToEnd({ file: 'sqlite3', args: [file, sql] });
      expect(String(found.stdout).trim()).toBe('in-the-log@univ.fr');
      const aborted = AbortSignal.abort(new Error('stopped'));
      const failing = backUpPod(adapter, {
        directory: log,
        now: Date.UTC(2026, 10, 20, 16),
        signal: aborted,
      });
      await expect(failing).rejects.toThrow();
      expect(readdirSync(log).filter((name) => name.includes('T16'))).toEqual([]);
      rmSync(log, { recursive: true });
    },
  );
});
