import { OperatorError } from '../kit/errors/operator-error.js';
import type { PodDatabase, PodDescription, PodRecorder, PodUser } from './pod-port.js';
import { texts } from './texts.js';

/** The Pod that receives, checked before anything is planned. */
export interface Target {
  readonly description: PodDescription;
  readonly site: { readonly id: number; readonly domain: string };
  readonly siteDomains: readonly string[];
  /** Null where nobody needs one. */
  readonly admin: PodUser | null;
  /** Null in import mode. */
  readonly recorder: PodRecorder | null;
}

interface Wanted {
  readonly siteId: number;
  /** Sites that sections of Moodle or BBB name, by the key that names them. */
  readonly otherSiteIds: ReadonlyMap<string, number>;
  /** Null where nothing is given to an administrator: claims, `[migrate] unresolved = "skip"`. */
  readonly adminId: number | null;
  readonly recorderId: number | null;
}

/** @throws OperatorError site-missing, admin-missing, recorder-unfit, pod-column-unexpected */
export async function findTarget(
  pod: PodDatabase,
  { siteId, otherSiteIds, adminId, recorderId }: Wanted,
): Promise<Target> {
  const description = await pod.describe();
  const [column] = description.unknownColumns;
  // Every row would be refused by itself.
  if (recorderId === null && column !== undefined)
    throw new OperatorError('pod-column-unexpected', { column });
  const sites = await pod.listSites();
  const site = sites.find(({ id }) => id === siteId);
  if (site === undefined) throw texts.siteMissing({ id: siteId, key: '[pod] site_id' });
  for (const [key, id] of otherSiteIds)
    if (!sites.some((other) => other.id === id)) throw texts.siteMissing({ id, key });
  const [admin = null] = adminId === null ? [] : await pod.findUsersById([adminId]);
  if (admin === null && adminId !== null) throw texts.adminMissing({ id: adminId });
  const recorder =
    recorderId === null ? null : fitRecorder(recorderId, await pod.findRecorder(recorderId), siteId);
  return { description, site, siteDomains: sites.map(({ domain }) => domain), admin, recorder };
}

/** A recorder whose files show up on the claim page (docs/domain/pod.md, "Claims"). */
function fitRecorder(id: number, recorder: PodRecorder | null, siteId: number): PodRecorder {
  const unfit = (detail: string): never => {
    throw texts.recorderUnfit({ id, detail });
  };
  if (recorder === null) return unfit('it does not exist');
  if (recorder.userId !== null)
    return unfit('it has a manager, who would get the files instead of the claim page');
  if (recorder.recordingType !== 'video') return unfit(`its type is ${recorder.recordingType}, not video`);
  if (!recorder.siteIds.includes(siteId)) return unfit(`it is not attached to site ${siteId}`);
  return recorder;
}
