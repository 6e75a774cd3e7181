import { expect, it } from 'vitest';
import { missingKey } from '../../../src/cli/kit/missing-key.js';

const context = { loaded: { file: '/etc/bbb2pod/bbb2pod.toml' } } as Parameters<typeof missingKey>[0];

it('names a section as it must be typed: a name with dots is quoted', () => {
  const textOf = (section: string) => missingKey(context, section, 'url').message;
  expect(textOf('bbb.default')).toContain('[bbb] url');
  expect(textOf('bbb.old')).toContain('[bbb.old] url');
  expect(textOf('bbb.bbb.univ.example')).toContain('[bbb."bbb.univ.example"] url');
});
