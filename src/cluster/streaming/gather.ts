import type { Outcome } from '../../kit/outcome.js';
import type { BalancerTarget, IngestTarget, StreamingTargets } from '../check/targets.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { RtmpStatFacts, RtmpStream } from './facts.js';
import { gatherBroadcast } from './gather-broadcast.js';
import type { StreamingPorts } from './ports.js';
import { findStream, isFlowing } from './stream-flow.js';
import type {
  BalancerFacts,
  ExposureFacts,
  IngestFacts,
  StickinessFacts,
  StreamingFacts,
} from './run-facts.js';

/** Two samples of the bytes received stand that far apart: nginx-rtmp's own rates lie for 10 s. */
const SAMPLE_MS = 1200;
const STALLED_MS = 3500;
const REQUESTS_WITHOUT_COOKIE = 4;
const REQUESTS_WITH_COOKIE = 5;

/** Looks at the whole streaming cluster, all nodes side by side. Reads only. */
export async function gatherStreaming(
  targets: StreamingTargets,
  ports: StreamingPorts,
): Promise<StreamingFacts> {
  const [balancers, broadcasts, ingests, publicAddresses] = await Promise.all([
    Promise.all(targets.balancers.map((balancer) => gatherBalancer(balancer, targets, ports))),
    Promise.all(
      targets.broadcasts.flatMap((broadcast, i) =>
        targets.streams.map((stream) =>
          gatherBroadcast(broadcast, stream, ports, {
            lateTargets: targets.thresholds.playlistWarning,
            decode: i === 0,
            named: namedPlaces(targets),
          }),
        ),
      ),
    ),
    Promise.all(
      targets.ingests.map((ingest) =>
        gatherIngest(
          ingest,
          targets.streams.map(({ name }) => name),
          ports,
        ),
      ),
    ),
    targets.publicUrl === null ? null : ports.addresses(new URL(targets.publicUrl).hostname),
  ]);
  return { at: ports.now(), balancers, broadcasts, ingests, publicAddresses };
}

/** Where the inventory says that media are: the front by its name, each balancer, each node by both its names. */
function namedPlaces({ publicUrl, balancers, broadcasts }: StreamingTargets): string[] {
  const both = (host: string): string[] => [`http://${host}`, `https://${host}`];
  return [
    ...(publicUrl === null ? [] : both(new URL(publicUrl).host)),
    ...balancers.flatMap(({ host, httpPort, httpsPort }) => {
      const name = host.includes(':') ? `[${host}]` : host;
      return [
        ...(httpPort === null ? [] : [`http://${name}:${httpPort}`]),
        ...(httpsPort === null ? [] : [`https://${name}:${httpsPort}`]),
      ];
    }),
    ...broadcasts.flatMap(({ url, publicName }) => [url, ...(publicName === null ? [] : both(publicName))]),
  ];
}

async function gatherBalancer(
  balancer: BalancerTarget,
  targets: StreamingTargets,
  ports: StreamingPorts,
): Promise<BalancerFacts> {
  const name = targets.publicUrl === null ? balancer.host : new URL(targets.publicUrl).hostname;
  const ask = async (scheme: 'http' | 'https', port: number | null, path: string, headers = {}) =>
    port === null
      ? null
      : ports.web({
          url: `${scheme}://${name}${path}`,
          headers,
          connectTo: { host: balancer.host, port },
        });
  const { httpPort, httpsPort } = balancer;
  const [http, https, certificate, stickiness, statistics, exposures] = await Promise.all([
    ask('http', httpPort, targets.frontPath),
    ask('https', httpsPort, targets.frontPath),
    httpsPort === null
      ? null
      : ports.certificate({ host: balancer.host, port: httpsPort, name, authorities: targets.authorities }),
    gatherStickiness((headers) =>
      httpsPort === null
        ? ask('http', httpPort, targets.frontPath, headers)
        : ask('https', httpsPort, targets.frontPath, headers),
    ),
    balancer.statistics === null ? null : ports.haproxyStatistics(balancer.statistics),
    gatherExposures(balancer, ports, (path) =>
      httpsPort === null ? ask('http', httpPort, path) : ask('https', httpsPort, path),
    ),
  ]);
  return { name: balancer.name, http, https, certificate, stickiness, statistics, exposures };
}

type Ask = (headers: Record<string, string>) => Promise<Outcome<WebAnswer> | null>;

/** A cookie is set once and keeps its node: asked without it, then with it. */
async function gatherStickiness(ask: Ask): Promise<StickinessFacts | null> {
  const without = await Promise.all(Array.from({ length: REQUESTS_WITHOUT_COOKIE }, () => ask({})));
  const answers = without.flatMap((outcome) =>
    outcome?.ok === true && outcome.value.status < 400 ? [outcome.value] : [],
  );
  const [first] = answers;
  if (first === undefined) return null;
  const cookie = /^([^=;\s]+=[^;\s]+)/.exec(first.headers['set-cookie'] ?? '')?.[1] ?? null;
  const nodesWithout = answers.map(nodeOf);
  if (cookie === null) return { cookie, nodesWithCookie: [], nodesWithout };
  const kept = await Promise.all(Array.from({ length: REQUESTS_WITH_COOKIE }, () => ask({ cookie })));
  const nodesWithCookie = kept.flatMap((outcome) => (outcome?.ok === true ? [nodeOf(outcome.value)] : []));
  return { cookie, nodesWithCookie: [nodeOf(first), ...nodesWithCookie], nodesWithout };
}

const nodeOf = ({ headers }: WebAnswer): string => headers['x-node'] ?? '?';

/** Pages that must not be open to everybody, asked through the public front without credentials. */
async function gatherExposures(
  balancer: BalancerTarget,
  ports: StreamingPorts,
  ask: (path: string) => Promise<Outcome<WebAnswer> | null>,
): Promise<ExposureFacts[]> {
  const says = async (
    path: string,
    kind: ExposureFacts['kind'],
    telling: RegExp,
  ): Promise<ExposureFacts | null> => {
    const outcome = await ask(path);
    if (outcome?.ok !== true) return null;
    const open = outcome.value.status === 200 && telling.test(outcome.value.body.toString('latin1'));
    return { path, kind, open };
  };
  const found = await Promise.all([
    says('/stat', 'rtmp-stat', /<rtmp>/),
    says('/control/', 'control', /rtmp|control/i),
    // The APIs of MediaMTX and SRS, passed on by a front that passes everything on.
    says('/v3/paths/list', 'api', /"itemCount"|"pageCount"/),
    says('/api/v1/streams/', 'api', /"streams"\s*:/),
    says('/haproxy?stats', 'statistics', /HAProxy/i),
    tryDefaultPassword(balancer, ports),
  ]);
  return found.filter((exposure) => exposure !== null);
}

/** The streaming-cluster repository ships admin:admin; whoever installs it forgets to change it. */
async function tryDefaultPassword(
  { statistics }: BalancerTarget,
  ports: StreamingPorts,
): Promise<ExposureFacts | null> {
  if (statistics?.kind !== 'csv') return null;
  const authorization = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
  const [bare, known] = await Promise.all([
    ports.web({ url: statistics.url }),
    ports.web({ url: statistics.url, headers: { authorization } }),
  ]);
  if (!bare.ok || !known.ok) return null;
  if (bare.value.status === 200) return { path: statistics.url, kind: 'statistics', open: true };
  return { path: statistics.url, kind: 'default-password', open: known.value.status === 200 };
}

async function gatherIngest(
  ingest: IngestTarget,
  streams: readonly string[],
  ports: StreamingPorts,
): Promise<IngestFacts> {
  const { host, rtmpPort: port, application, srtPort } = ingest;
  const [rtmp, srt, samples, disks] = await Promise.all([
    ingest.rtmp ? ports.rtmpConnect({ host, port, application }) : null,
    srtPort === null ? null : ports.srt(host, srtPort),
    gatherSamples(ingest, streams, ports),
    ingest.local ? Promise.all(ingest.directories.map((directory) => ports.disk(directory))) : [],
  ]);
  return { name: ingest.name, rtmp, srt, first: samples?.[0] ?? null, second: samples?.[1] ?? null, disks };
}

async function gatherSamples(
  { server, statisticsUrl: url, application, credentials }: IngestTarget,
  streams: readonly string[],
  ports: StreamingPorts,
): Promise<[Outcome<RtmpStatFacts>, Outcome<RtmpStatFacts> | null] | null> {
  if (url === null) return null;
  const request = { server, url, application, streams, authorization: credentials?.reveal() ?? null };
  const first = await ports.ingestStatistics(request);
  if (!first.ok) return [first, null];
  await ports.pause(SAMPLE_MS);
  const second = await ports.ingestStatistics(request);
  const stands = (stream: RtmpStream): boolean =>
    stream.publishing &&
    stream.application === application &&
    streams.includes(stream.name) &&
    !isFlowing(server, findStream(first.value.streams, application, stream.name), stream);
  if (!second.ok || !second.value.streams.some(stands)) return [first, second];
  // Sources send in bursts (ffmpeg 7 through its fifo, anything on a busy machine): stalled is what stays so.
  await ports.pause(STALLED_MS);
  const third = await ports.ingestStatistics(request);
  return [first, third.ok ? third : second];
}
