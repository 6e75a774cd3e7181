import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/kit/output/text.js';
import { emptyDirectory, readCommands, root, runCli } from './run-cli.js';

const commands = readCommands();
/** What only an adapter may load, and only when it works. */
const HEAVY = /node_modules\/(?:knex|puppeteer|undici|mysql2|pg|libsql|bullmq|ioredis|zod|execa)\//;
const visible = commands.filter(({ hidden }) => hidden !== true);

describe.each(commands.map(({ id }) => id))('bbb2pod %s', (id) => {
  const words = id.split(':');

  it('has a help of 80 columns that loads no database, browser or network library', async () => {
    const { status, stdout, stderr } = await runCli([...words, '--help'], {
      cwd: emptyDirectory(),
      env: { NODE_DEBUG: 'module,esm' },
    });
    expect(status).toBe(0);
    expect(stdout).toContain('USAGE');
    expect(stdout.split('\n').filter((line) => displayWidth(line) > 80 && !line.startsWith('  $ '))).toEqual(
      [],
    );
    expect(stderr).not.toMatch(HEAVY);
  });

  it('refuses an unknown flag with status 2, one message and no stack trace', async () => {
    const { status, stdout, stderr } = await runCli([...words, '--no-such-flag'], {
      cwd: emptyDirectory(),
      env: { NODE_DEBUG: 'module' },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Error usage-invalid: /m);
    expect(stderr).not.toMatch(HEAVY);
    expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });
});

it('says what is wrong to a reader who is slow, too: nothing is cut off at the end', async () => {
  const { stderr } = await runCli(['demo', '--no-such-flag'], {
    cwd: emptyDirectory(),
    // More than a pipe holds.
    env: { NODE_DEBUG: 'module' },
    onStart: (child) => {
      child.stderr?.pause();
      setTimeout(() => child.stderr?.resume(), 2500);
    },
  });
  expect(stderr).toMatch(/^Error usage-invalid: /m);
});

it.each([
  'doctor',
  'migrate recordings --use-import-video --dry',
  'migrate status',
  'moodle inventory',
  'live status',
])('bbb2pod %s refuses a broken configuration with status 2 and names the nearest key', async (line) => {
  const cwd = emptyDirectory();
  writeFileSync(path.join(cwd, 'broken.toml'), '[bbb]\nsecrett = "hunter2-in-a-wrong-key"\n');
  const { status, stdout, stderr } = await runCli([...line.split(' '), '--config', 'broken.toml'], { cwd });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Error config-invalid: .*did you mean secret\?/m);
  expect(stdout + stderr).not.toMatch(/hunter2|^\s+at .*:\d+:\d+\)?$/m);
});

it.each(['migrate recordings --use-import-video --dry', 'migrate status', 'moodle inventory', 'live run'])(
  'bbb2pod %s without any configuration ends with status 2 and says bbb2pod init',
  async (line) => {
    const { status, stderr } = await runCli(line.split(' '), { cwd: emptyDirectory() });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Error config-missing: .*\n {2}-> bbb2pod init$/m);
  },
);

describe('the command line', () => {
  it.each([
    ['migrat recordings', 'there is no command migrat recordings (did you mean migrate recordings?).'],
    ['recorder konvert', 'there is no command recorder konvert (did you mean recorder convert?).'],
    ['recorder convert --resume last', 'All of the following must be provided when using --resume: --queue.'],
    ['make coffee', 'there is no command make coffee.'],
    ['migrate undo', 'Missing 1 required arg: run (the run to take back, or last).'],
  ])('says what is wrong with %s, and what was meant', async (line, message) => {
    const { status, stderr } = await runCli(line.split(' '), { cwd: emptyDirectory() });
    expect([status, stderr.split('\n')[0]]).toEqual([2, `Error usage-invalid: ${message}`]);
  });

  it('says that a mode is missing before it looks for a configuration', async () => {
    const { status, stderr } = await runCli(['migrate', 'recordings'], { cwd: emptyDirectory() });
    expect([status, stderr]).toEqual([2, expect.stringContaining('Error mode-missing: ')]);
  });

  it('has a first help of 80 columns, and a version', async () => {
    const cwd = emptyDirectory();
    const { stdout } = await runCli(['--help'], { cwd });
    expect(stdout.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
    for (const { id } of visible) expect(stdout).toContain(id.split(':')[0]);
    expect((await runCli(['--version'], { cwd })).stdout).toMatch(/^bbb2pod\/\d+\.\d+\.\d+ /);
  });

  it('keeps its commands and flags: a flag cannot vanish unnoticed (delete the line of the snapshot if it must)', () => {
    const lines = commands.map(
      ({ id, args, flags, hidden }) =>
        `${id.replaceAll(':', ' ')}${hidden === true ? ' (hidden)' : ''}: ${[
          ...Object.values(args).map(({ name, required }) =>
            required === true ? name.toUpperCase() : `[${name.toUpperCase()}]`,
          ),
          ...Object.values(flags)
            .map(
              ({ name, char, hidden: flagHidden, options, type, aliases = [] }) =>
                `--${name}${char === undefined ? '' : `|-${char}`}${aliases.map((alias) => `|--${alias}`).join('')}` +
                `${type === 'option' ? `=${options?.join('|') ?? ''}` : ''}${flagHidden === true ? ' (hidden)' : ''}`,
            )
            .sort(),
        ].join(' ')}`,
    );
    const file = path.join(root, 'test/e2e/command-snapshot.txt');
    const kept = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    const vanished = kept.filter((line) => {
      const [id = '', words = ''] = line.split(/: (.*)/);
      const now = lines.find((other) => other.startsWith(`${id}: `));
      const nowWords = new Set(
        (now?.slice(id.length + 2) ?? '').split(' ').flatMap((word) => word.replace(/=.*/, '').split('|')),
      );
      return (
        now === undefined ||
        words.split(' ').some(
          (word) =>
            word.startsWith('-') &&
            word
              .replace(/=.*/, '')
              .split('|')
              .some((flag) => !nowWords.has(flag)),
        )
      );
    });
    expect(vanished).toEqual([]);
    writeFileSync(file, `${[...lines].sort().join('\n')}\n`);
  });

  it('says what each command is for, and shows an example', () => {
    expect(
      visible
        .filter(({ summary, description }) => !/^[a-z`]/.test(summary ?? description ?? ''))
        .map(({ id }) => id),
    ).toEqual([]);
    expect(visible.filter(({ examples }) => (examples ?? []).length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('knows one command per file', () => {
    const files = readdirSync(path.join(root, 'commands'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/\.ts$/, '').replaceAll('/', ':'))
      .sort();
    expect(commands.map(({ id }) => id).sort()).toEqual(files);
  });

  it('refuses an unknown command with the nearest one', async () => {
    const { status, stderr } = await runCli(['doctr'], { cwd: emptyDirectory() });
    expect(status).toBe(2);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('starts within 3.5 times a bare node (medians of 20)', () => {
    const cwd = emptyDirectory();
    const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, NODE_ENV: 'production' };
    const time = (args: string[]): number => {
      const startedAt = performance.now();
      spawnSync(process.execPath, args, { cwd, env });
      return performance.now() - startedAt;
    };
    const bare: number[] = [];
    const help: number[] = [];
    for (let i = 0; i < 20; i++) {
      bare.push(time(['-e', '0']));
      help.push(time([path.join(root, 'bin/run.js'), '--help']));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[10] ?? 0;
    expect(median(help) / median(bare)).toBeLessThanOrEqual(3.5);
  });
});
