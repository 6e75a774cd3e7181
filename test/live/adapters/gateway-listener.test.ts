import { afterEach, expect, it } from 'vitest';
import { listen, type Listener } from '../../../src/live/adapters/gateway-listener.js';
import type { GatewayRequest } from '../../../src/live/gateway.js';

const listeners: Listener[] = [];
afterEach(async () => {
  for (const each of listeners.splice(0)) await each.close();
});

async function serve(answer: (request: GatewayRequest) => { status: number; body: object }) {
  const failures: unknown[] = [];
  const listener = await listen({
    ...{ host: '127.0.0.1', port: 0, allows: () => true },
    onFailure: (error) => failures.push(error),
    answer: (request) => ({ ...answer(request), body: { status: 'success' } }),
  });
  listeners.push(listener);
  return { url: `http://127.0.0.1:${listener.port}`, failures };
}

it('outlives an order that cannot be kept', async () => {
  const full = new Error('ENOSPC: no space left on device');
  let isFull = true;
  const { url, failures } = await serve(() => {
    if (isFull) throw full;
    return { status: 200, body: {} };
  });
  const refused = await fetch(`${url}/start?room=abcd`);
  expect(refused.status).toBe(500);
  // Nothing of this machine is told to whoever asks.
  expect(await refused.text()).not.toContain('ENOSPC');
  expect(failures).toEqual([full]);
  isFull = false;
  expect((await fetch(`${url}/start?room=abcd`)).status).toBe(200);
});

it('answers bodies without measure and addresses that are none', async () => {
  const seen: GatewayRequest[] = [];
  const { url } = await serve((request) => {
    seen.push(request);
    return { status: 200, body: {} };
  });
  const large = await fetch(`${url}/chat`, { method: 'POST', body: 'x'.repeat(2_000_000) });
  expect(large.status).toBe(413);
  expect((await fetch(`${url}/%00/..%2f..%2fetc?room=%ff%00&room=__proto__`)).status).toBe(200);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.query.get('room')).toBe('__proto__');
});
