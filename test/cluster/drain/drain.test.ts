import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  applyDrain,
  type ApplyOptions,
  type BridgePort,
  type DrainPorts,
} from '../../../src/cluster/drain/apply-drain.js';
import type { BalancerPort } from '../../../src/cluster/drain/apply-server.js';
import { drainCommands, findTarget, minimumFor } from '../../../src/cluster/drain/drain-plan.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { demandsOf } from '../../../src/cluster/plan/demand.js';
import { planJitsi } from '../../../src/cluster/plan/plan-capacity.js';
import type { OperatorError } from '../../../src/kit/errors/operator-error.js';

const inventory = loadInventory(
  {
    path: 'cluster.toml',
    text: readFileSync('config/cluster.example.toml', 'utf8').replace(
      'nic = "1G"\nrest_url',
      'ssh = "root@jvb1"\nrest_url',
    ),
  },
  () => '',
);
const options = (more: Partial<ApplyOptions> = {}): ApplyOptions => ({
  waitMs: 1000,
  pollMs: 100,
  quietSeconds: 6,
  limits: { minimum: 1, demand: 'the service' },
  belowPlan: false,
  signal: new AbortController().signal,
  say: () => undefined,
  pause: async () => undefined,
  ...more,
});
const withBridge = (bridge: BridgePort, otherBridges: number): DrainPorts => ({
  balancers: [],
  bridge,
  worker: null,
  runner: null,
  otherBridges,
});

describe('which node', () => {
  const refusal = (name: string): string => {
    try {
      findTarget(inventory, name, null);
    } catch (error) {
      return `${(error as OperatorError).code}: ${(error as OperatorError).message}`;
    }
    return 'accepted';
  };
  it('finds servers, spare slots, bridges and workers', () => {
    expect(findTarget(inventory, 'broadcast1', null)).toMatchObject({ kind: 'server' });
    expect(findTarget(inventory, 'spare2', '192.0.2.9:80')).toMatchObject({
      kind: 'server',
      address: '192.0.2.9:80',
    });
    expect(findTarget(inventory, 'jvb1', null)).toMatchObject({ kind: 'jvb' });
    expect(findTarget(inventory, 'encoder1', null)).toMatchObject({
      kind: 'worker',
      celeryName: 'encoding@encoder1',
      queue: 'encoding',
    });
  });
  it('names the nearest node, and says what is not drained', () => {
    expect(refusal('brodcast1')).toContain('did you mean broadcast1?');
    expect(refusal('ingest1')).toContain('cluster-node-not-drained');
    expect(refusal('spare9')).toContain('cluster-node-unknown');
  });
});

describe('the commands', () => {
  it('speak to every balancer, through ssh where the socket is a file there', () => {
    const held = {
      lb1: [
        { backend: 'media', server: 'broadcast1' },
        { backend: 'site', server: 'b1' },
      ],
      lb2: null,
    };
    const lines = drainCommands(findTarget(inventory, 'broadcast1', null), 'drain', inventory, held);
    expect(lines).toContain(
      `ssh root@lb1.univ.example 'echo "set server media/broadcast1 state drain" | socat - UNIX-CONNECT:/run/haproxy/admin.sock'`,
    );
    expect(lines.filter((line) => line.includes('state maint'))).toHaveLength(3);
    expect(lines.join('\n')).toContain('set server site/b1 state drain');
    // A balancer that does not answer from here: the line finds the backends by itself.
    expect(lines).toContain(
      `for b in $(echo "show stat" | socat - UNIX-CONNECT:/run/haproxy/admin.sock | grep "^[^,]*,broadcast1," | cut -d, -f1); do echo "set server $b/broadcast1 state drain" | socat - UNIX-CONNECT:/run/haproxy/admin.sock; done`,
    );
  });
  it('give a spare slot its address before it is enabled', () => {
    const lines = drainCommands(findTarget(inventory, 'spare1', '192.0.2.33:8080'), 'ready', inventory, {
      lb1: [{ backend: 'media', server: 'spare1' }],
    }).join('\n');
    expect(lines.indexOf('set server media/spare1 addr 192.0.2.33 port 8080')).toBeGreaterThan(0);
    expect(lines.indexOf('state ready')).toBeGreaterThan(lines.indexOf('addr 192.0.2.33'));
  });
  it('name the worker, never its broker', () => {
    const lines = drainCommands(findTarget(inventory, 'encoder1', null), 'drain', inventory).join('\n');
    expect(lines).toContain('control -d encoding@encoder1 cancel_consumer encoding');
    expect(lines).not.toContain('redis://');
  });
  it('drain a bridge by its REST, on its own machine', () => {
    expect(drainCommands(findTarget(inventory, 'jvb1', null), 'drain', inventory)[0]).toBe(
      "ssh root@jvb1 'curl -sf -X POST http://127.0.0.1:8080/colibri/drain/enable'",
    );
  });
});

describe('the plan', () => {
  it('lets the spare go and keeps what the demand takes', () => {
    const plans = { streaming: null, encoding: null, jitsi: planJitsi(demandsOf({}, inventory).jitsi!) };
    expect(minimumFor(findTarget(inventory, 'jvb1', null), plans, inventory)).toEqual({
      minimum: 2,
      demand: '100 participants',
    });
    expect(minimumFor(findTarget(inventory, 'transcriber1', null), plans, inventory).minimum).toBe(1);
  });
});

describe('a broadcast node', () => {
  const target = findTarget(inventory, 'broadcast1', null);
  const place = (target as { place: string }).place;
  type Row = [backend: string, server: string, status: string, address?: string];
  /** A HAProxy that obeys for the backends it knows; `deaf` ones answer nothing and change nothing. */
  const balancer = (rows: Row[], deaf: readonly string[] = []): BalancerPort & { asked: string[] } => {
    const asked: string[] = [];
    return {
      name: 'lb1',
      asked,
      countStuck: async () => 0,
      command: async (text) => {
        asked.push(text);
        const [, backend, server, state] = /^set server (\S+)\/(\S+) state (\w+)$/.exec(text) ?? [];
        for (const row of rows)
          if (row[0] === backend && row[1] === server && !deaf.includes(row[0]))
            row[2] = state === 'ready' ? 'UP' : (state ?? '').toUpperCase();
        return '\n';
      },
      readStates: async () =>
        rows.map(([backend, server, status, address = '']) => ({
          ...{ backend, server, status, address },
          sessions: 0,
          lastRequestSeconds: null,
        })),
    };
  };
  const portsOf = (port: BalancerPort): DrainPorts => ({
    balancers: [port],
    bridge: null,
    worker: null,
    runner: null,
    otherBridges: 0,
  });
  /** The layout of the streaming-cluster repository: one backend for all, and one of each node's own name. */
  const layout = (): Row[] => [
    ['broadcast1', 'broadcast1', 'no check'],
    ['broadcast2', 'broadcast2', 'no check'],
    ['web_servers', 'broadcast1', 'UP'],
    ['web_servers', 'broadcast2', 'UP'],
  ];
  it('leaves every backend that holds it, whatever its name there', async () => {
    const port = balancer([...layout(), ['mirror', 'b1', 'UP', place], ['mirror', 'b2', 'UP']]);
    const said: string[] = [];
    await applyDrain(target, 'drain', portsOf(port), options({ say: (line) => said.push(line) }));
    expect(port.asked.filter((text) => text.endsWith('maint'))).toEqual([
      'set server broadcast1/broadcast1 state maint',
      'set server web_servers/broadcast1 state maint',
      'set server mirror/b1 state maint',
    ]);
    expect(said.join('\n')).toContain('backend broadcast1 has no other server');
  });
  it('that a balancer does not hold, or does not let go, is a failure', async () => {
    const other = balancer([['pod', 'pod1', 'UP']]);
    await expect(applyDrain(target, 'drain', portsOf(other), options())).rejects.toMatchObject({
      code: 'cluster-server-absent',
    });
    await expect(
      applyDrain(target, 'drain', portsOf(balancer(layout(), ['web_servers'])), options()),
    ).rejects.toMatchObject({ code: 'cluster-not-settled' });
  });
  it('is kept when the others are not called up by HAProxy itself', async () => {
    const rows = layout().map((row): Row => [row[0], row[1], row[2] === 'UP' ? 'DOWN' : row[2]]);
    const port = balancer(rows);
    await expect(applyDrain(target, 'drain', portsOf(port), options())).rejects.toMatchObject({
      code: 'cluster-below-plan',
      parameters: { left: 0 },
    });
    expect(port.asked).toEqual([]);
  });
});

describe('a bridge', () => {
  const target = findTarget(inventory, 'jvb1', null);
  const bridge = (participants: number[]): BridgePort & { asked: boolean[] } => {
    let draining = false;
    const asked: boolean[] = [];
    return {
      asked,
      setDrain: async (on) => {
        asked.push(on);
        draining = on;
      },
      read: async () => ({
        participants: participants.length > 1 ? participants.shift()! : participants[0]!,
        draining,
      }),
    };
  };
  it('is waited for until its last participant is gone', async () => {
    const port = bridge([12, 3, 1, 0]);
    const said: string[] = [];
    await applyDrain(target, 'drain', withBridge(port, 2), options({ say: (line) => said.push(line) }));
    expect(said.at(-1)).toContain('is empty: systemctl stop jitsi-videobridge2');
  });
  it('that stays full is told with its participants and a longer wait', async () => {
    const failure = applyDrain(target, 'drain', withBridge(bridge([7]), 2), options());
    await expect(failure).rejects.toMatchObject({
      code: 'cluster-not-settled',
      parameters: { state: '7 participants, drain on', more: 3 },
    });
  });
  it('is refused before anything is asked when too few would stay', async () => {
    const port = bridge([0]);
    const limits = { minimum: 2, demand: '100 participants' };
    await expect(applyDrain(target, 'drain', withBridge(port, 1), options({ limits }))).rejects.toMatchObject(
      { code: 'cluster-below-plan' },
    );
    expect(port.asked).toEqual([]);
    await applyDrain(target, 'drain', withBridge(port, 1), options({ limits, belowPlan: true }));
    expect(port.asked).toEqual([true]);
  });
  it('is taken back', async () => {
    const port = bridge([0]);
    await applyDrain(target, 'ready', withBridge(port, 0), options());
    expect(port.asked).toEqual([false]);
  });
});
