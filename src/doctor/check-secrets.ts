import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import type { MayAsUser } from './ports.js';

/** The configuration file, or the file of one secret. */
export interface SecretFile {
  readonly path: string;
  /** Permission bits; null where it could not be looked at. */
  readonly mode: number | null;
  /** False for a configuration file that only names the files of its secrets. */
  readonly holdsSecret: boolean;
}

const OTHERS = 0o007;

/**
 * Whether the files that hold secrets are closed to other accounts, and open to the one that the units run as.
 * @param unitAccount null where the package's account does not exist
 */
export function secretsCheck(
  files: readonly SecretFile[],
  unitAccount: string | null,
  mayAsUser: MayAsUser,
): Check {
  const subject = 'secrets';
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const results: CheckResult[] = [];
      for (const { path, mode, holdsSecret } of files) {
        if (holdsSecret && mode !== null && (mode & OTHERS) !== 0)
          results.push(checkResult('doctor-secret-exposed', subject, { path }, { id: `exposed@${path}` }));
        if (unitAccount !== null && (await mayAsUser(unitAccount, 'read', path, signal)) === false)
          results.push(
            checkResult(
              'doctor-secret-locked',
              subject,
              { path, user: unitAccount },
              { id: `locked@${path}` },
            ),
          );
      }
      if (files.length === 0) return [];
      return results.length > 0 ? results : checkResult('doctor-secrets', subject, { count: files.length });
    },
  };
}
