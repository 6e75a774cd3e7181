import type { Recording } from '../bbb/recording.js';
import { claimPath } from './apply-claims.js';
import type { ClaimFiles } from './claim-files.js';
import type { ClaimFacts } from './migration-facts.js';
import type { PodDatabase } from './pod-port.js';

/** What Pod and the disk hold of claim files, by chunk of recordings. */
export interface ClaimSurvey {
  survey(page: readonly Recording[]): Promise<Map<string, Omit<ClaimFacts, 'imported'>>>;
}

interface Names {
  /** Our file name: readable, unique by the recordID's hash. */
  readonly fileNameOf: (recording: Recording) => string;
  /** Names that the old script may have given it (video and presentation forms, UTC and local day). */
  readonly oldScriptNamesOf: (recording: Recording) => readonly string[];
}

/**
 * Looks at the recorder's directory once, and at Pod by chunks.
 * @param all every recording of the listing: a file of the old script proves nothing when several would have had its name.
 */
export async function openClaimSurvey(
  claimDirectory: string,
  pod: PodDatabase,
  files: ClaimFiles,
  names: Names,
  all: AsyncIterable<readonly Recording[]>,
): Promise<ClaimSurvey> {
  const onDisk = new Set((await files.list(claimDirectory)) ?? []);
  const holdersOf = async (fileNames: readonly string[]): Promise<Map<string, ClaimFacts['held']>> => {
    const paths = new Map(fileNames.map((name) => [claimPath(claimDirectory, name), name]));
    const held = new Map<string, ClaimFacts['held']>(
      fileNames.filter((name) => onDisk.has(name)).map((name) => [name, 'on-disk']),
    );
    for (const { path, state } of await pod.findClaimPaths([...paths.keys()]))
      held.set(paths.get(path) ?? '', state);
    return held;
  };
  const claimants = new Map<string, number>();
  for await (const page of all) {
    const oldNames = page.map((recording) => names.oldScriptNamesOf(recording));
    const held = await holdersOf(oldNames.flat());
    for (const name of oldNames.flat())
      if (held.has(name)) claimants.set(name, (claimants.get(name) ?? 0) + 1);
  }
  return {
    async survey(page) {
      const wanted = page.map((recording) => ({
        recordId: recording.recordId,
        own: names.fileNameOf(recording),
        old: names.oldScriptNamesOf(recording),
      }));
      const held = await holdersOf(wanted.flatMap(({ own, old }) => [own, ...old]));
      return new Map(
        wanted.map(({ recordId, own, old }) => {
          const oldName = old.find((name) => held.has(name));
          const oldScriptFile =
            oldName === undefined ? null : { name: oldName, ambiguous: (claimants.get(oldName) ?? 0) > 1 };
          return [recordId, { fileName: own, held: held.get(own) ?? null, oldScriptFile }];
        }),
      );
    },
  };
}
