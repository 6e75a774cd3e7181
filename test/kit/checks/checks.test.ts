import { describe, expect, it } from 'vitest';
import {
  checkResult,
  countStatuses,
  describeResult,
  worstStatus,
} from '../../../src/kit/checks/check-result.js';
import { foldResults } from '../../../src/kit/checks/fold-results.js';
import { runChecks, type Check } from '../../../src/kit/checks/run-checks.js';
import { systemTexts } from '../../../src/kit/errors/system.js';

const never = new AbortController().signal;
const good = (name: string): Check => ({
  name,
  subject: name,
  run: async () => checkResult('config-missing', name, { looked: 'x' }, { status: 'ok' }),
});

describe('runChecks', () => {
  it('gives the results in the order of the checks, whatever ends first', async () => {
    const slow: Check = {
      name: 'slow',
      subject: 'slow',
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return checkResult('disk-full', 'slow', { path: '/' });
      },
    };
    const ended: string[] = [];
    const results = await runChecks([slow, good('quick')], {
      signal: never,
      onResults: (some) => ended.push(...some.map(({ subject }) => subject)),
    });
    expect(results.map(({ subject }) => subject)).toEqual(['slow', 'quick']);
    expect(ended).toEqual(['quick', 'slow']);
  });

  it('turns an OperatorError into a critical result with its code and remedy', async () => {
    const [result] = await runChecks(
      [
        {
          name: 'state',
          subject: 'state_dir',
          run: () => Promise.reject(systemTexts.fileUnwritable({ path: '/x', detail: 'EACCES' })),
        },
      ],
      { signal: never },
    );
    expect(result).toMatchObject({ code: 'file-unwritable', status: 'critical', subject: 'state_dir' });
    expect(describeResult(result!).remedy).toContain('namei -l /x');
  });

  it('leaves a check behind that ignores its time limit, and marks it unknown', async () => {
    let signalled = false;
    const results = await runChecks(
      [
        {
          name: 'deaf',
          subject: 'deaf',
          timeoutMs: 20,
          run: (signal) => {
            signal.addEventListener('abort', () => (signalled = true));
            return new Promise(() => undefined);
          },
        },
        good('other'),
      ],
      { signal: never },
    );
    expect(results.map(({ code, status }) => [code, status])).toEqual([
      ['check-timed-out', 'unknown'],
      ['config-missing', 'ok'],
    ]);
    expect(signalled).toBe(true);
  });

  it('does not run what needs a failed check, and says whose fault it is', async () => {
    const results = await runChecks(
      [
        {
          name: 'db',
          subject: 'pod.database',
          run: async () => checkResult('disk-full', 'pod.database', { path: '/' }),
        },
        { ...good('tables'), needs: ['db'] },
        { ...good('site'), needs: ['tables'] },
      ],
      { signal: never },
    );
    expect(results.map(({ code }) => code)).toEqual(['disk-full', 'check-not-run', 'check-not-run']);
    const folded = foldResults(results);
    expect(folded).toHaveLength(1);
    expect(folded[0]?.consequences[0]?.consequences[0]?.result.subject).toBe('site');
  });

  it('marks everything interrupted when the command is', async () => {
    const controller = new AbortController();
    const waiting = runChecks([{ name: 'a', subject: 'a', run: () => new Promise(() => undefined) }], {
      signal: controller.signal,
    });
    controller.abort();
    expect((await waiting)[0]?.code).toBe('check-interrupted');
  });

  it('refuses a need that does not stand before', async () => {
    await expect(runChecks([{ ...good('a'), needs: ['b'] }, good('b')], { signal: never })).rejects.toThrow(
      'does not stand before',
    );
  });
});

describe('foldResults', () => {
  const bad = (id: string, ...causedBy: string[]) =>
    checkResult('disk-full', id, { path: '/' }, { id, causedBy });

  it('keeps a result at the top when its cause is ok or absent', () => {
    const cause = checkResult('disk-full', 'a', {}, { id: 'a', status: 'ok' });
    expect(foldResults([cause, bad('b', 'a'), bad('c', 'elsewhere')]).map((f) => f.result.id)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('cuts a circle and loses no result', () => {
    const folded = foldResults([bad('a', 'b'), bad('b', 'a')]);
    expect(folded.map((f) => [f.result.id, f.consequences.map((c) => c.result.id)])).toEqual([['b', ['a']]]);
  });
});

it('orders statuses critical, warning, unknown, ok', () => {
  const of = (...statuses: ('ok' | 'warning' | 'critical' | 'unknown')[]) =>
    statuses.map((status) => ({ status }));
  expect(worstStatus([])).toBe('ok');
  expect(worstStatus(of('ok', 'unknown'))).toBe('unknown');
  expect(worstStatus(of('unknown', 'warning', 'ok'))).toBe('warning');
  expect(worstStatus(of('warning', 'critical', 'unknown'))).toBe('critical');
  expect(countStatuses(of('ok', 'ok', 'unknown'))).toEqual({ ok: 2, warning: 0, critical: 0, unknown: 1 });
});
