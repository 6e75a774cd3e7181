import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { emptyDirectory, root } from './run-cli.js';

/* `runuser -u bbb2pod -- bbb2pod …` typed by root in /root, which is closed to the account. */
it.skipIf(process.getuid?.() !== 0).each([
  [['recorder', 'convert', `${'a'.repeat(40)}-1700000000000`, '--output', '/tmp'], 'http-unreachable'],
  [['recorder', 'convert', 'lesson.tar'], 'file-unreadable'],
  [['recorder', 'convert', '--max', '1', '--output', 'films/'], 'file-unreadable'],
  [['init'], 'file-unwritable'],
])('an account says what it may not do where it stands: %j', async (args, code) => {
  const closed = emptyDirectory();
  chmodSync(closed, 0o700);
  const state = emptyDirectory();
  chmodSync(state, 0o777);
  const { stderrTail } = await runToEnd({
    file: 'setpriv',
    args: [
      ...['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'],
      ...[process.execPath, path.join(root, 'bin/run.js'), ...args],
    ],
    cwd: closed,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: state,
      NODE_ENV: 'production',
      BBB2POD_BBB_URL: 'http://127.0.0.1:9/',
      BBB2POD_BBB_SECRET: 'x',
      BBB2POD_BBB_RETRIES: '0',
    },
    signal: new AbortController().signal,
    mustSucceed: false,
  });
  expect(stderrTail.join('\n')).toContain(`${code}: `);
});
