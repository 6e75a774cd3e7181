import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Context } from '../../../src/cli/kit/context.js';
import { logFileIn, openLog } from '../../../src/kit/adapters/files/log.js';
import { createNewFile } from '../../../src/kit/adapters/files/create-new-file.js';
import { withLogs } from '../../../src/cli/recorder/conversion-log.js';
import { systemTexts } from '../../../src/kit/errors/system.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-log-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('the log', () => {
  it('is a file of mode 0600 that begins at once, or one message says why not', () => {
    const file = path.join(work, 'new/run.log');
    const log = openLog({ level: 'info', file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    log('info', 'one\u001b[31m');
    log('debug', 'two');
    expect(readFileSync(file, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info one \[31m\n$/);
    expect(() => openLog({ level: 'info', file: '/proc/bbb2pod/run.log' })).toThrow(
      expect.objectContaining({ code: 'file-unwritable' }),
    );
    const before = statSync('/dev/null').mode;
    openLog({ level: 'info', file: '/dev/null' })('error', 'nobody reads this');
    expect(statSync('/dev/null').mode).toBe(before);
  });

  it.runIf(process.getuid?.() === 0)(
    'made by root is given to whom the journal belongs, links are not',
    () => {
      const nobody = { uid: 65_534, gid: 65_534 };
      const file = path.join(work, 'given.log');
      openLog({ level: 'info', file, owner: nobody });
      expect(statSync(file)).toMatchObject({ uid: 65_534, gid: 65_534 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const other = path.join(work, 'other');
      writeFileSync(other, '');
      symlinkSync(other, path.join(work, 'link.log'));
      openLog({ level: 'info', file: path.join(work, 'link.log'), owner: nobody });
      expect(statSync(other).uid).toBe(0);
    },
  );

  it('has a name per run in [log] directory, and none without', () => {
    expect(logFileIn(undefined, 'migrate-undo')).toBeUndefined();
    expect(logFileIn('/var/log/bbb2pod', 'migrate-undo')).toMatch(
      /^\/var\/log\/bbb2pod\/migrate-undo-\d{8}-\d{6}-[0-9a-f]{4}\.log$/,
    );
  });
});

describe('a conversion', () => {
  const signal = new AbortController().signal;
  const contextWith = (directory: string): Context => {
    process.env['BBB2POD_LOG_DIRECTORY'] = directory;
    try {
      const context = new Context({
        configFile: undefined,
        configurationRequired: false,
        logLevel: undefined,
        logFile: undefined,
        signal,
      });
      expect(context.configuration.log.directory).toBe(directory);
      return context;
    } finally {
      delete process.env['BBB2POD_LOG_DIRECTORY'];
    }
  };

  it('has a log of its own: source without its token, steps, end or failure', async () => {
    const directory = path.join(work, 'conversions');
    const context = contextWith(directory);
    const url = 'https://bbb.univ.fr/playback/presentation/2.3/abc-1?token=hunter2';
    await withLogs(context, async (_, outputPath, __, details) => {
      for (const step of ['fetch', 'fetch', 'encode'] as const)
        details?.onProgress?.({ step, fraction: 0, durationMs: null });
      return {
        path: outputPath,
        durationMs: 60_000,
        sizeBytes: 1_000_000,
        pictures: 3,
        missing: '',
        shortfalls: [],
        unknown: { laterVersion: null, shapes: [] },
      };
    })({ playbackUrl: url }, 'lecture.mp4', signal);
    const failing = withLogs(context, () => Promise.reject(systemTexts.diskFull({ path: '/srv' })));
    await expect(failing({ folder: '/srv/x' }, 'x.mp4', signal)).rejects.toMatchObject({ code: 'disk-full' });
    const texts = readdirSync(directory)
      .sort()
      .map((name) => readFileSync(path.join(directory, name), 'utf8'));
    expect(texts.length).toBe(2);
    expect(texts[0]?.match(/ (?:fetch|encode)\n/g)).toEqual([' fetch\n', ' encode\n']);
    expect(texts[0]).toMatch(/ done in .*1\.0 MB\n$/);
    expect(texts.join('')).not.toContain('hunter2');
    expect(texts[1]).toMatch(/ error failed after .*disk-full: /);
  });
});

describe('a new configuration file', () => {
  it('may be read by the group of a closed directory that gives it to its files, elsewhere by its owner alone', () => {
    for (const [name, directoryMode, mode] of [
      ['package', 0o2750, 0o640],
      ['open', 0o2755, 0o600],
      ['home', 0o700, 0o600],
    ] as const) {
      const directory = path.join(work, name);
      mkdirSync(directory);
      chmodSync(directory, directoryMode);
      expect(createNewFile(path.join(directory, 'bbb2pod.toml'), 'x')).toBe(mode);
      expect(statSync(path.join(directory, 'bbb2pod.toml')).mode & 0o777).toBe(mode);
    }
  });
});
