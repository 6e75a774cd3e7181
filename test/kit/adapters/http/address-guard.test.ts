import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardAddresses, type GuardSettings } from '../../../../src/kit/adapters/http/address-guard.js';
import { HttpFailure } from '../../../../src/kit/adapters/http/http-failure.js';
import { addressKind } from '../../../../src/kit/adapters/http/address-kind.js';
import { CookieJar } from '../../../../src/kit/adapters/http/cookie-jar.js';
import { openHttp } from '../../../../src/kit/adapters/http/open-http.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Asked {
  readonly url: string;
  readonly cookie: string | undefined;
  readonly secret: string | undefined;
}

/** A server on loopback that notes what it is asked; it redirects where it is told. */
async function serve(location?: () => string): Promise<{ origin: string; port: number; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, cookie: headers.cookie, secret: headers['x-secret']?.toString() });
    if (location === undefined) response.end('marker-of-the-inside');
    else response.writeHead(302, { location: location() }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, asked };
}

const ask = async (url: string, settings: GuardSettings): Promise<string> => {
  const http = openHttp({ guard: guardAddresses(settings), retries: 0, environment: {} });
  try {
    return (await http.readText({ url })).text;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await http.close();
  }
};

describe('addressKind', () => {
  it.each([
    [
      'loopback',
      '127.0.0.1 127.255.255.254 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 2002:7f00:1::',
    ],
    ['loopback', '::ffff:0:127.0.0.1 ::127.0.0.1'],
    [
      'internal',
      '0.0.0.0 0.1.2.3 168.63.129.16 :: 169.254.169.254 fe80::1 fe80::1%eth0 224.0.0.1 255.255.255.255 ff02::1',
    ],
    ['internal', '::ffff:169.254.169.254 64:ff9b::a9fe:a9fe ::ffff:0.0.0.0 fec0::1 nonsense'],
    ['private', '10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 198.18.0.1 192.0.2.1 fd00::1'],
    ['private', '::ffff:10.1.2.3 64:ff9b::a00:1 2002:a00:1:: 2001:db8::1 2001::1 64:ff9b:1::1'],
    [
      'public',
      '193.51.208.13 172.32.0.1 100.128.0.1 2001:660:3001::1 ::ffff:193.51.208.13 64:ff9b::c133:d00d',
    ],
  ] as const)('%s: %s', (kind, addresses) => {
    for (const address of addresses.split(' '))
      expect([address, addressKind(address)]).toEqual([address, kind]);
  });
});

describe('guardAddresses', () => {
  it('reaches a configured origin on loopback, and no other port of it', async () => {
    const bbb = await serve();
    const other = await serve();
    const settings = { origins: [`${bbb.origin}/bigbluebutton/api`] };
    expect(await ask(`${bbb.origin}/a`, settings)).toBe('marker-of-the-inside');
    expect(await ask(`${other.origin}/a`, settings)).toBe('http-address-refused');
    expect(other.asked).toEqual([]);
  });

  it('judges every redirect', async () => {
    const inside = await serve();
    const bbb = await serve(() => `${inside.origin}/latest/meta-data/`);
    expect(await ask(bbb.origin, { origins: [bbb.origin] })).toBe('http-address-refused');
    expect(inside.asked).toEqual([]);
  });

  it('knows loopback in every spelling', async () => {
    const { port, asked } = await serve();
    const spellings = [
      '127.1',
      '0x7f.1',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '[::1]',
      'localhost',
      'LOCALHOST.',
    ];
    for (const host of [...spellings, '0.0.0.0', '[::]', '[64:ff9b::7f00:1]', '017700000001'])
      expect([host, await ask(`http://${host}:${port}/`, {})]).toEqual([host, 'http-address-refused']);
    expect(asked).toEqual([]);
  });

  it('judges what a name leads to, all of it', async () => {
    const { port, asked } = await serve();
    const resolving =
      (...addresses: string[]) =>
      async () =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    for (const addresses of [['127.0.0.1'], ['193.51.208.13', '10.0.0.1'], ['::ffff:127.0.0.1'], ['fe80::1']])
      expect(await ask(`http://evil.univ.fr:${port}/`, { resolve: resolving(...addresses) })).toBe(
        'http-address-refused',
      );
    expect(asked).toEqual([]);
  });

  it('connects to the address it judged, whatever the name says the second time', async () => {
    const { port, asked } = await serve();
    let calls = 0;
    const resolve = async () => [{ address: calls++ === 0 ? '127.0.0.1' : '10.255.255.1', family: 4 }];
    const url = `http://bbb.univ.fr:${port}/`;
    expect(await ask(url, { origins: [url], resolve })).toBe('marker-of-the-inside');
    expect([calls, asked.length]).toEqual([1, 1]);
  });

  it('lets private networks to the hosts of the configuration and to allow_hosts alone', async () => {
    const at = (settings: GuardSettings, host: string) => async () =>
      guardAddresses({ ...settings, resolve: async () => [{ address: '10.1.2.3', family: 4 }] })
        .resolve(new URL(`https://${host}/`))
        .then(
          () => true,
          () => false,
        );
    const settings = {
      origins: ['https://bbb.univ.fr/'],
      hosts: ['https://pod.univ.fr'],
      allowHosts: ['cdn.univ.fr'],
    };
    for (const host of ['bbb.univ.fr', 'bbb.univ.fr:8443', 'pod.univ.fr', 'cdn.univ.fr'])
      expect([host, await at(settings, host)()]).toEqual([host, true]);
    expect(await at(settings, 'intranet.univ.fr')()).toBe(false);
  });

  it('does not take a name of allow_hosts for this machine', async () => {
    const { port, asked } = await serve();
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const url = `http://cdn.univ.fr:${port}/`;
    expect(await ask(url, { allowHosts: ['cdn.univ.fr'], resolve })).toBe('http-address-refused');
    expect(await ask(url, { allowHosts: [`cdn.univ.fr:${port}`], resolve })).toBe('marker-of-the-inside');
    expect(asked).toHaveLength(1);
  });

  it('judges behind a proxy too', async () => {
    const proxy = await serve();
    const http = openHttp({ retries: 0, environment: { HTTP_PROXY: proxy.origin } });
    const codeOf = (url: string) =>
      http.readText({ url }).then(String, (error: unknown) => (error as { code: string }).code);
    expect(await codeOf('http://169.254.169.254/latest/meta-data/')).toBe('http-address-refused');
    expect(await codeOf('http://10.0.0.1/')).toBe('http-address-refused');
    expect(proxy.asked).toEqual([]);
    await http.close();
  });
});

describe('what the operator gave', () => {
  it('goes to its origin and not where that redirects to', async () => {
    const other = await serve();
    const bbb = await serve(() => `${other.origin}/`);
    const http = openHttp({
      guard: guardAddresses({ origins: [bbb.origin, other.origin] }),
      retries: 0,
      environment: {},
    });
    const cookies = new CookieJar();
    cookies.add({ name: 'session', value: 'marker-cookie', domain: '127.0.0.1', origins: [bbb.origin] });
    await http.readText({ url: bbb.origin, cookies, headers: { 'x-secret': 'marker-header' } });
    await http.close();
    expect(bbb.asked).toMatchObject([{ cookie: 'session=marker-cookie', secret: 'marker-header' }]);
    expect(other.asked).toMatchObject([{ cookie: undefined, secret: undefined }]);
  });

  it('keeps cookies of one port of this machine from another, and of an address to itself', () => {
    const cookies = new CookieJar();
    cookies.store(new URL('http://127.0.0.1:8080/a'), ['s=1; Path=/']);
    cookies.store(new URL('http://10.0.0.1/a'), ['t=1; Path=/; Domain=0.0.1']);
    expect(cookies.header(new URL('http://127.0.0.1:8080/b'))).toBe('s=1');
    expect(cookies.header(new URL('http://127.0.0.1:9090/b'))).toBeNull();
    expect(cookies.header(new URL('http://11.0.0.1/b'))).toBeNull();
  });
});

it('shows no address that a shell would act on: remedies are commands', () => {
  const failure = new HttpFailure(
    'http-status',
    { url: "http://evil.example/$(reboot);x|y'`z`&w", status: 500 },
    { retryable: false },
  );
  expect(failure.remedy).toBe(
    'Look at it: curl -I http://evil.example/%24%28reboot%29%3Bx%7Cy%27%60z%60%26w',
  );
});
