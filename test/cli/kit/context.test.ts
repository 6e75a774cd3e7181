import { expect, it } from 'vitest';
import { Context } from '../../../src/cli/kit/context.js';

it('closes what stands behind a failure, and tells the first one', async () => {
  const context = new Context({
    configFile: undefined,
    configurationRequired: false,
    logLevel: undefined,
    logFile: undefined,
    signal: new AbortController().signal,
  });
  const closed: string[] = [];
  context.closeWith(() => void closed.push('first'));
  context.closeWith(() => Promise.reject(new Error('stuck')));
  context.closeWith(() => void closed.push('last'));
  await expect(context.close()).rejects.toThrow('stuck');
  expect(closed).toEqual(['last', 'first']);
});
