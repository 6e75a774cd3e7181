import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsOf } from '../../../src/cluster/check/verdict.js';
import { gatherEsupRunner } from '../../../src/cluster/esup-runner/gather.js';
import type { EsupRunnerFacts } from '../../../src/cluster/esup-runner/facts.js';
import { judgeEsupRunner } from '../../../src/cluster/esup-runner/judge.js';
import { readEnvironment } from '../../../src/cluster/esup-runner/read-environment.js';
import { zoneOf } from '../../../src/cluster/esup-runner/read-answers.js';
import { judgeWhoEncodes } from '../../../src/cluster/esup-runner/who-encodes.js';
import type { EsupRunnerTargets } from '../../../src/cluster/esup-runner/targets.js';
import { resultsOf } from '../../../src/cluster/check/cluster-result.js';
import type { ClusterTargets } from '../../../src/cluster/check/targets.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { run } from '../../support/cluster/processes.js';
import { RunnerBench } from '../../support/cluster/runner-bench.js';

describe('the certificate of the manager', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-runner-tls-'));
  let bench: RunnerBench;
  let facts: EsupRunnerFacts;
  let targets: EsupRunnerTargets;
  let all: ClusterTargets;
  beforeAll(async () => {
    run(
      'openssl',
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout k.pem -out c.pem -subj /CN=x -addext subjectAltName=IP:127.0.0.1'.split(
        ' ',
      ),
      directory,
    );
    const [key, cert] = ['k.pem', 'c.pem'].map((file) => readFileSync(path.join(directory, file), 'utf8'));
    bench = new RunnerBench(2, { key: key ?? '', cert: cert ?? '' });
    bench.scheme = 'https';
    await bench.start();
    all = bench.targets;
    targets = all.runners!;
    facts = await gatherEsupRunner(targets, { probe: false }, bench.ports);
  });
  afterAll(async () => {
    await bench.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const codes = (changed: EsupRunnerFacts, to: EsupRunnerTargets = targets): string[] =>
    findingsOf(judgeEsupRunner(changed, to, all)).map(({ root, status }) => `${status} ${root.code}`);
  const certificate = (change: object): EsupRunnerFacts => {
    const own = facts.manager.certificate;
    if (own?.ok !== true) throw new Error('no certificate was read');
    return {
      ...facts,
      manager: {
        ...facts.manager,
        certificate: { ...own, value: { ...own.value, trusted: true, reason: null, ...change } },
      },
    };
  };

  it('is refused when nobody signed it, and when its name is another', () => {
    expect(codes(facts)).toContain('critical R03-invalid');
    expect(codes(certificate({ matchesName: false }))).toContain('critical R03-invalid');
  });
  it('is told before it ends, and is good until then', () => {
    expect(codes(certificate({ expiresAt: facts.at + 5 * 86_400_000 }))).toContain('warning R03-soon');
    expect(
      codes(certificate({ expiresAt: facts.at + 60 * 86_400_000 })).filter((code) => /R03/.test(code)),
    ).toEqual([]);
  });
  it('is missed where http crosses a network, not on the loopback', () => {
    const plain = (managerUrl: string): string[] =>
      codes(facts, { ...targets, managerUrl }).filter((code) => /R03/.test(code));
    expect(plain('http://manager.univ.test:8081')).toEqual(['warning R03-plain']);
    expect(plain('http://localhost:8081')).toEqual([]);
  });
  it('leaves no finding of a runner that only the manager may ask', () => {
    const elsewhere = { ...targets, managerLocal: false };
    const silent = {
      ...certificate({ expiresAt: facts.at + 60 * 86_400_000 }),
      runners: facts.runners.map((one) => ({
        ...one,
        ping: { ok: false as const, fault: 'timeout' as const, detail: 'no answer within 2.4 s', ms: 2400 },
      })),
    };
    const working = {
      ...silent,
      manager: {
        ...silent.manager,
        tasks: {
          ok: true as const,
          ms: 1,
          value: facts.runners.map(({ registered }) => ({
            ...{ id: 't', type: null, sourceUrl: null, notifyUrl: null, application: null },
            ...{ createdAt: null, updatedAt: null, error: null, status: 'completed' },
            runnerId: registered?.id ?? '',
          })),
        },
      },
    };
    expect(codes(silent, elsewhere)).toContain('critical R10-unreachable');
    expect(codes(working, elsewhere).filter((code) => /R10/.test(code))).toEqual([]);
  });
  it('hears nothing of a runner that is not registered: one fault, not two', () => {
    const forgotten: EsupRunnerFacts = {
      ...facts,
      runners: facts.runners.map((runner) => ({
        ...runner,
        registered: runner.registered === null ? null : { ...runner.registered, ageSeconds: 200 },
        ping: runner.ping.ok
          ? { ...runner.ping, value: { ...runner.ping.value, registered: false } }
          : runner.ping,
      })),
    };
    const results = judgeEsupRunner(forgotten, targets, all);
    const late = results.filter(({ code }) => code === 'R08-late');
    expect(late.length).toBe(facts.runners.length);
    for (const { node, causedBy } of late) expect(causedBy).toContain(`R11-unregistered@${node}`);
  });
});

describe('.env of esup-runner', () => {
  it('is read as dotenv and systemd read it', () => {
    expect(
      readEnvironment(
        'A=1\n# B=2\nexport C="x y"  # why\nD=\'z#1\'\nE=plain # note\nF=a#b\nA=2\nRUNNER_TASK_TYPES="[2x(encoding,studio)]"\n',
      ),
    ).toEqual({
      A: '2',
      C: 'x y',
      D: 'z#1',
      E: 'plain',
      F: 'a#b',
      RUNNER_TASK_TYPES: '[2x(encoding,studio)]',
    });
  });
});

describe('the zone of the manager', () => {
  const now = Date.parse('2026-08-01T10:00:00Z');
  it.each([
    ['UTC', '2026-08-01T10:00:01.123456', 0, 1123],
    ['Paris', '2026-08-01T12:00:00.000000', 7_200_000, 0],
    ['a quarter zone, a clock that is wrong', '2026-08-01T15:46:40.000000', 20_700_000, 100_000],
    ['nothing said', null, 0, 0],
  ])('%s', (_, stamp, offsetMs, skewMs) => {
    expect(zoneOf(stamp, now)).toEqual({ offsetMs, skewMs });
  });
});

describe('a table that says kind = "esup-runner"', () => {
  const load = (text: string) => loadInventory({ path: 'cluster.toml', text }, () => 'secret');
  it.each(['esup_runner', 'encoding', 'runners', '"esup-runner"'])(
    'is esup-runner when it is called %s',
    (name) => {
      const { esup_runner: own, encoding } = load(
        `[${name}]\nkind = "esup-runner"\n[${name}.manager]\naddress = "m.test"\ntoken_file = "t"\n`,
      );
      expect(own?.manager.address).toBe('m.test');
      expect(own?.manager.token?.reveal()).toBe('secret');
      expect(encoding).toBeUndefined();
    },
  );
  it('tells mistakes by the line and name that stand in the file', () => {
    expect(() => load('[runners]\nkind = "esup-runner"\n[runners.manager]\nadress = "m"\n')).toThrow(
      /cluster\.toml:[34].*/,
    );
  });
});

describe('who encodes when Pod has Celery and esup-runner', () => {
  const make = resultsOf('encoding');
  const runner = resultsOf('esup-runner');
  const queue = { queue: 'encoding' };
  const targets = { pod: { queues: [queue, { queue: 'xapi' }] }, runners: {} } as unknown as ClusterTargets;
  const codes = (waiting: number, uses: { on: boolean; how: string } | null): string[] =>
    judgeWhoEncodes(
      [
        make.good('P09', 'encoding', { measures: [{ label: 'waiting_encoding', value: waiting, unit: '' }] }),
        runner.found('R27-missing', 'pod-webhook', { parameters: { url: 'u', what: '404' } }),
      ],
      targets,
      uses,
    ).map(({ code }) => code);

  it('is told, with what is left in Celery', () => {
    expect(codes(0, { on: true, how: 'webhook' })).toContain('P20-runners');
    expect(codes(3, { on: true, how: 'webhook' })).toContain('P20-left');
  });
  it('holds nothing against runners that only wait for the change', () => {
    expect(codes(0, { on: false, how: 'USE_RUNNER_MANAGER' })).toEqual(['P09', 'P20-celery']);
  });
  it('is not told when it is not known, or when there is one only', () => {
    expect(codes(0, null)).toEqual(['P09', 'R27-missing']);
    expect(judgeWhoEncodes([], { ...targets, pod: null }, { on: true, how: 'x' })).toEqual([]);
  });
});
