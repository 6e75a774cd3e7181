import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, runCli } from './run-cli.js';

describe('bbb2pod init', () => {
  it('writes a file that only its owner reads, once', async () => {
    const cwd = emptyDirectory();
    expect((await runCli(['init'], { cwd })).status).toBe(0);
    expect(statSync(path.join(cwd, 'bbb2pod.toml')).mode & 0o777).toBe(0o600);
    const again = await runCli(['init'], { cwd });
    expect(again.status).toBe(2);
    expect(again.stderr).toMatch(/^Error init-exists:.*\n {2}-> /);
    expect(readdirSync(cwd)).toEqual(['bbb2pod.toml']);
  });

  it('takes what the old script defines, and shows no secret', async () => {
    const cwd = emptyDirectory();
    writeFileSync(
      path.join(cwd, 'migrate_bbb_recordings.py'),
      'SCRIPT_BBB_SERVER_URL = "https://bbb.univ.fr/"\nSCRIPT_BBB_SECRET_KEY = "hunter2"\n' +
        'DB_PARAMS = {"default": {"host": "db", "database": "moodle", "user": "m", "password": "p@ss"}}\nMOODLE_DB_TYPE = "mysql"\n',
    );
    const { status, stdout } = await runCli(['init', '--from', 'migrate_bbb_recordings.py', '--json'], {
      cwd,
    });
    expect(status).toBe(0);
    expect(stdout).not.toContain('hunter2');
    const toml = readFileSync(path.join(cwd, 'bbb2pod.toml'), 'utf8');
    expect(toml).toMatch(/^secret = "hunter2"$/m);
    expect(toml).toMatch(/^\[moodle\.default\]$/m);
    expect(toml).toMatch(/^engine = "mariadb"$/m);
  });

  it('refuses a file of which it knows nothing, and a directory that is not there', async () => {
    const cwd = emptyDirectory();
    writeFileSync(path.join(cwd, 'other.py'), 'A = 1\n');
    expect((await runCli(['init', '--from', 'other.py'], { cwd })).stderr).toContain('init-source-unknown');
    expect((await runCli(['init', '--config', 'no/such/dir.toml'], { cwd })).stderr).toContain(
      'file-unwritable',
    );
  });
});

describe('bbb2pod doctor', () => {
  it('ends with 2 when the configuration cannot be read, 1 when a check fails, and gives remedies', async () => {
    const cwd = emptyDirectory();
    writeFileSync(path.join(cwd, 'bbb2pod.toml'), '[pod]\ndatabase = "sqlite:/no/such/file.sqlite3"\n');
    const { status, stdout } = await runCli(['doctor', '--only', 'pod'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED {3}pod\.database/m);
    expect(stdout).toMatch(/^ {9}-> /m);
    writeFileSync(path.join(cwd, 'bbb2pod.toml'), '[pod]\nurl = 3\n');
    expect((await runCli(['doctor'], { cwd })).status).toBe(2);
  });

  it('gives one document with --json', async () => {
    const cwd = emptyDirectory();
    writeFileSync(path.join(cwd, 'bbb2pod.toml'), 'timezone = "UTC"\n');
    const { status, stdout } = await runCli(['doctor', '--json', '--only', 'state_dir'], { cwd });
    const document = JSON.parse(stdout) as {
      status: string;
      results: { subject: string }[];
      configuration: unknown[];
    };
    expect(document.results.map(({ subject }) => subject)).toEqual(['state_dir']);
    expect(document.configuration).toEqual([
      { key: 'timezone', value: 'UTC', origin: path.join(cwd, 'bbb2pod.toml') },
    ]);
    expect(status).toBe(0);
  });
});
