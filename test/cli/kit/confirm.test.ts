import { afterEach, expect, it, vi } from 'vitest';
import { confirm } from '../../../src/cli/kit/confirm.js';

const answers: (() => Promise<string>)[] = [];
vi.mock('node:readline/promises', () => ({
  createInterface: () => ({ question: () => answers.shift()?.(), close: () => undefined }),
}));
const terminals = [process.stdin, process.stderr] as const;
const before = terminals.map(({ isTTY }) => isTTY);
afterEach(() => terminals.forEach((terminal, i) => (terminal.isTTY = before[i] ?? false)));

it.each([
  ['yes', async () => 'oui', null],
  ['anything else', async () => 'plus tard', 'declined'],
  [
    'the end of the input, as Ctrl-D or a closed window give it',
    () => Promise.reject(Object.assign(new Error('Aborted with Ctrl+D'), { name: 'AbortError' })),
    'declined',
  ],
])('takes %s for what it is', async (_, answer, code) => {
  for (const terminal of terminals) terminal.isTTY = true;
  answers.push(answer);
  const asked = confirm('Undo it?', false);
  if (code === null) await expect(asked).resolves.toBeUndefined();
  else await expect(asked).rejects.toMatchObject({ code });
});
