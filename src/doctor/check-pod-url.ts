import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { FetchPod, PodFindings } from './ports.js';

/** What `bbb2pod init` writes before anybody has looked at it (config/bbb2pod.example.toml). */
const EXAMPLE = 'pod.univ.fr';
const SUBJECT = 'pod.url';

/**
 * `[pod] url`: not the example's, that of the site as Pod's own django_site names it, and answering.
 * @param siteDomain django_site.domain of `[pod] site_id`; null when the database would not tell.
 */
export async function podUrlResults(
  given: { readonly url: string; readonly siteId: number; readonly file: string },
  siteDomain: string | null,
  fetchPod: FetchPod,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const { url, siteId, file } = given;
  const host = hostOf(url);
  if (host === null) return [checkResult('doctor-url-unreadable', SUBJECT, { url, file })];
  const domain = siteDomain?.toLowerCase() ?? null;
  if (host === EXAMPLE && domain !== EXAMPLE)
    return [checkResult('doctor-url-example', SUBJECT, { url, file, domain: domain ?? 'HOST' })];
  const results: CheckResult[] = [];
  if (domain !== null && domain !== '' && host !== domain)
    results.push(checkResult('doctor-url-differs', SUBJECT, { url, file, site: siteId, domain }));
  try {
    const { status } = await fetchPod(url, signal);
    results.push(
      status < 400
        ? checkResult('doctor-url', SUBJECT, { url })
        : checkResult('doctor-url-status', SUBJECT, { url, status }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OperatorError)) throw error;
    // Where this machine cannot reach Pod's pages a migration works all the same: it writes to the database.
    results.push(checkResult(error.code, SUBJECT, error.parameters, { status: 'warning' }));
  }
  return results;
}

/** What the database says of the site, without waiting for it to be sound. */
export const siteDomainOf = (findings: PodFindings | null): string | null =>
  findings?.facts?.siteDomain ?? null;

/** Host, with its port where it has one of its own, as django_site holds it. */
function hostOf(url: string): string | null {
  try {
    return new URL(url).host.toLowerCase();
  } catch {
    return null;
  }
}
