import { greatest } from '../../kit/extremes.js';
import { checkAgreement, mediaOf } from './check-agreement.js';
import { about, type ClusterResult, type ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets, StreamingTargets, StreamingThresholds } from '../check/targets.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { MediaPlaylistFacts } from './facts.js';
import { isServed, MOVED_TARGETS } from './gather-broadcast.js';
import { checkSegments, unaskedOf } from './segment-checks.js';
import { isCalled } from './rendition-uris.js';
import { shellWord } from '../../kit/output/shell.js';
import { renderDuration } from '../../kit/output/units.js';
import type { PlaylistPoll, BroadcastFacts, RenditionFacts, StreamingFacts } from './run-facts.js';
import { words } from '../words.js';

/** Sequence numbers of the previous run, by the address of the playlist. */
export type PreviousSequences = Readonly<Record<string, number>>;

/** Where playlists without a date stood, by their address, and since when (epoch ms) they have not moved. */
export type PreviousPositions = Readonly<
  Record<string, { readonly position: string; readonly since: number }>
>;

/** What an earlier run left. */
export interface PreviousPlaylists {
  readonly sequences: PreviousSequences;
  readonly positions: PreviousPositions;
}

/**
 * Where a playlist was fetched: a node that moved, or another server under the same name, has a count of its own. Sessions
 * in the query change at each visit.
 */
export const placeOf = ({ answer }: PlaylistPoll): string | null =>
  answer.ok && URL.canParse(answer.value.url)
    ? new URL(answer.value.url).origin + new URL(answer.value.url).pathname
    : null;

/** S08 to S13 and S17: what viewers get from each node. */
export function checkPlaylists(
  facts: StreamingFacts,
  targets: StreamingTargets,
  all: ClusterTargets,
  previous: PreviousPlaylists,
  make: ResultMaker,
): ClusterResult[] {
  const away = (name: string): boolean => all.maintenance.includes(name);
  return [
    ...facts.broadcasts
      .filter(({ name }) => !away(name))
      .flatMap((broadcast) => checkStream(broadcast, facts.at, targets, previous, make)),
    ...checkAgreement(facts, targets.thresholds, away, make),
  ];
}

/** What one node serves of one stream. The first stream's results carry the node's name alone. */
function checkStream(
  broadcast: BroadcastFacts,
  now: number,
  targets: StreamingTargets,
  previous: PreviousPlaylists,
  make: ResultMaker,
): ClusterResult[] {
  const { name, master, stream, renditions } = broadcast;
  const first = targets.streams[0]?.name === stream;
  // A node that does not answer is silent once, not once per stream.
  if (!master.ok)
    return first ? [make.found('S08-silent', name, { parameters: { detail: master.detail } })] : [];
  const subject = first ? name : `${name}/${stream}`;
  if (master.value.status === 404 && targets.streams.find((one) => one.name === stream)?.assumed === true)
    return [make.found('S08-untested', subject, { parameters: { url: master.value.url } })];
  return about(stream, [
    ...checkMaster(subject, master.value, broadcast, make),
    ...renditions.flatMap((rendition) => [
      ...checkFreshness(broadcast, rendition, now, targets.thresholds, previous, make),
      ...checkSanity(broadcast, rendition, previous.sequences, make),
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
  if (status !== 200)
    return [make.found('S08-error', subject, { parameters: { status, url: shellWord(url) } })];
  if (playlist?.kind === 'invalid')
    return [
      make.found('S10-invalid', `${name}/${stream}`, {
        parameters: { reason: playlist.reason, url: shellWord(url) },
      }),
    ];
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
  now: number,
  { playlistWarning, playlistCritical }: StreamingThresholds,
  previous: PreviousPlaylists,
  make: ResultMaker,
): ClusterResult[] {
  const subject = `${node}/${name}`;
  const media = mediaOf(first);
  // An end mark is told by S10; nothing after it is expected to move.
  if (media === null || media.ended) return [];
  const moved = second !== null && mediaOf(second) !== null && mediaOf(second)?.position !== media.position;
  const dated = (second ?? first).ageSeconds;
  const target = media.targetDurationSeconds;
  const place = placeOf(first) ?? subject;
  const before = previous.positions[place];
  const stoodSeconds = before?.position === media.position ? (now - before.since) / 1000 : 0;
  // A list of the same state as an earlier run's is as old as that, at least.
  const age = dated ?? (!moved && stoodSeconds > target * playlistCritical ? stoodSeconds : null);
  if (age === null)
    return [judgeByMotion(subject, media, { moved, before: previous.sequences[place] }, make)];
  const measures = [
    {
      label: `hls_age_${node}_${word(name)}`,
      value: age,
      unit: 's' as const,
      warning: target * playlistWarning,
      critical: target * playlistCritical,
    },
  ];
  const parameters = { age: renderDuration(Math.round(age) * 1000), target };
  const evidence = [`age ${age} s, target ${target} s, media sequence ${media.sequence}`];
  if (age > target * playlistCritical && !moved)
    return [make.found('S09-frozen', subject, { parameters, measures, evidence })];
  if (age > target * playlistWarning && !moved && age > target + 2)
    return [make.found('S09-late', subject, { parameters, measures, evidence })];
  return [make.good('S09', subject, { measures, evidence })];
}

/** Without dates: whether it moved between two looks, or since the run before. */
function judgeByMotion(
  subject: string,
  { sequence, targetDurationSeconds: target }: MediaPlaylistFacts,
  { moved, before }: { readonly moved: boolean; readonly before: number | undefined },
  make: ResultMaker,
): ClusterResult {
  if (moved || (before !== undefined && sequence > before))
    return make.good('S09', subject, {
      evidence: [`it moves (media sequence ${sequence}); no Last-Modified`],
    });
  return make.unknown(
    'S09',
    subject,
    words.noDateHeader({ waited: Math.min(4, target * MOVED_TARGETS), target }),
  );
}

function checkSanity(
  { name: node }: BroadcastFacts,
  { name, url, kind, first }: RenditionFacts,
  previous: PreviousSequences,
  make: ResultMaker,
): ClusterResult[] {
  const subject = `${node}/${name}`;
  const { answer, playlist } = first;
  const missing = (detail: string): ClusterResult[] => [
    make.found('S10-missing', subject, {
      parameters: { detail, url: shellWord(url) },
      // Without the list of single pictures a player only shows no preview while winding.
      ...(kind === 'i-frames' ? { status: 'warning' as const } : {}),
    }),
  ];
  const unasked = unaskedOf(answer);
  if (unasked !== null) return [make.unknown('S10', subject, unasked)];
  if (!answer.ok) return missing(answer.detail);
  if (answer.value.status !== 200) return missing(`HTTP ${answer.value.status}`);
  if (playlist?.kind !== 'media') {
    const reason = playlist?.kind === 'invalid' ? playlist.reason : 'it is a master playlist';
    return [make.found('S10-invalid', subject, { parameters: { reason, url: shellWord(answer.value.url) } })];
  }
  const results = judgeMedia(subject, kind, playlist.playlist, make);
  const before = previous[placeOf(first) ?? subject];
  if (before !== undefined && playlist.playlist.sequence < before)
    results.push(
      make.found('S10-backwards', subject, { parameters: { before, now: playlist.playlist.sequence } }),
    );
  return results.some(({ status }) => status !== 'ok') ? results : [...results, make.good('S10', subject)];
}

function judgeMedia(
  subject: string,
  kind: RenditionFacts['kind'],
  media: MediaPlaylistFacts,
  make: ResultMaker,
): ClusterResult[] {
  const results: ClusterResult[] = [];
  const target = media.targetDurationSeconds;
  const longest = greatest(
    media.segments.map(({ durationSeconds }) => durationSeconds),
    0,
  );
  const total = media.segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  if (media.ended) results.push(make.found('S10-ended', subject));
  // Pictures for winding and subtitles keep other rhythms (RFC 8216, 4.3.3.6 and 6.2.4).
  if (kind === 'i-frames' || kind === 'subtitles') return results;
  if (Math.round(longest) > target)
    results.push(make.found('S10-target', subject, { parameters: { longest, target } }));
  if (media.segments.length > 0 && media.segments.every(({ gap }) => gap))
    results.push(make.found('S10-gaps', subject, { parameters: { segments: media.segments.length } }));
  if (media.segments.length === 0 && (media.skipped ?? 0) === 0)
    results.push(make.found('S10-empty', subject));
  else if (total < target * 3 && (media.skipped ?? 0) === 0)
    results.push(
      make.found('S10-short', subject, { parameters: { total: Math.round(total), wanted: target * 3 } }),
    );
  return [...results, ...judgeBreaks(subject, media, make)];
}

/** Fewer segments than that make no rhythm. */
const FEW_SEGMENTS = 3;

function judgeBreaks(subject: string, media: MediaPlaylistFacts, make: ResultMaker): ClusterResult[] {
  if (media.spliced) return [];
  // nginx-rtmp begins every playlist with one: only later ones are interruptions.
  const breaks = media.segments.filter(
    ({ discontinuity }, i) => discontinuity && (i > 0 || media.sequence > 0),
  ).length;
  if (breaks === 0) return [];
  const everywhere = media.segments.slice(1).every(({ discontinuity }) => discontinuity);
  return everywhere && media.segments.length >= FEW_SEGMENTS
    ? [make.found('S10-broken', subject, { parameters: { segments: media.segments.length } })]
    : [make.found('S10-breaks', subject, { parameters: { breaks } })];
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
    renditions.flatMap(({ first, kind }) => {
      const media = kind === 'video' ? mediaOf(first) : null;
      return media === null ? [] : [media.targetDurationSeconds];
    }),
  );
  if (durations.size > 1)
    results.push(
      make.found('S10-targets-differ', subject, { parameters: { targets: [...durations].join(', ') } }),
    );
  const expected = targets.streams.find(({ name }) => name === stream);
  const announced = renditions.filter(({ uri }) => uri !== null).map(({ name }) => name);
  const forgotten =
    expected?.renditionsAssumed === false
      ? expected.renditions.filter((wanted) => !announced.some((name) => isCalled(name, wanted)))
      : [];
  if (forgotten.length > 0)
    results.push(make.found('S10-unannounced', subject, { parameters: { names: forgotten.join(', ') } }));
  for (const variant of playlist.variants.filter(({ iFramesOnly }) => !iFramesOnly)) {
    const rendition = renditions.find(({ uri }) => uri === variant.uri);
    const name = rendition?.name ?? variant.uri;
    const soundOnly =
      variant.codecs?.split(',').every((codec) => /^\s*(?:mp4a|ac-3|ec-3|opus|fLaC)/i.test(codec)) === true;
    const missing = [
      ...(variant.codecs === null ? ['CODECS'] : []),
      ...(variant.resolution === null && !soundOnly ? ['RESOLUTION'] : []),
    ];
    if (missing.length > 0)
      results.push(
        make.found('S13-attributes', `${node}/${name}`, { parameters: { missing: missing.join(', ') } }),
      );
    results.push(...checkBitrate(node, name, variant.bandwidth, rendition, make));
  }
  return results;
}

function checkBitrate(
  node: string,
  name: string,
  declared: number | null,
  rendition: RenditionFacts | undefined,
  make: ResultMaker,
): ClusterResult[] {
  const segment =
    rendition === undefined ? undefined : mediaOf(rendition.first)?.segments.findLast(({ gap }) => !gap);
  if (declared === null || rendition?.newest?.ok !== true || segment === undefined) return [];
  if (!isServed(rendition.newest.value) || segment.durationSeconds <= 0) return [];
  const measured = Math.round((rendition.newest.value.totalBytes * 8) / segment.durationSeconds);
  const measures = [
    { label: `bitrate_${node}_${word(name)}`, value: measured, unit: '' as const, warning: declared * 1.1 },
  ];
  const parameters = { measured: Math.round(measured / 1000), declared: Math.round(declared / 1000) };
  return measured > declared * 1.1
    ? [make.found('S12-above', `${node}/${name}`, { parameters, measures })]
    : [make.good('S12', `${node}/${name}`, { measures })];
}

/** Labels of curves take letters, digits and _ only. */
const word = (name: string): string => name.replaceAll(/\W/g, '_');
