import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../../src/kit/adapters/network/free-ports.js';

/** What another process hears that asks for the datagram port, by which a number is kept. */
const bindElsewhere = (port: number): string =>
  spawnSync(
    process.execPath,
    [
      '-e',
      `const socket = require('node:dgram').createSocket('udp4');
       socket.once('error', ({ code }) => { console.log(code); socket.close(); });
       socket.bind({ port: ${port}, address: '127.77.0.1' }, () => { console.log('free'); socket.close(); });`,
    ],
    { encoding: 'utf8' },
  ).stdout.trim();

describe('freePorts', () => {
  it('gives as many different ports as asked, on which a server can listen, of all addresses too', async () => {
    const ports = await freePorts(3);
    expect(new Set(ports).size).toBe(3);
    for (const [index, port] of ports.entries()) {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, index === 0 ? '0.0.0.0' : '127.0.0.1', resolve);
      });
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('keeps what it gave from other processes', async () => {
    const [port = 0] = await freePorts(1);
    expect(bindElsewhere(port)).toBe('EADDRINUSE');
  });
});
