import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { endLeftovers } from '../../../../src/kit/adapters/process/end-leftovers.js';
import { isAlive, readStartTime, signalProcess } from '../../../../src/kit/adapters/process/identity.js';
import { runToEnd } from '../../../../src/kit/adapters/process/run-to-end.js';
import { startChild } from '../../../../src/kit/adapters/process/start-child.js';
import { startDaemon } from '../../../../src/kit/adapters/process/start-daemon.js';
import { OperatorError } from '../../../../src/kit/errors/operator-error.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-process-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const sh = (script: string) => ({ file: 'sh', args: ['-c', script] });
const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof OperatorError ? error.code : String(error)),
  );
// Children start node with a loader: seconds on a loaded machine.
vi.setConfig({ testTimeout: 90_000 });
const until = async (condition: () => boolean): Promise<void> => {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 20 });
};

describe('runToEnd', () => {
  it('passes arguments untouched, without a shell', async () => {
    const hostile = `$(touch x)"'/& ;\n`;
    const { stdout } = await runToEnd({ file: 'printf', args: ['%s', hostile] });
    expect(stdout.toString()).toBe(hostile);
  });

  it('feeds the input and captures the output', async () => {
    const { stdout, code } = await runToEnd({ file: 'cat', args: [], input: 'é'.repeat(100_000) });
    expect([stdout.length, code]).toEqual([200_000, 0]);
  });

  // Another account from its start: Debian 13's Node refuses to change its own (io_uring, CVE-2024-22017). Program and
  // code are copied to where that account may read.
  it.skipIf(process.getuid?.() !== 0)('starts a program where its account may not enter', async () => {
    const closed = path.join(work, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    chmodSync(work, 0o711);
    const node = path.join(work, 'node');
    copyFileSync(process.execPath, node);
    const code = path.join(work, 'where.cjs');
    await build({
      stdin: {
        contents: `import { runToEnd } from './run-to-end.js';
          void runToEnd({ file: 'pwd', args: [] }).then(({ stdout }) => process.stdout.write(stdout));`,
        resolveDir: path.resolve(import.meta.dirname, '../../../../src/kit/adapters/process'),
      },
      ...{ bundle: true, platform: 'node', format: 'cjs', outfile: code },
    });
    const nobody = { uid: 65534, gid: 65534 };
    expect(execFileSync(node, [code], { cwd: closed, encoding: 'utf8', ...nobody })).toBe('/\n');
  });

  it('bounds the output kept in memory', async () => {
    const { stdout, truncated } = await runToEnd({
      file: 'cat',
      args: [],
      input: 'x'.repeat(5000),
      maxOutputBytes: 100,
    });
    expect([stdout.length, truncated]).toEqual([100, true]);
  });

  it('gives status and last lines of a failure, without credentials', async () => {
    const error = await runToEnd(sh('echo rtmp://user:word@host/live refused >&2; exit 3')).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'program-failed' });
    expect(String(error)).toContain('status 3');
    expect(String(error)).not.toContain('word');
  });

  it('stops what takes too long, descendants included', async () => {
    const pidFile = path.join(work, 'sleeper');
    const slow = runToEnd({ ...sh(`sleep 60 & echo $! > ${pidFile}; wait`), timeLimitMs: 200 });
    expect(await codeOf(slow)).toBe('program-too-slow');
    await until(() => readStartTime(Number(readFileSync(pidFile, 'utf8'))) === null);
  });

  it('says which program is missing', async () => {
    expect(await codeOf(runToEnd({ file: path.join(work, 'missing/ffmpeg'), args: [] }))).toBe(
      'program-missing',
    );
  });

  it('hides our configuration from the child', async () => {
    process.env['BBB2POD_BBB_SECRET'] = 'abc';
    const { stdout } = await runToEnd({ file: 'env', args: [], env: { ADDED: 'yes' } });
    delete process.env['BBB2POD_BBB_SECRET'];
    expect(stdout.toString()).toContain('ADDED=yes');
    expect(stdout.toString()).not.toContain('BBB2POD');
  });
});

describe('startChild', () => {
  it('streams lines, also those ended by a carriage return, and bounds them', async () => {
    const lines: string[] = [];
    const child = await startChild({
      ...sh(`printf 'a\\rb\\r\\nc\\n' >&2; head -c 10000 /dev/zero | tr '\\0' x >&2`),
      onStderrLine: (line) => lines.push(line),
    });
    await child.exited;
    expect(lines.map((line) => line.slice(0, 1))).toEqual(['a', 'b', 'c', 'x']);
    expect(lines[3]).toHaveLength(4096);
  });

  it('kills after the delay what does not listen', async () => {
    const ready = path.join(work, 'deaf');
    const child = await startChild({
      ...sh(`trap '' TERM; touch ${ready}; while :; do sleep 0.05; done`),
      killDelayMs: 150,
    });
    await until(() => {
      try {
        return readFileSync(ready).length === 0;
      } catch {
        return false;
      }
    });
    const exit = await child.stop();
    expect(exit).toMatchObject({ signal: 'SIGKILL', stopped: true });
    expect(isAlive(child.pid, child.startTime)).toBe(false);
  });

  it('leads its own group, and stops on abort', async () => {
    const controller = new AbortController();
    const child = await startChild({ file: 'sleep', args: ['60'], signal: controller.signal });
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
    expect([stat[4], stat[5]]).toEqual([String(child.pid), String(child.pid)]);
    controller.abort();
    expect((await child.exited).stopped).toBe(true);
  });

  it('stops even a child that was frozen', async () => {
    const child = await startChild({ file: 'sleep', args: ['60'], killDelayMs: 300 });
    process.kill(child.pid, 'SIGSTOP');
    expect((await child.stop()).stopped).toBe(true);
  });

  it.each([
    ['politely', { file: 'sleep', args: ['60'], diesWithParent: true }],
    ['at once, deaf as it is', { ...sh('trap "" TERM; sleep 60'), diesWithParent: 'at-once' }],
  ])('dies with a parent that is killed -9, where asked: %s', async (_, options) => {
    const script = `
      import { startChild } from ${JSON.stringify(path.resolve('src/kit/adapters/process/start-child.ts'))};
      const child = await startChild(${JSON.stringify(options)});
      process.stdout.write(child.pid + '\\n');
      setInterval(() => undefined, 1000);`;
    let pid = 0;
    const parent = await startChild({
      file: process.execPath,
      args: ['--import', 'tsx', '--input-type=module', '-e', script],
      stdout: (line) => (pid = Number(line)),
    });
    try {
      await until(() => pid !== 0 && readStartTime(pid) !== null);
    } finally {
      process.kill(parent.pid, 'SIGKILL');
    }
    await until(() => readStartTime(pid) === null);
  });
});

describe('endLeftovers', () => {
  it('ends what its supervisor left, also the deaf and the frozen, and nobody who took such a pid', async () => {
    const [deaf, frozen, other] = await Promise.all(
      ['trap "" TERM; sleep 60 & wait; sleep 60', 'sleep 60', 'sleep 60'].map((script, i) =>
        startDaemon({ ...sh(script), logFile: path.join(work, `left-${i}.log`) }),
      ),
    );
    process.kill(frozen!.pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await endLeftovers([deaf!, frozen!, { pid: other!.pid, startTime: 'otherboot:1' }], 300);
    expect([deaf, frozen, other].map((p) => isAlive(p!.pid, p!.startTime))).toEqual([false, false, true]);
    signalProcess(other!, 'SIGKILL', 'group');
  });
});

describe('startDaemon', () => {
  it('is known from within a unit that sees another boot id, and from no other boot', () => {
    const [boot, ticks, second] = (readStartTime(process.pid) ?? '').split(':');
    const isKnown = (...parts: unknown[]): boolean => isAlive(process.pid, parts.join(':'));
    expect(isKnown(boot, ticks, second)).toBe(true);
    // A container's own id is mounted over the kernel's; ProtectKernelTunables takes it away.
    expect(isKnown('ffffffff', ticks, Number(second) + 1)).toBe(true);
    // The clock was set meanwhile.
    expect(isKnown(boot, ticks, Number(second) + 3600)).toBe(true);
    expect(isKnown('ffffffff', ticks, Number(second) + 3600)).toBe(false);
    expect(isKnown(boot, Number(ticks) + 1, second)).toBe(false);
    // As earlier versions noted it.
    expect([isKnown(boot, ticks), isKnown('ffffffff', ticks)]).toEqual([true, false]);
  });

  it('outlives us and is known by pid and start time', async () => {
    const logFile = path.join(work, 'daemon.log');
    const daemon = await startDaemon({ ...sh('echo started; exec sleep 60'), logFile });
    await until(() => readFileSync(logFile, 'utf8') === 'started\n');
    expect(isAlive(daemon.pid, daemon.startTime)).toBe(true);
    expect(isAlive(daemon.pid, 'otherboot:1')).toBe(false);
    expect(signalProcess({ pid: daemon.pid, startTime: 'otherboot:1' }, 'SIGKILL')).toBe(false);
    expect(signalProcess(daemon, 'SIGKILL', 'group')).toBe(true);
    await until(() => !isAlive(daemon.pid, daemon.startTime));
  });

  it('says which program is missing', async () => {
    expect(
      await codeOf(
        startDaemon({ file: path.join(work, 'missing/x'), args: [], logFile: path.join(work, 'x.log') }),
      ),
    ).toBe('program-missing');
  });
});
