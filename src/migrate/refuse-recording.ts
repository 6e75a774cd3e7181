import type { JournalItem } from '../kit/batch/journal.js';
import type { Code, CodeParameters } from '../kit/errors/code.js';
import { originOf } from '../owners/meeting-id.js';
import { originServerOf } from '../bbb/origin-server.js';
import { isNationalUrl } from '../bbb/playback-url.js';
import type { Recording } from '../bbb/recording.js';
import { skipActionId, type SkipAction } from './actions.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';

/** Why a recording, or one of its owners, gets nothing. */
export interface Refusal {
  readonly reason: Code;
  readonly parameters?: CodeParameters;
}

/** What keeps a recording out whoever owns it; null when nothing does. */
export function refusalOf(
  recording: Recording,
  facts: RecordingFacts,
  policy: MigratePolicy,
): Refusal | null {
  const server = originServerOf(recording);
  if (policy.excluded.has(recording.recordId)) return { reason: 'recording-excluded' };
  if (policy.skippedServers.has(server)) return { reason: 'server-skipped', parameters: { server } };
  if (policy.skipGreenlight === true && originOf(recording) === 'greenlight')
    return { reason: 'greenlight-skipped' };
  if (policy.skipBreakouts === true && recording.isBreakout) return { reason: 'breakout-skipped' };
  if (recording.state === 'deleted') return { reason: 'recording-deleted' };
  if (recording.state === 'processing' || recording.state === 'processed')
    return { reason: 'recording-processing' };
  if (recording.state === 'unpublished' && !policy.includeUnpublished)
    return { reason: 'recording-unpublished' };
  if ('none' in facts.playback && facts.playback.relative !== undefined)
    return { reason: 'url-not-absolute', parameters: { url: facts.playback.relative } };
  if ('none' in facts.playback)
    return { reason: 'format-unsupported', parameters: { formats: facts.playback.none.join(', ') || '-' } };
  if (policy.mode === 'claim') return null;
  // The national server's links are kept without their token; Pod asks for a fresh one.
  if (facts.playback.token && !isNationalUrl(facts.playback.url)) return { reason: 'url-with-token' };
  const { url } = facts.playback;
  return url.length > 500 && Array.from(url).length > 500 ? { reason: 'url-too-long' } : null;
}

/** A row, a file or a draft that people removed is not given again; what only waited for a worker was never there. */
export const removedSince = (
  earlier: JournalItem | undefined,
  { recreate }: MigratePolicy,
): Refusal | null =>
  earlier?.state === 'done' && earlier.reason !== 'claim-queued' && !recreate
    ? { reason: 'deleted-since', parameters: { run: earlier.run } }
    : null;

/** The application the recording comes from, as Moodle gives it; empty for others. */
export const originServer = ({ metadata }: Recording): string =>
  (metadata['bbb-origin-server-name'] ?? '').toLowerCase();

/** What every action of a recording shows of it. */
export const shown = (recording: Recording, facts: RecordingFacts, owner: string) => ({
  recordId: recording.recordId,
  meetingId: recording.meetingId,
  startAt: recording.startAt,
  title: facts.title,
  origin: originServer(recording) || (recording.metadata['bbb-origin'] ?? ''),
  owner,
  isHidden: recording.state === 'unpublished',
  url: 'url' in facts.playback && !facts.playback.token ? facts.playback.url : '',
});

export function skip(
  recording: Recording,
  facts: RecordingFacts,
  { reason, parameters }: Refusal,
  owner = '-',
  id = skipActionId(recording.recordId),
): SkipAction {
  return {
    id,
    kind: 'skip',
    reason,
    ...(parameters === undefined ? {} : { reasonParameters: parameters }),
    ...shown(recording, facts, owner),
    marks: [],
  };
}
