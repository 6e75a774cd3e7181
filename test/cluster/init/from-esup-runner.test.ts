import { describe, expect, it } from 'vitest';
import { inventoryFrom } from '../../../src/cli/cluster/init.js';
import { readRunnerMachines } from '../../../src/cluster/init/from-esup-runner.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';

describe('an inventory from the .env files of esup-runner', () => {
  it('has the manager and each runner, and no token', () => {
    const { text, remarks } = inventoryFrom(['fixtures/cluster/public/esup-runner/sound']);
    const { esup_runner: found } = loadInventory({ path: 'cluster.toml', text }, () => '');
    expect(found?.manager).toMatchObject({
      address: 'manager.univ.example',
      port: 8081,
      url: 'https://manager.univ.example:8081',
    });
    expect(found?.storage).toBe('/srv/esup-runner');
    expect(found?.runners['r1']).toMatchObject({
      address: 'r1.univ.example',
      base_port: 8082,
      instances: 3,
      task_types: ['encoding', 'studio', 'transcription'],
    });
    expect(text).not.toMatch(/a3c9b7e2|5f1d0c5b/);
    expect(remarks.join(' ')).toContain('tokens were not copied');
  });

  it('takes the manager from a runner when its own file is not there, and says so', () => {
    const { text, remarks } = readRunnerMachines([
      {
        node: null,
        role: 'runner',
        path: 'r.env',
        text: 'RUNNER_HOST=localhost\nRUNNER_TASK_TYPES=encoding\nRUNNER_INSTANCES=2\nMANAGER_URL=http://m.univ.example:9000\n',
      },
    ]);
    const { esup_runner: found } = loadInventory({ path: 'cluster.toml', text }, () => '');
    expect(found?.manager).toMatchObject({ address: 'm.univ.example', port: 9000 });
    expect(found?.runners['runner1']).toMatchObject({ instances: 2, task_types: ['encoding'] });
    expect(text).toContain('RUNNER_HOST of r.env is this machine alone');
    expect(remarks[0]).toContain('no .env of the manager');
  });
});
