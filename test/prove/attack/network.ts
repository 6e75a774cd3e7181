import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { runCli } from '../../e2e/run-cli.js';
import { createPod } from '../../support/pod.js';
import { publishFixture } from '../../support/presentations.js';
import { MARKER, type Attack } from './attack.js';

/* One guard for the network: a playback server that leads to what only this machine reaches. */

const ID = `${'e71'.padEnd(40, '0')}-1600000002060`;
const VIDEO = `${'e72'.padEnd(40, '0')}-1600000002061`;

interface Bench {
  readonly site: string;
  readonly folder: string;
  readonly port: number;
  readonly insidePort: number;
  /** What the private service was asked. */
  readonly asked: string[];
  /** What the evil server does instead of giving a file. */
  rule: (name: string, request: IncomingMessage, response: ServerResponse) => boolean;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    // All addresses of loopback, IPv4 and IPv6.
    server.listen(0, '::', () => resolve((server.address() as AddressInfo).port)),
  );

async function withBench(work: (bench: Bench) => Promise<string | null>): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const folder = publishFixture('classic', site, ['webcams']);
  const asked: string[] = [];
  const inside = createServer((request, response) => {
    asked.push(
      `${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''} ${JSON.stringify(request.headers)}`,
    );
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(`${MARKER}\n`);
  });
  const insidePort = await listen(inside);
  const evil = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    if (bench.rule(name, request, response)) return;
    const file = path.join(folder, name.split(`/presentation/${ID}/`)[1] ?? 'nothing');
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (isFile)
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(file));
    else if (name.startsWith('/playback'))
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
    else response.writeHead(404).end();
  });
  const port = await listen(evil);
  const bench: Bench = { site, folder, port, insidePort, asked, rule: () => false };
  try {
    return await work(bench);
  } finally {
    for (const server of [inside, evil]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(site, { recursive: true, force: true });
  }
}

/** Nothing of the private service may have been asked, nor come out. */
function judge({ site, asked }: Bench, said: string, more: readonly string[] = []): string | null {
  if (asked.length > 0) return `the private service was asked: ${asked[0] ?? ''}`.slice(0, 300);
  if (said.includes(MARKER)) return 'the private text was printed';
  if (said.includes('internal-fault')) return said.slice(0, 300);
  if (!said.includes('"type":"item"')) return `the proof is blind: ${said}`.slice(0, 300);
  const out = path.join(site, 'out');
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(out, name);
    if (statSync(file).isFile() && readFileSync(file, 'latin1').includes(MARKER)) return `${name} holds it`;
  }
  return more[0] ?? null;
}

/** Every spelling of this machine's inside. */
const places = (port: number): Readonly<Record<string, string>> => ({
  '127.0.0.1': `http://127.0.0.1:${port}/x`,
  localhost: `http://localhost:${port}/x`,
  'LOCALHOST.': `http://LOCALHOST.:${port}/x`,
  'a number': `http://2130706433:${port}/x`,
  octal: `http://0177.0.0.1:${port}/x`,
  hexadecimal: `http://0x7f.1:${port}/x`,
  'a short form': `http://127.1:${port}/x`,
  zero: `http://0.0.0.0:${port}/x`,
  IPv6: `http://[::1]:${port}/x`,
  'the unspecified IPv6': `http://[::]:${port}/x`,
  'mapped IPv4': `http://[::ffff:127.0.0.1]:${port}/x`,
  'mapped in hexadecimal': `http://[::ffff:7f00:1]:${port}/x`,
  NAT64: `http://[64:ff9b::7f00:1]:${port}/x`,
  '6to4': `http://[2002:7f00:1::]:${port}/x`,
  'another loopback': `http://127.9.9.9:${port}/x`,
  'with a user': `http://bbb.univ.fr@127.0.0.1:${port}/x`,
  'metadata of a cloud': 'http://169.254.169.254/latest/meta-data/',
});

const convert = async ({ site, port }: Bench, ...more: string[]): Promise<string> => {
  mkdirSync(path.join(site, 'out'), { recursive: true });
  const { status, stdout, stderr } = await runCli(
    [
      ...['recorder', 'convert', `http://127.0.0.1:${port}/playback/presentation/2.3/${ID}`, '--untrusted'],
      ...['--output', path.join(site, 'out/film.mp4'), '--to', '1', '--size', '640x360', '--json', ...more],
    ],
    { cwd: site, env: { BBB2POD_ALLOW_HOSTS: `127.0.0.1:${port}` } },
  );
  return `${String(status)} ${stdout}${stderr}`;
};

const FILES =
  /shapes\.svg$|slide-\d+\.png$|webcams\.(?:webm|mp4)$|metadata\.xml$|cursor\.xml$|\.vtt$|\/playback\//;

const redirects: Attack[] = Object.entries(places(0)).map(([name]) => ({
  name: `every file redirected to ${name}`,
  run: () =>
    withBench(async (bench) => {
      const target = places(bench.insidePort)[name] ?? '';
      bench.rule = (file, _, response) => {
        if (!FILES.test(file)) return false;
        response.writeHead(302, { location: target }).end();
        return true;
      };
      return judge(bench, await convert(bench));
    }),
}));

const hops: Attack = {
  name: 'redirected by way of itself, at the second hop',
  run: () =>
    withBench(async (bench) => {
      bench.rule = (file, request, response) => {
        if (!FILES.test(file)) return false;
        const next = (request.url ?? '').includes('hop')
          ? `http://localhost:${bench.insidePort}/x`
          : `${request.url ?? ''}?hop`;
        response.writeHead(302, { location: next }).end();
        return true;
      };
      return judge(bench, await convert(bench));
    }),
};

const player: Attack = {
  name: 'a player page that loads, fetches and frames the inside',
  run: () =>
    withBench(async (bench) => {
      const urls = Object.values(places(bench.insidePort));
      const page = `<html><body>${urls
        .map(
          (url) =>
            `<img src="${url}"><iframe src="${url}"></iframe><link rel="preconnect" href="${url}"><script src="${url}"></script><video src="${url}"></video>`,
        )
        .join(
          '',
        )}<script>for (const u of ${JSON.stringify(urls)}) { fetch(u,{mode:'no-cors'}); new WebSocket(u.replace('http','ws')); navigator.sendBeacon(u,'x'); } location.href=${JSON.stringify(urls[0])};</script></body></html>`;
      bench.rule = (file, _, response) => {
        if (!file.startsWith('/playback')) return false;
        response.writeHead(200, { 'content-type': 'text/html' }).end(page);
        return true;
      };
      writeFileSync(path.join(bench.site, 'bbb2pod.toml'), '[recorder]\npage_timeout = 8\n');
      return judge(bench, await convert(bench, '--engine', 'player'));
    }),
};

const session: Attack = {
  name: 'headers and cookies of the operator, asked for by another server',
  run: () =>
    withBench(async (bench) => {
      const { site } = bench;
      writeFileSync(path.join(site, 'headers.txt'), `X-Secret: ${MARKER}\nAuthorization: Bearer ${MARKER}\n`);
      writeFileSync(
        path.join(site, 'cookies.txt'),
        `# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t${MARKER}\n`,
      );
      const given: string[] = [];
      bench.rule = (file, request, response) => {
        if (JSON.stringify(request.headers).includes(MARKER)) given.push(file);
        if (!/slide-\d+\.png$|webcams/.test(file)) return false;
        response
          .writeHead(307, { location: `http://127.0.0.1:${bench.insidePort}${request.url ?? ''}` })
          .end();
        return true;
      };
      mkdirSync(path.join(site, 'out'));
      await runCli(
        [
          ...['recorder', 'convert', `http://127.0.0.1:${bench.port}/playback/presentation/2.3/${ID}`],
          ...['--header-file', 'headers.txt', '--cookie-file', 'cookies.txt', '--output', 'out/film.mp4'],
          ...['--to', '1', '--size', '640x360', '--json'],
        ],
        // The operator lets files come from there; what was given for the first server is not for it.
        { cwd: site, env: { BBB2POD_ALLOW_HOSTS: `127.0.0.1:${bench.insidePort}` } },
      );
      if (given.length === 0) return 'the proof is blind: the server itself got no header';
      return bench.asked.some((line) => line.includes(MARKER)) ? 'another server got them' : null;
    }),
};

/** A claim of a video whose page names the inside, and a listing whose links do. */
const claims = (name: string, links: (bench: Bench) => string, page: (bench: Bench) => string): Attack => ({
  name,
  run: () =>
    withBench(async (bench) => {
      const { site, port } = bench;
      const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
      try {
        for (const folder of ['ftp/bbb', 'out']) mkdirSync(path.join(site, folder), { recursive: true });
        bench.rule = (file, _, response) => {
          const api = /\/getRecordings$/.test(file);
          if (!api && !file.startsWith('/playback/video') && !file.startsWith('/evil')) return false;
          const list = `<response><returncode>SUCCESS</returncode><recordings><recording><recordID>${VIDEO}</recordID><meetingID>m</meetingID><name>x</name><published>true</published><state>published</state><startTime>1600000002061</startTime><endTime>1600000062061</endTime><playback><format><type>video</type><url>${links(bench)}</url><length>1</length></format></playback></recording></recordings></response>`;
          if (api) response.writeHead(200, { 'content-type': 'text/xml' }).end(list);
          else response.writeHead(200, { 'content-type': 'text/html' }).end(page(bench));
          return true;
        };
        writeFileSync(
          path.join(site, 'bbb2pod.toml'),
          `state_dir = "${site}/state"\n[bbb]\nurl = "http://127.0.0.1:${port}"\nsecret = "s"\nretries = 0\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${site}/ftp/"\n`,
        );
        const { stdout, stderr } = await runCli(['migrate', 'recordings', '--use-manual-claim', '--json'], {
          cwd: site,
        });
        cpSync(path.join(site, 'ftp'), path.join(site, 'out/ftp'), { recursive: true });
        if (!stdout.includes(VIDEO)) return `the proof is blind: ${stdout}${stderr}`.slice(0, 300);
        return judge(bench, `${stdout}${stderr}`);
      } finally {
        await pod.drop();
      }
    }),
});

export const attacks: readonly Attack[] = [
  ...redirects,
  hops,
  player,
  session,
  claims(
    'a video page whose source is inside',
    ({ port }) => `http://127.0.0.1:${port}/playback/video/${VIDEO}/`,
    ({ insidePort }) => `<video><source src="http://localhost:${insidePort}/video-0.mp4"></video>`,
  ),
  claims(
    'a listing whose links are inside',
    ({ insidePort }) => `http://localhost:${insidePort}/playback/video/${VIDEO}/video-0.mp4`,
    () => '',
  ),
  claims(
    'a video page with a local file for source',
    ({ port }) => `http://127.0.0.1:${port}/playback/video/${VIDEO}/`,
    () => '<video><source src="file:///etc/passwd.mp4"><source src="/evil.mp4"></video>',
  ),
];
