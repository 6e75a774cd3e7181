import { shellWord } from '../../kit/output/shell.js';
import type { Outcome } from '../../kit/outcome.js';
import { mediaOf } from './check-agreement.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import { isServed } from './gather-broadcast.js';
import type { BroadcastFacts, RenditionFacts } from './run-facts.js';

/** S11: the segments of one rendition that were asked for, what they need to be read, and what is in them. */
export function checkSegments(
  { name: node }: BroadcastFacts,
  rendition: RenditionFacts,
  make: ResultMaker,
): ClusterResult[] {
  const media = mediaOf(rendition.first);
  const announced = media?.segments.findLast(({ gap }) => !gap);
  if (announced === undefined) return [];
  const subject = `${node}/${rendition.name}`;
  const base = rendition.first.answer.ok ? rendition.first.answer.value.url : undefined;
  for (const [which, outcome, uri] of [
    ['init', rendition.init, announced.map?.uri ?? ''] as const,
    ['newest', rendition.newest, announced.uri] as const,
    ['oldest', rendition.oldest, ''] as const,
  ]) {
    if (outcome === null) continue;
    const unasked = unaskedOf(outcome);
    if (unasked !== null) return [make.unknown('S11', subject, unasked)];
    const detail = !outcome.ok
      ? outcome.detail
      : isServed(outcome.value)
        ? null
        : `HTTP ${outcome.value.status}`;
    if (detail === null) continue;
    const evidence = outcome.ok ? [outcome.value.url] : [];
    const url = outcome.ok
      ? outcome.value.url
      : URL.canParse(uri, base)
        ? new URL(uri, base).href
        : (base ?? '');
    return [
      make.found('S11-missing', subject, { parameters: { which, detail, url: shellWord(url) }, evidence }),
    ];
  }
  if (rendition.newest?.ok === true && rendition.newest.value.totalBytes === 0)
    return [make.found('S11-empty', subject)];
  const locked = checkKey(subject, rendition, make);
  if (locked.length > 0) return locked;
  const probe = rendition.media;
  if (probe === null) {
    const evidence = media?.encryption == null ? [] : [`encrypted (${media.encryption}): not decoded`];
    return [make.good('S11', subject, { evidence })];
  }
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

/** Why it was not asked: an address of the inside that nobody named is no fault. Null: it was asked. */
export const unaskedOf = (outcome: Outcome<unknown>): string | null =>
  !outcome.ok && outcome.fault === 'guarded' ? outcome.detail : null;

/** Bytes of a key of AES-128, and of SAMPLE-AES (RFC 8216, 4.3.2.4). */
const KEY_BYTES = 16;

/**
 * Whether a player gets the key. Who must log in for it (401, 403, a page) is no business of a check without a session.
 */
function checkKey(subject: string, rendition: RenditionFacts, make: ResultMaker): ClusterResult[] {
  const { key } = rendition;
  if (key === null || key === undefined || unaskedOf(key) !== null) return [];
  if (!key.ok)
    return [
      make.found('S11-key', subject, {
        parameters: { detail: key.detail, url: shellWord(keyUrl(rendition)) },
      }),
    ];
  const { status, headers, totalBytes, url } = key.value;
  if (status === 401 || status === 403 || /html/i.test(headers['content-type'] ?? '')) return [];
  const detail =
    status !== 200
      ? `HTTP ${status}`
      : totalBytes === KEY_BYTES
        ? null
        : `${totalBytes} bytes, not ${KEY_BYTES}`;
  return detail === null
    ? []
    : [make.found('S11-key', subject, { parameters: { detail, url: shellWord(url) } })];
}

function keyUrl({ first }: RenditionFacts): string {
  const uri = mediaOf(first)?.keyUri ?? '';
  return first.answer.ok ? new URL(uri, first.answer.value.url).href : uri;
}
