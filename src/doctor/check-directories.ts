import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';
import { DATED_CLAIM_NAME, SHORTEST_CLAIM_NAME } from '../bbb/recording-names.js';
import { renderBytes } from '../kit/output/units.js';
import type { DirectoryFacts, InspectDirectory, MayAsUser, TryAsUser } from './ports.js';

/** Who looks: the ports, who typed the command, and whom the package's units run as (null where there are none). */
export interface Looking {
  readonly inspectDirectory: InspectDirectory;
  readonly mayAsUser: MayAsUser;
  readonly account: string;
  readonly unitAccount: string | null;
}

/** A directory that we create ourselves when it is missing. */
export function ownDirectoryCheck(
  subject: string,
  directory: string,
  looking: Looking,
  need: { readonly bytes: number; readonly jobs: number } | null = null,
): Check {
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const facts = await looking.inspectDirectory(directory, { tryWrite: true, signal });
      const free = renderBytes(facts.freeBytes);
      if (need !== null && facts.freeBytes < need.bytes)
        return checkResult('doctor-disk-low', subject, {
          path: directory,
          free,
          needed: renderBytes(need.bytes),
          jobs: need.jobs,
        });
      if (!facts.exists && facts.writable)
        return (
          (await uncreatableByUnits(subject, directory, facts, looking, signal)) ??
          checkResult('doctor-directory-future', subject, { path: directory, free })
        );
      if (!facts.exists) return uncreatable(subject, directory, looking.account);
      return (
        writable(subject, directory, { facts, account: looking.account }) ??
        (await openToUnits(subject, directory, looking, signal)) ??
        checkResult('doctor-directory', subject, { path: directory, free })
      );
    },
  };
}

/** Root would make it, the account of timers and services not. */
async function uncreatableByUnits(
  subject: string,
  directory: string,
  { parent }: DirectoryFacts,
  { unitAccount, mayAsUser }: Looking,
  signal: AbortSignal,
): Promise<CheckResult | null> {
  if (unitAccount === null || parent === undefined) return null;
  if ((await mayAsUser(unitAccount, 'write', parent, signal)) !== false) return null;
  return checkResult('doctor-directory-uncreatable', subject, { path: directory, account: unitAccount });
}

/** Debian gives system accounts the home /nonexistent, which nobody may make. */
function uncreatable(subject: string, directory: string, account: string): CheckResult {
  return /^\/nonexistent(\/|$)/.test(directory)
    ? checkResult('doctor-directory-homeless', subject, {
        path: directory,
        account,
        key: subject,
        instead: `/var/lib/bbb2pod-${account}`,
      })
    : checkResult('doctor-directory-uncreatable', subject, { path: directory, account });
}

/** A directory of Pod: never created by us. Results: whether it is there and may be written. */
export function podDirectoryCheck(
  subject: string,
  directory: string,
  owner: string,
  looking: Looking,
): Check {
  return {
    name: subject,
    subject,
    run: async (signal) => {
      const facts = await looking.inspectDirectory(directory, { tryWrite: true, signal });
      if (!facts.exists) return checkResult('doctor-directory-missing', subject, { path: directory, owner });
      return (
        writable(subject, directory, { facts, account: looking.account }) ??
        (await openToUnits(subject, directory, looking, signal)) ??
        checkResult('doctor-directory', subject, { path: directory, free: renderBytes(facts.freeBytes) })
      );
    },
  };
}

/** What root may do says nothing of the account that timers and services run as. */
async function openToUnits(
  subject: string,
  directory: string,
  { unitAccount, mayAsUser }: Looking,
  signal: AbortSignal,
): Promise<CheckResult | null> {
  if (unitAccount === null || (await mayAsUser(unitAccount, 'write', directory, signal)) !== false)
    return null;
  return checkResult('doctor-directory-units', subject, { path: directory, user: unitAccount });
}

function writable(
  subject: string,
  directory: string,
  { facts, account }: { readonly facts: DirectoryFacts; readonly account: string },
): CheckResult | null {
  if (facts.isDirectory && facts.writable) return null;
  return checkResult('doctor-directory-unwritable', subject, {
    path: directory,
    detail: facts.detail,
    owner: facts.owner,
    group: facts.group,
    account,
  });
}

/** Whether the shortest name that a claim may get fits Pod's column, and whether titles keep their day. Path joined literally, as Pod does. */
export function claimPathResult(subject: string, directory: string, columnLength: number): CheckResult {
  const room = columnLength - Array.from(directory).length - 1;
  if (room < SHORTEST_CLAIM_NAME)
    return checkResult('doctor-claim-path-long', subject, { length: columnLength, path: directory });
  return room < DATED_CLAIM_NAME
    ? checkResult('doctor-claim-path-short', subject, { path: directory, room })
    : checkResult('doctor-claim-path', subject, { path: directory, room });
}

/** Whether Pod's own user could take over a file that we dropped. */
export function podUserCheck(options: {
  readonly subject: string;
  readonly directory: string;
  /** `user:group` of `[pod] file_owner`, or null for the directory's. */
  readonly fileOwner: string | null;
  readonly fileMode: number | null;
  readonly needs: readonly string[];
  readonly inspect: InspectDirectory;
  readonly tryAsUser: TryAsUser;
}): Check {
  const { subject, directory, fileOwner, fileMode } = options;
  return {
    name: subject,
    subject,
    needs: options.needs,
    run: async (signal) => {
      const facts = await options.inspect(directory, { tryWrite: false, signal });
      const user = fileOwner?.split(':')[0] ?? facts.owner;
      const rights = await options.tryAsUser(user, directory, {
        mode: fileMode ?? (facts.mode & 0o666) | 0o600,
        owner: fileOwner ?? `${facts.owner}:${facts.group}`,
        signal,
      });
      if (rights === null) return checkResult('doctor-pod-user-untried', subject, { user });
      const refused = [
        rights.canRead ? '' : 'read',
        rights.canMove ? '' : 'move',
        rights.canDelete ? '' : 'delete',
      ].filter((what) => what !== '');
      return refused.length === 0
        ? checkResult('doctor-pod-user', subject, { user })
        : checkResult('doctor-pod-user-refused', subject, {
            user,
            what: refused.join(', '),
            path: directory,
          });
    },
  };
}
