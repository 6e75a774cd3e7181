import { checkAgreement, mediaOf } from './check-agreement.js';
import { about, type ClusterResult, type ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets, StreamingTargets, StreamingThresholds } from '../check/targets.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { MediaPlaylistFacts } from './facts.js';
import type { BroadcastFacts, RenditionFacts, StreamingFacts } from './run-facts.js';

/** Sequence numbers of the previous run, by `node/rendition`. */
export type PreviousSequences = Readonly<Record<string, number>>;

/** S08 to S13 and S17: what viewers get from each node. */
export function checkPlaylists(
  facts: StreamingFacts,
  targets: StreamingTargets,
  all: ClusterTargets,
  previous: PreviousSequences,
  make: ResultMaker,
): ClusterResult[] {
  const away = (name: string): boolean => all.maintenance.includes(name);
  return [
    ...facts.broadcasts
      .filter(({ name }) => !away(name))
      .flatMap((broadcast) => checkStream(broadcast, targets, previous, make)),
    ...checkAgreement(facts, targets.thresholds, away, make),
  ];
}

/** What one node serves of one stream. The first stream's results carry the node's name alone. */
function checkStream(
  broadcast: BroadcastFacts,
  targets: StreamingTargets,
  previous: PreviousSequences,
  make: ResultMaker,
): ClusterResult[] {
  const { name, master, stream, renditions } = broadcast;
  const first = targets.streams[0]?.name === stream;
  // A node that does not answer is silent once, not once per stream.
  if (!master.ok)
    return first ? [make.found('S08-silent', name, { parameters: { detail: master.detail } })] : [];
  const subject = first ? name : `${name}/${stream}`;
  return about(stream, [
    ...checkMaster(subject, master.value, broadcast, make),
    ...renditions.flatMap((rendition) => [
      ...checkFreshness(broadcast, rendition, targets.thresholds, make),
      ...checkSanity(broadcast, rendition, previous, make),
      ...checkSegments(broadcast, rendition, make),
    ]),
    ...checkLadder(subject, broadcast, targets, make),
  ]);
}

function checkMaster(
  subject: string,
  { status, headers, url }: WebAnswer,
  { name, stream, playlist }: BroadcastFacts,
  make: ResultMaker,
): ClusterResult[] {
  if (status !== 200) return [make.found('S08-error', subject, { parameters: { status, url } })];
  if (playlist?.kind === 'invalid')
    return [make.found('S10-invalid', `${name}/${stream}`, { parameters: { reason: playlist.reason } })];
  const results: ClusterResult[] = [];
  const type = headers['content-type'] ?? 'none';
  if (!/mpegurl/i.test(type)) results.push(make.found('S08-type', subject, { parameters: { type } }));
  if ((headers['access-control-allow-origin'] ?? '') === '') results.push(make.found('S08-cors', subject));
  if (!/no-cache|no-store|max-age=[0-3]\b/i.test(headers['cache-control'] ?? ''))
    results.push(
      make.found('S08-cache', subject, { parameters: { value: headers['cache-control'] ?? 'none' } }),
    );
  return results.length === 0 ? [make.good('S08', subject)] : results;
}

function checkFreshness(
  { name: node }: BroadcastFacts,
  { name, first, second }: RenditionFacts,
  { playlistWarning, playlistCritical }: StreamingThresholds,
  make: ResultMaker,
): ClusterResult[] {
  const subject = `${node}/${name}`;
  const media = mediaOf(first);
  if (media === null) return [];
  const last = second ?? first;
  const age = last.ageSeconds;
  if (age === null)
    return [make.unknown('S09', subject, 'no Date or no Last-Modified header (a proxy removes it)')];
  const target = media.targetDurationSeconds;
  const measures = [
    {
      label: `hls_age_${node}_${name}`,
      value: age,
      unit: 's' as const,
      warning: target * playlistWarning,
      critical: target * playlistCritical,
    },
  ];
  const moved = second !== null && mediaOf(second)?.sequence !== media.sequence;
  const parameters = { age: Math.round(age), target };
  const evidence = [`age ${age} s, target ${target} s, media sequence ${media.sequence}`];
  if (age > target * playlistCritical && !moved)
    return [make.found('S09-frozen', subject, { parameters, measures, evidence })];
  if (age > target * playlistWarning && !moved && age > target + 2)
    return [make.found('S09-late', subject, { parameters, measures, evidence })];
  return [make.good('S09', subject, { measures, evidence })];
}

function checkSanity(
  { name: node }: BroadcastFacts,
  { name, first }: RenditionFacts,
  previous: PreviousSequences,
  make: ResultMaker,
): ClusterResult[] {
  const subject = `${node}/${name}`;
  const { answer, playlist } = first;
  if (!answer.ok) return [make.found('S10-missing', subject, { parameters: { detail: answer.detail } })];
  if (answer.value.status !== 200)
    return [make.found('S10-missing', subject, { parameters: { detail: `HTTP ${answer.value.status}` } })];
  if (playlist?.kind !== 'media') {
    const reason = playlist?.kind === 'invalid' ? playlist.reason : 'it is a master playlist';
    return [make.found('S10-invalid', subject, { parameters: { reason } })];
  }
  const results = judgeMedia(subject, playlist.playlist, make);
  const before = previous[subject];
  if (before !== undefined && playlist.playlist.sequence < before)
    results.push(
      make.found('S10-backwards', subject, { parameters: { before, now: playlist.playlist.sequence } }),
    );
  return results.some(({ status }) => status !== 'ok') ? results : [...results, make.good('S10', subject)];
}

function judgeMedia(subject: string, media: MediaPlaylistFacts, make: ResultMaker): ClusterResult[] {
  const results: ClusterResult[] = [];
  const target = media.targetDurationSeconds;
  const longest = Math.max(0, ...media.segments.map(({ durationSeconds }) => durationSeconds));
  const total = media.segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  if (media.ended) results.push(make.found('S10-ended', subject));
  if (Math.round(longest) > target)
    results.push(make.found('S10-target', subject, { parameters: { longest, target } }));
  if (total < target * 3)
    results.push(
      make.found('S10-short', subject, { parameters: { total: Math.round(total), wanted: target * 3 } }),
    );
  // nginx-rtmp begins every playlist with one: only later ones are interruptions.
  const breaks = media.segments.filter(
    ({ discontinuity }, i) => discontinuity && (i > 0 || media.sequence > 0),
  ).length;
  if (breaks > 0) results.push(make.found('S10-breaks', subject, { parameters: { breaks } }));
  return results;
}

function checkSegments(
  { name: node }: BroadcastFacts,
  rendition: RenditionFacts,
  make: ResultMaker,
): ClusterResult[] {
  const media = mediaOf(rendition.first);
  const announced = media?.segments.at(-1);
  if (announced === undefined) return [];
  const subject = `${node}/${rendition.name}`;
  for (const [which, outcome] of [
    ['newest', rendition.newest] as const,
    ['oldest', rendition.oldest] as const,
  ]) {
    if (outcome === null) continue;
    if (!outcome.ok)
      return [make.found('S11-missing', subject, { parameters: { which, detail: outcome.detail } })];
    if (outcome.value.status !== 200) {
      const detail = `HTTP ${outcome.value.status}`;
      return [
        make.found('S11-missing', subject, { parameters: { which, detail }, evidence: [outcome.value.url] }),
      ];
    }
  }
  if (rendition.newest?.ok === true && rendition.newest.value.totalBytes === 0)
    return [make.found('S11-empty', subject)];
  const probe = rendition.media;
  if (probe === null) return [make.good('S11', subject)];
  if (!probe.ok) return [make.unknown('S11', subject, probe.detail)];
  if (probe.value.error !== null)
    return [make.found('S11-damaged', subject, { parameters: { detail: probe.value.error } })];
  const evidence = [
    `codecs ${probe.value.codecs.join(', ')}, ${probe.value.durationSeconds ?? '?'} s, ${probe.value.bytes} bytes`,
  ];
  const { durationSeconds } = probe.value;
  if (durationSeconds !== null && Math.abs(durationSeconds - announced.durationSeconds) > 0.5)
    return [
      make.found('S11-duration', subject, {
        parameters: {
          announced: announced.durationSeconds,
          measured: Math.round(durationSeconds * 100) / 100,
        },
        evidence,
      }),
    ];
  return [make.good('S11', subject, { evidence })];
}

/** S10 (one target for all), S12, S13: the ladder as a whole. */
function checkLadder(
  subject: string,
  { name: node, stream, playlist, renditions }: BroadcastFacts,
  targets: StreamingTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (playlist?.kind !== 'master') return [];
  const results: ClusterResult[] = [];
  const durations = new Set(
    renditions.flatMap(({ first }) => {
      const media = mediaOf(first);
      return media === null ? [] : [media.targetDurationSeconds];
    }),
  );
  if (durations.size > 1)
    results.push(
      make.found('S10-targets-differ', subject, { parameters: { targets: [...durations].join(', ') } }),
    );
  const announced = playlist.variants.map(
    ({ uri }) =>
      uri
        .replace(/\.m3u8.*$/, '')
        .split('/')
        .at(-1) ?? '',
  );
  const expected = targets.streams.find(({ name }) => name === stream)?.renditions ?? [];
  const forgotten = expected.filter((name) => !announced.includes(name));
  if (forgotten.length > 0)
    results.push(make.found('S10-unannounced', subject, { parameters: { names: forgotten.join(', ') } }));
  for (const variant of playlist.variants) {
    const name = announced[playlist.variants.indexOf(variant)] ?? variant.uri;
    const missing = [
      ...(variant.codecs === null ? ['CODECS'] : []),
      ...(variant.resolution === null ? ['RESOLUTION'] : []),
    ];
    if (missing.length > 0)
      results.push(
        make.found('S13-attributes', `${node}/${name}`, { parameters: { missing: missing.join(', ') } }),
      );
    results.push(...checkBitrate(node, name, variant.bandwidth, renditions, make));
  }
  return results;
}

function checkBitrate(
  node: string,
  name: string,
  declared: number | null,
  renditions: readonly RenditionFacts[],
  make: ResultMaker,
): ClusterResult[] {
  const rendition = renditions.find((one) => one.name === name);
  const segment = rendition === undefined ? undefined : mediaOf(rendition.first)?.segments.at(-1);
  if (declared === null || rendition?.newest?.ok !== true || segment === undefined) return [];
  if (rendition.newest.value.status !== 200 || segment.durationSeconds <= 0) return [];
  const measured = Math.round((rendition.newest.value.totalBytes * 8) / segment.durationSeconds);
  const measures = [
    { label: `bitrate_${node}_${name}`, value: measured, unit: '' as const, warning: declared * 1.1 },
  ];
  const parameters = { measured: Math.round(measured / 1000), declared: Math.round(declared / 1000) };
  return measured > declared * 1.1
    ? [make.found('S12-above', `${node}/${name}`, { parameters, measures })]
    : [make.good('S12', `${node}/${name}`, { measures })];
}
