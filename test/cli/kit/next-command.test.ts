import { describe, expect, it } from 'vitest';
import { nextCommand, typedForPlan, typedForReal } from '../../../src/cli/kit/next-command.js';

describe('a next command', () => {
  it('names the configuration again, as a shell takes it', () => {
    expect(nextCommand({ configFlag: undefined }, 'migrate', 'undo', 'R1')).toBe('bbb2pod migrate undo R1');
    expect(nextCommand({ configFlag: '/etc/my pod.toml' }, 'migrate', 'undo', 'R1')).toBe(
      "bbb2pod migrate undo R1 --config '/etc/my pod.toml'",
    );
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
