import { valueOf } from '../../kit/outcome.js';
import { about, type ClusterResult, type ResultMaker } from '../check/cluster-result.js';
import type {
  ClusterTargets,
  IngestTarget,
  StreamTarget,
  StreamingTargets,
  StreamingThresholds,
} from '../check/targets.js';
import type { RtmpStream } from './facts.js';
import type { DiskFacts, IngestFacts, StreamingFacts } from './run-facts.js';
import { bytesBetween, findStream, isFlowing } from './stream-flow.js';

/** S14 to S16 and S18 to S20: where the stream comes in, and what must not be open. */
export function checkIngests(
  facts: StreamingFacts,
  targets: StreamingTargets,
  all: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  return [
    ...targets.ingests
      .filter(({ name }) => !all.maintenance.includes(name))
      .flatMap((target) => {
        const ingest = facts.ingests.find(({ name }) => name === target.name);
        return ingest === undefined ? [] : checkIngest(ingest, target, targets, make);
      }),
    ...checkExposure(facts, make),
  ];
}

function checkIngest(
  ingest: IngestFacts,
  target: IngestTarget,
  targets: StreamingTargets,
  make: ResultMaker,
): ClusterResult[] {
  const disks = target.local
    ? ingest.disks.flatMap((disk, i) =>
        checkDisk(target, target.directories[i] ?? '?', valueOf(disk), targets.thresholds, make),
      )
    : [make.notFromHere('S20', target.name, target.name)];
  return [
    ...checkReach(ingest, target, make),
    ...checkStreams(ingest, target, targets, make),
    // The lint knows nginx; who may publish to the others is in their own files.
    ...(target.server === 'nginx-rtmp'
      ? [
          make.notFromHere(
            'S19',
            target.name,
            `${target.name}: bbb2pod cluster check --file /etc/nginx/nginx.conf`,
          ),
        ]
      : []),
    ...disks,
  ];
}

/** Units of the servers, and what tests their configuration, as remedies name them. */
const UNITS: Readonly<Record<IngestTarget['server'], string>> = {
  'nginx-rtmp': 'nginx',
  mediamtx: 'mediamtx',
  ovenmediaengine: 'ovenmediaengine',
  srs: 'srs',
};

/** S14: RTMP, and SRT where it is configured. */
function checkReach(facts: IngestFacts, target: IngestTarget, make: ResultMaker): ClusterResult[] {
  return [...checkRtmp(facts, target, make), ...checkSrt(facts, target, make)];
}

function checkRtmp({ name, rtmp }: IngestFacts, target: IngestTarget, make: ResultMaker): ClusterResult[] {
  if (rtmp === null) return [];
  const { server, rtmpPort: port, application, host } = target;
  const parameters = { port, application, host, unit: UNITS[server] };
  if (!rtmp.ok) {
    const code = server === 'nginx-rtmp' ? 'S14-silent' : 'S14-server-silent';
    return [make.found(code, name, { parameters: { ...parameters, detail: rtmp.detail } })];
  }
  if (!rtmp.value.accepted) {
    const code = server === 'nginx-rtmp' ? 'S14-refused' : 'S14-application';
    return [make.found(code, name, { parameters: { ...parameters, code: rtmp.value.code } })];
  }
  return [make.good('S14', name)];
}

function checkSrt({ name, srt }: IngestFacts, target: IngestTarget, make: ResultMaker): ClusterResult[] {
  if (srt === null) return [];
  const subject = `${name}/srt`;
  if (srt.ok) return [make.good('S14', subject)];
  const parameters = {
    subject: name,
    port: target.srtPort ?? 0,
    detail: srt.detail,
    unit: UNITS[target.server],
  };
  return [make.found('S14-srt', subject, { parameters })];
}

function checkStreams(
  { name, first, second }: IngestFacts,
  target: IngestTarget,
  targets: StreamingTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (first === null)
    return [
      make.notFromHere(
        'S15',
        name,
        target.server === 'nginx-rtmp' ? name : `${name}, with api_url in cluster.toml`,
      ),
    ];
  if (!first.ok) return [make.unknown('S15', name, first.detail)];
  const earlier = first.value.streams;
  const later = valueOf(second)?.streams ?? earlier;
  return targets.streams.flatMap((stream, i) =>
    about(
      stream.name,
      checkStream(i === 0 ? name : `${name}/${stream.name}`, stream, target, { earlier, later }, make),
    ),
  );
}

/** One stream from its source to its renditions, by two samples of the bytes that came in. */
function checkStream(
  subject: string,
  { name: stream, assumed, renditions: wanted, renditionsAssumed }: StreamTarget,
  target: IngestTarget,
  { earlier, later }: { readonly earlier: readonly RtmpStream[]; readonly later: readonly RtmpStream[] },
  make: ResultMaker,
): ClusterResult[] {
  const grown = (application: string, name: string): number =>
    bytesBetween(findStream(earlier, application, name), findStream(later, application, name));
  const input = findStream(later, target.application, stream);
  const parameters = { stream, application: target.application };
  if (input?.publishing !== true)
    return [make.found(assumed ? 'S15-untested' : 'S15-absent', subject, { parameters })];
  const bytes = grown(target.application, stream);
  const source = input.publisherAddress ?? '?';
  if (!isFlowing(target.server, findStream(earlier, target.application, stream), input))
    return [make.found('S15-stalled', subject, { parameters: { ...parameters, source } })];
  const evidence = [`${stream}: +${bytes} bytes between two samples, from ${source}`];
  const results = [...judgeMedia(subject, input, target, make)];
  if (results.length === 0) results.push(make.good('S15', subject, { evidence }));
  // Nobody configured a ladder: what the transcoder makes must grow, and nothing else is missed.
  const made = wanted.filter(
    (rendition) => findStream(later, target.outputApplication, rendition)?.publishing === true,
  );
  const renditions = renditionsAssumed || target.server !== 'nginx-rtmp' ? made : wanted;
  // MediaMTX, OvenMediaEngine and SRS make renditions where no stream of their own shows: playlists tell of those.
  const elsewhere = target.server !== 'nginx-rtmp';
  if (renditionsAssumed && made.length === 0 && !elsewhere) results.push(make.found('S16-untested', subject));
  return [
    ...results,
    ...renditions.flatMap((rendition) => {
      const output = findStream(later, target.outputApplication, rendition);
      const place = `${target.name}/${rendition}`;
      const details = {
        parameters: { rendition, application: target.outputApplication, input: bytes },
        evidence: [...evidence, `${rendition}: +${grown(target.outputApplication, rendition)} bytes`],
      };
      if (output?.publishing !== true) return [make.found('S16-absent', place, details)];
      if (grown(target.outputApplication, rendition) <= 0) return [make.found('S16-stalled', place, details)];
      return [make.good('S16', place, details)];
    }),
  ];
}

function judgeMedia(
  name: string,
  stream: RtmpStream,
  { server }: IngestTarget,
  make: ResultMaker,
): ClusterResult[] {
  const results: ClusterResult[] = [];
  const { video, audio } = stream;
  // Fragmented MP4 carries H.265, AV1 and Opus too: only what nginx-rtmp makes is bound to H.264 and AAC.
  const bound = server === 'nginx-rtmp';
  if (bound && video !== null && video.codec !== 'H264')
    results.push(make.found('S15-codec', name, { parameters: { codec: video.codec, wanted: 'H264' } }));
  if (bound && audio !== null && audio.codec !== 'AAC')
    results.push(
      make.found('S15-codec', `${name}/audio`, { parameters: { codec: audio.codec, wanted: 'AAC' } }),
    );
  if (audio === null && video !== null) results.push(make.found('S15-no-sound', name));
  if (stream.avSyncMs !== null && Math.abs(stream.avSyncMs) > 1000)
    results.push(make.found('S15-sync', name, { parameters: { ms: stream.avSyncMs } }));
  return results;
}

function checkExposure(facts: StreamingFacts, make: ResultMaker): ClusterResult[] {
  return facts.balancers.flatMap(({ name, exposures }) => {
    const open = exposures.filter((exposure) => exposure.open);
    if (open.length === 0) return exposures.length === 0 ? [] : [make.good('S18', name)];
    return open.map(({ kind, path }) =>
      make.found(`S18-${kind}` as const, `${name}/${kind}`, { parameters: { path } }),
    );
  });
}

function checkDisk(
  target: IngestTarget,
  directory: string,
  disk: DiskFacts | null,
  thresholds: StreamingThresholds,
  make: ResultMaker,
): ClusterResult[] {
  const subject = `${target.name}${directory}`;
  if (disk === null) return [make.found('S20-missing', subject, { parameters: { directory } })];
  const free = disk.totalBytes === 0 ? 1 : disk.freeBytes / disk.totalBytes;
  const inodes = disk.totalInodes === 0 ? 1 : disk.freeInodes / disk.totalInodes;
  const parameters = {
    directory,
    free: Math.round(free * 100),
    gigabytes: Math.round(disk.freeBytes / 1e8) / 10,
    inodes: Math.round(inodes * 100),
  };
  const least = Math.min(free, inodes);
  const measures = [{ label: `${target.name}_free`, value: Math.round(free * 100), unit: '%' as const }];
  if (least < thresholds.freeSpaceCritical)
    return [make.found('S20-full', subject, { parameters, measures })];
  if (least < thresholds.freeSpaceWarning) return [make.found('S20-low', subject, { parameters, measures })];
  return [make.good('S20', subject, { measures })];
}
