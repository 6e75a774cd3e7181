import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import { importRefusal } from '../kit/global-address.js';
import type { DoctorPorts, DoctorSettings } from './doctor-ports.js';
import type { PodFindings } from './ports.js';
import { isAtLeast } from '../kit/versions.js';

const SUBJECT = 'pod.imports';
/** Imports refuse private addresses from here on (release notes of 4.3.0, pull request 1454). */
const SINCE = '4.3';

/** Whether Pod would import from the hosts of its waiting links and of `[bbb]`: from 4.3 on only from public addresses. */
export function importHostsCheck(
  { version: configured, bbbHosts }: Pick<DoctorSettings['pod'], 'version' | 'bbbHosts'>,
  { resolveHost }: Pick<DoctorPorts, 'resolveHost'>,
  look: (signal: AbortSignal) => Promise<PodFindings>,
): Check {
  return {
    name: SUBJECT,
    subject: SUBJECT,
    run: async (signal) => {
      // What keeps the database from being read is told by its own check.
      const facts = (await look(signal).catch(() => null))?.facts ?? null;
      if (facts === null) return [];
      const version =
        configured !== null && isAtLeast(configured, facts.version) ? configured : facts.version;
      const isStrict = isAtLeast(version, SINCE);
      const hosts = [...new Set([...facts.playbackHosts, ...bbbHosts])];
      const results: CheckResult[] = [];
      const taken: string[] = [];
      for (const host of hosts) {
        const refused = importRefusal(host, await resolveHost(host));
        if (refused === null) taken.push(host);
        else {
          const parameters = { host, version, address: refused.address || '-' };
          const code = isStrict ? 'doctor-import-host-refused' : 'doctor-import-host-later';
          results.push(checkResult(code, SUBJECT, parameters, { id: `${code}@${host}` }));
        }
      }
      if (isStrict && taken.length > 0)
        results.push(checkResult('doctor-import-hosts', SUBJECT, { hosts: taken.join(', ') }));
      return results;
    },
  };
}
