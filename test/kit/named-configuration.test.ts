import { afterEach, expect, it } from 'vitest';
import { configured, nameConfiguration } from '../../src/kit/named-configuration.js';

afterEach(() => nameConfiguration(undefined));

it('leaves commands as they are where nothing was named', () => {
  nameConfiguration(undefined);
  expect(configured('On lb1: bbb2pod cluster check --only S01')).toBe(
    'On lb1: bbb2pod cluster check --only S01',
  );
});

it('names the inventory for the cluster commands that read one, and the configuration for all', () => {
  nameConfiguration('/etc/our pod.toml', 'c.toml');
  expect(configured('bbb2pod cluster queue ; then: bbb2pod doctor')).toBe(
    "bbb2pod cluster queue --config '/etc/our pod.toml' --inventory c.toml ; then: bbb2pod doctor --config '/etc/our pod.toml'",
  );
  nameConfiguration(undefined, 'c.toml');
  expect(configured('bbb2pod cluster check --only P01')).toBe(
    'bbb2pod cluster check --inventory c.toml --only P01',
  );
  for (const alone of [
    'bbb2pod cluster init --from haproxy.cfg',
    'bbb2pod cluster demo',
    'bbb2pod cluster check --root jms=/etc',
    'bbb2pod cluster check --file haproxy.cfg',
    'bbb2pod cluster check --explain S16',
    'bbb2pod cluster check --inventory other.toml',
    'bbb2pod migrate status',
  ])
    expect(configured(alone)).toBe(alone);
});
