import type { PublishedFolder } from '../ports.js';
import type { FoundMedium, MediaSurvey } from '../survey-media.js';
import type { Presentation } from '../timeline/presentation.js';
import type { PresentationTexts } from '../timeline/read-presentation.js';
import type { FileLimits } from '../../bbb/published-file.js';
import { fileFault } from './file-fault.js';
import { owedFiles } from './owed-files.js';
import { renderShortfalls, type Part, type Shortfall } from './shortfall.js';

/** Why files did not come from their server, by path. */
export type FetchFaults = ReadonlyMap<string, string>;

export interface ShortfallCount {
  readonly shortfalls: readonly Shortfall[];
  /** All of them in one line; empty without any. */
  readonly line: string;
}

/** Reasons that say no more than that there is no such file. */
const NOT_THERE = new Set(['404', '410', 'absent']);
export const isNotThere = (reason: string): boolean => NOT_THERE.has(reason);

/**
 * Looks at every file that the recording names: what is absent, empty, a page, cut, too large or unreadable.
 * @param faults what the download met; empty for a folder on disk
 */
export async function countShortfalls(
  folder: PublishedFolder,
  texts: PresentationTexts,
  presentation: Presentation,
  media: MediaSurvey,
  { faults, limits, audioOnly }: { faults: FetchFaults; limits: FileLimits; audioOnly: boolean },
): Promise<ShortfallCount> {
  const owed: Partial<Record<Part, number>> = {};
  const shortfalls: Shortfall[] = [];
  for (const file of audioOnly ? [] : owedFiles(texts, presentation)) {
    owed[file.part] = (owed[file.part] ?? 0) + 1;
    const reason = faults.get(file.path) ?? fileFault(file.path, await folder.look(file.path), limits);
    if (reason === null || (file.optional && isNotThere(reason))) continue;
    shortfalls.push({ part: file.part, path: file.path, reason, grave: file.grave });
  }
  shortfalls.push(...mediaShortfalls(media, presentation, { texts, faults, audioOnly }));
  return { shortfalls, line: renderShortfalls(shortfalls, owed) };
}

/**
 * A recording without webcams publishes its sound alone (presentation.rb): where there is neither, the server lost one
 * of them. Its screen was shared when deskshare.xml says so; where that file is lost, the share itself tells, which is
 * published only with it.
 */
function mediaShortfalls(
  { webcams, share, sound }: MediaSurvey,
  presentation: Presentation,
  { texts, faults, audioOnly }: { texts: PresentationTexts; faults: FetchFaults; audioOnly: boolean },
): Shortfall[] {
  const reasonOf = (found: FoundMedium): { path: string; reason: string } => {
    const told = found.paths.flatMap((path) => {
      const reason = faults.get(path) ?? found.faults.get(path);
      return reason === undefined ? [] : [{ path, reason }];
    });
    const [first = { path: found.paths[0] ?? '', reason: 'absent' }] = told;
    return told.find(({ reason }) => !isNotThere(reason)) ?? first;
  };
  /** Also of one that can be used and is cut. */
  const faultOf = (found: FoundMedium): { path: string; reason: string } | null =>
    found.file === null || [...found.faults.values()].some((reason) => reason.startsWith('cut'))
      ? reasonOf(found)
      : null;
  const result: Shortfall[] = [];
  const webcamFault = faultOf(webcams);
  if (webcamFault !== null && !isNotThere(webcamFault.reason) && !audioOnly)
    result.push({ part: 'webcams', ...webcamFault, grave: true });
  const shareFault = faultOf(share);
  if (shareFault !== null && presentation.shares.length > 0 && !audioOnly)
    result.push({ part: 'screen share', ...shareFault, grave: true });
  if (texts['deskshare.xml'] === null && share.file !== null && !audioOnly) {
    const reason = faults.get('deskshare.xml') ?? 'absent';
    if (isNotThere(reason)) result.push({ part: 'screen share', path: 'deskshare.xml', reason, grave: true });
  }
  const fault = webcams.hasSound ? (audioOnly ? webcamFault : null) : faultOf(sound);
  if (fault !== null) {
    const both = webcamFault !== null && isNotThere(webcamFault.reason) && isNotThere(fault.reason);
    const reason = both ? `${fault.reason}, and no webcams (${webcamFault.reason})` : fault.reason;
    result.push({ part: 'sound', path: fault.path, reason, grave: true });
  }
  return result;
}
