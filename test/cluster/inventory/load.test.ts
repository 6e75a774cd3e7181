import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { listNodes } from '../../../src/cluster/inventory/nodes.js';
import type { OperatorError } from '../../../src/kit/errors/operator-error.js';
import { Secret } from '../../../src/kit/config/secret.js';

const load = (text: string, secrets: Record<string, string> = {}) =>
  loadInventory({ path: 'cluster.toml', text }, (file) => {
    const secret = secrets[file];
    if (secret === undefined) throw new Error('no such file');
    return secret;
  });
const refusal = (text: string): string => {
  try {
    load(text);
  } catch (error) {
    return (error as OperatorError).message;
  }
  return 'accepted';
};

describe('cluster.toml', () => {
  it('reads the example that we ship, with every node once', () => {
    const inventory = load(readFileSync('config/cluster.example.toml', 'utf8'));
    expect(listNodes(inventory).map(({ name }) => name)).toEqual([
      ...['lb1', 'lb2', 'ingest1', 'ingest2', 'broadcast1', 'broadcast2', 'jms', 'jvb1', 'jvb2'],
      ...['encoder1', 'encoder2', 'transcriber1', 'xapi1', 'manager', 'runner1', 'runner2'],
    ]);
    expect(inventory.streaming?.ladder.map(({ video }) => video)).toEqual([800_000, 2_800_000]);
    expect(inventory.streaming?.broadcasts['broadcast1']?.nic).toBe(10e9);
  });

  it('gives every default when a system is named with the least', () => {
    const { streaming } = load('[streaming]\npublic_name = "s.test"\n');
    expect(streaming).toMatchObject({
      segment_seconds: 3,
      streams: ['direct'],
      balancers: {},
      spare_slots: 2,
    });
    expect(streaming?.ladder.map(({ name }) => name)).toEqual(['360', '480', '720']);
  });

  it('reads secrets from their files and keeps them out of sight', () => {
    const text = '[encoding.brokers.main]\nurl_file = "/s/url"\nqueues = ["encoding"]\n';
    const { encoding } = load(text, { '/s/url': 'redis://:p@ss@r:6379/5\nrest' });
    const url = encoding?.brokers['main']?.url;
    expect(url).toBeInstanceOf(Secret);
    expect(url?.reveal()).toBe('redis://:p@ss@r:6379/5');
    expect(JSON.stringify(encoding)).not.toContain('p@ss');
  });

  it.each([
    [
      'an unknown key',
      '[streaming]\npublic_name = "s"\nstreems = ["a"]\n',
      'cluster.toml:3',
      'did you mean streams?',
    ],
    [
      'an unknown key of a node',
      '[streaming]\npublic_name = "s"\n[streaming.ingests.ingest1]\naddress = "a"\nrtmp_prot = 1\n',
      'cluster.toml:5',
      'did you mean rtmp_port?',
    ],
    ['an unknown system', '[streeming]\npublic_name = "s"\n', 'cluster.toml:1', 'did you mean streaming?'],
    [
      'a rate without sense',
      '[streaming]\npublic_name = "s"\n[streaming.broadcasts.b1]\naddress = "a"\nnic = "fast"\n',
      'cluster.toml:5',
      'is no rate',
    ],
    ['no TOML', '[streaming\n', 'cluster.toml:1', ''],
    [
      'a maintenance of nobody',
      'maintenance = ["jvb3"]\n[jitsi]\ndomain = "j"\njms = { address = "j" }\n[jitsi.jvbs.jvb1]\naddress = "a"\n',
      'cluster.toml:1',
      'did you mean jvb1?',
    ],
    [
      'two bridges of one nickname',
      '[jitsi]\ndomain = "j"\njms = { address = "j" }\n[jitsi.jvbs.jvb1]\naddress = "a"\n[jitsi.jvbs.jvb2]\naddress = "b"\nnickname = "JVB1"\n',
      'cluster.toml:8',
      'jicofo would see one bridge',
    ],
    [
      'a queue that no broker has',
      '[encoding.brokers.main]\nurl = "redis://r/5"\nqueues = ["encoding"]\n[encoding.workers.e1]\naddress = "a"\nqueue = "encodig"\n',
      'cluster.toml:6',
      'did you mean encoding?',
    ],
    [
      'a Celery name shared by two workers',
      '[encoding.brokers.main]\nurl = "redis://r/5"\nqueues = ["encoding"]\n[encoding.workers.e1]\naddress = "a"\nqueue = "encoding"\nnode_name = "encode@x"\n[encoding.workers.e2]\naddress = "a"\nqueue = "encoding"\nnode_name = "encode@x"\n',
      'cluster.toml:11',
      'one would hide the other',
    ],
    [
      'one name for two nodes',
      '[streaming]\npublic_name = "s"\n[streaming.ingests.a]\naddress = "a"\n[streaming.broadcasts.a]\naddress = "a"\n',
      'cluster.toml:5',
      'commands name nodes by it',
    ],
  ])('refuses %s with its line and the nearest name', (_, text, where, hint) => {
    const message = refusal(text);
    expect(message).toContain(where);
    expect(message).toContain(hint);
  });
});
