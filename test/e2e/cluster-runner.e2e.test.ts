import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunnerStandIn, TOKEN } from '../support/cluster/runner-stand-in.js';
import { emptyDirectory, root, runCli, type CliResult } from './run-cli.js';

/* esup-runner through the built command line: its manager, runners and Pod's webhook are the stand-in's. */

const standIn = new RunnerStandIn(2);
const cwd = emptyDirectory();
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['cluster', ...args, '--inventory', 'cluster.toml'], { cwd, env });

beforeAll(async () => {
  await standIn.start();
  const [first] = standIn.state.runners;
  writeFileSync(path.join(cwd, 'manager.token'), TOKEN, { mode: 0o600 });
  writeFileSync(
    path.join(cwd, 'cluster.toml'),
    `[esup_runner]
pod_url = "http://127.0.0.1:${standIn.podPort}"
root = "${cwd}/esup-runner"
[esup_runner.manager]
address = "127.0.0.1"
port = ${standIn.managerPort}
token_file = "${cwd}/manager.token"
[esup_runner.runners.r1]
address = "127.0.0.1"
base_port = ${first?.port ?? 0}
[esup_runner.runners.r2]
address = "127.0.0.1"
base_port = ${standIn.state.runners[1]?.port ?? 0}
`,
  );
});
afterAll(() => standIn.stop());

describe('esup-runner', () => {
  it('sound: no critical, and the plugin says so', async () => {
    const { status, stdout } = await run(['check', '--nagios', '--timeout', '50']);
    expect(stdout).toMatch(/^CLUSTER (OK|WARNING) - /);
    expect([0, 1]).toContain(status);
  });

  it('shows its queue, and plans instances', async () => {
    const queue = await run(['queue']);
    expect(queue.stdout).toMatch(/^ESUP-RUNNER http:\/\/127\.0\.0\.1:\d+/);
    expect(queue.stdout).toMatch(/r1 +free/);
    const plan = await run(['plan', '--hours-per-day', '40', '--speed', '2']);
    expect(plan.stdout).toContain('ESUP-RUNNER  40 hours of video per day');
    expect(plan.stdout).toMatch(/instances \(N\+1\) +4/);
  });

  it('speaks French, but for its document', async () => {
    const { stdout } = await run(['queue'], { LANG: 'fr_FR.UTF-8' });
    expect(stdout).toMatch(/r1 +libre/);
    const { stdout: json } = await run(['check', '--json', '--timeout', '50'], { LANG: 'fr_FR.UTF-8' });
    const { checks } = JSON.parse(json) as { checks: { id: string; message: string }[] };
    expect(checks.map(({ message }) => message).join('\n')).not.toMatch(/gestionnaire|vérifiable/);
  });

  it('with its manager away: critical, and 2 for the supervisor', async () => {
    standIn.state.manager = 'down';
    try {
      const { status, stdout } = await run(['check', '--nagios', '--timeout', '50']);
      expect(stdout).toMatch(/^CLUSTER CRITICAL - R01 /);
      expect(status).toBe(2);
    } finally {
      standIn.state.manager = 'ok';
    }
  });

  it('by its files alone', async () => {
    const faults = path.join(root, 'fixtures/cluster/public/esup-runner/faults');
    const { status, stdout } = await runCli(
      ['cluster', 'check', '--root', `manager=${faults}/manager`, '--root', `r1=${faults}/r1`, '--nagios'],
      { cwd },
    );
    expect(stdout).toMatch(/^CLUSTER CRITICAL - R/);
    expect(status).toBe(2);
  });
});
