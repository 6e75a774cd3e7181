import { startChild } from '../../../src/kit/adapters/process/start-child.js';
import { runToEnd } from '../../../src/kit/adapters/process/run-to-end.js';
import { freePort } from './free-port.js';
import { until } from './bench.js';

/** A real Redis on loopback, without persistence. */
export async function startRedis(
  directory: string,
): Promise<{ url: string; cli: (...args: string[]) => Promise<string>; stop: () => Promise<unknown> }> {
  const port = await freePort();
  const child = await startChild({
    file: 'redis-server',
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      directory,
    ],
    diesWithParent: true,
  });
  const cli = async (...args: string[]): Promise<string> =>
    (await runToEnd({ file: 'redis-cli', args: ['-p', String(port), ...args], mustSucceed: false })).stdout
      .toString()
      .trim();
  await until('Redis answers', async () => (await cli('ping')) === 'PONG');
  return { url: `redis://127.0.0.1:${port}/0`, cli, stop: () => child.stop() };
}
