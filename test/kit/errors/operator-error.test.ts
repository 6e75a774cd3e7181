import { expect, it } from 'vitest';
import { asOperatorError } from '../../../src/kit/errors/operator-error.js';

const refusal = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: permission denied, stat 'films'`), { code, path });

it('tells what the system refuses to an account from a fault of ours', () => {
  expect(asOperatorError(refusal('EACCES', 'films'))).toMatchObject({
    code: 'file-unreadable',
    parameters: { path: 'films' },
    remedy: expect.stringContaining('namei -l films') as string,
  });
  // No path that an administrator could look at, or nothing that the account's rights explain.
  expect(asOperatorError(refusal('EACCES')).code).toBe('internal-fault');
  expect(asOperatorError(refusal('ENOENT', 'films')).code).toBe('internal-fault');
  expect(asOperatorError('a word').code).toBe('internal-fault');
});
