import { describe, expect, it } from 'vitest';
import { configured, nameConfiguration } from '../../../src/kit/named-configuration.js';
import { nextCommand, typedForPlan, typedForReal, typedWith } from '../../../src/cli/kit/next-command.js';

describe('a next command', () => {
  it('names the configuration again, as a shell takes it', () => {
    expect(nextCommand({ configFlag: undefined }, 'migrate', 'undo', 'R1')).toBe('bbb2pod migrate undo R1');
    expect(nextCommand({ configFlag: '/etc/my pod.toml' }, 'migrate', 'undo', 'R1')).toBe(
      "bbb2pod migrate undo R1 --config '/etc/my pod.toml'",
    );
  });

  it('names it in what a message says to do, once', () => {
    const said = 'Look: bbb2pod migrate status ; then bbb2pod doctor --config b.toml ; or bbb2pod init';
    expect(configured(said)).toBe(said);
    nameConfiguration('/etc/my pod.toml');
    expect(configured(said)).toBe(
      "Look: bbb2pod migrate status --config '/etc/my pod.toml' ; then bbb2pod doctor --config b.toml ; or bbb2pod init",
    );
    nameConfiguration(undefined);
  });

  it('is what was typed with one more flag, for real', () => {
    const typed = ['migrate', 'recordings', '--recreate', '--dry', '--owner', 'a b'];
    expect(typedWith('--recreate', typed)).toBe("bbb2pod migrate recordings --owner 'a b' --recreate");
  });

  it('is what was typed, but for real', () => {
    expect(typedForReal(['migrate', 'recordings', '--dry', '--config', 'a.toml', '-n'])).toBe(
      'bbb2pod migrate recordings --config a.toml',
    );
  });

  it('applies the plan that a dry run kept, not a new one', () => {
    const typed = ['migrate', 'recordings', '--use-import-video', '--dry', '--save-plan', 'ok.plan'];
    expect(typedForPlan(typed)).toBe('bbb2pod migrate recordings --use-import-video --plan ok.plan');
    expect(typedForPlan([...typed.slice(0, 4), '--save-plan=ok.plan'])).toBe(
      'bbb2pod migrate recordings --use-import-video --plan=ok.plan',
    );
  });
});
