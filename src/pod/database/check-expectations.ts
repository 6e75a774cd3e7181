import { checkResult, type CheckResult } from '../../kit/checks/check-result.js';
import type { PodExpectations } from '../../doctor/ports.js';
import type { PodRecorder, PodUser } from '../../migrate/pod-port.js';

/** The site that receives. */
export function siteResults(
  id: number,
  site: { id: number; domain: string } | undefined,
  sites: readonly { id: number; domain: string }[],
): CheckResult[] {
  if (site !== undefined) return [checkResult('pod-site-found', 'pod.site_id', { id, domain: site.domain })];
  const known = sites.map((one) => `${one.id} (${one.domain})`).join(', ');
  return [checkResult('pod-site-missing', 'pod.site_id', { id, known })];
}

/** Sites that sections of BBB or Moodle name: each must be there before anything is planned. */
export const otherSiteResults = (
  { otherSites }: PodExpectations,
  sites: readonly { id: number; domain: string }[],
): CheckResult[] =>
  [...otherSites]
    .filter(([, id]) => !sites.some((site) => site.id === id))
    .map(([key, id]) =>
      checkResult('pod-site-missing', key.replace(/^\[(.+)\] /, '$1.'), {
        id,
        known: sites.map((one) => `${one.id} (${one.domain})`).join(', '),
      }),
    );

/** Who receives what nobody else owns: active, staff, of the site. */
export function adminResults(
  { adminId, adminNeeded, siteId }: PodExpectations,
  admin: PodUser | undefined,
): CheckResult[] {
  const subject = 'pod.admin_id';
  const status = adminNeeded ? ('critical' as const) : ('warning' as const);
  if (admin === undefined) return [checkResult('pod-admin-missing', subject, { id: adminId }, { status })];
  const { username, isActive, isStaff, siteIds } = admin;
  const results: CheckResult[] = [];
  if (!isActive || !isStaff)
    results.push(
      checkResult('pod-admin-unfit', subject, {
        username,
        detail: isActive ? 'it is not staff' : 'it is not active',
      }),
    );
  if (!siteIds.includes(siteId))
    results.push(checkResult('pod-admin-elsewhere', subject, { username, site: siteId }));
  return results.length > 0 ? results : [checkResult('pod-admin-found', subject, { id: adminId, username })];
}

/** The recorder whose files show up on the claim page (docs/domain/pod.md, "Claims"). */
export function recorderResults(
  { recorderId, recorderPath, siteId }: PodExpectations,
  recorder: PodRecorder | null,
): CheckResult[] {
  const subject = 'pod.recorder_id';
  // Without a recorder path no claim is wanted: a missing recorder is then no fault.
  const status = recorderPath === null ? ('warning' as const) : ('critical' as const);
  if (recorder === null)
    return [checkResult('pod-recorder-missing', subject, { id: recorderId }, { status })];
  const { name, userId, recordingType, siteIds } = recorder;
  const results: CheckResult[] = [];
  if (userId !== null)
    results.push(
      checkResult('pod-recorder-managed', subject, { name, id: recorderId, user: userId }, { status }),
    );
  if (recordingType !== 'video')
    results.push(
      checkResult('pod-recorder-type', subject, { name, id: recorderId, type: recordingType }, { status }),
    );
  if (!siteIds.includes(siteId))
    results.push(
      checkResult('pod-recorder-site', subject, { name, id: recorderId, site: siteId }, { status }),
    );
  return results.length > 0
    ? results
    : [checkResult('pod-recorder-found', subject, { id: recorderId, name, directory: recorder.directory })];
}
