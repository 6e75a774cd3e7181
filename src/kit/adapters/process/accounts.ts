import { execFileSync } from 'node:child_process';

/** An account or a group of this machine, local or of a directory service. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** By name or number, asked of the name service switch (an LDAP account stands in no /etc/passwd); null when unknown. */
export function findUser(user: string | number): Account | null {
  const [name, , uid, gid] = getent('passwd', user);
  return name === undefined ? null : { name, uid: Number(uid), gid: Number(gid) };
}

/** The same for a group. */
export function findGroup(group: string | number): { name: string; gid: number } | null {
  const [name, , gid] = getent('group', group);
  return name === undefined ? null : { name, gid: Number(gid) };
}

function getent(database: 'passwd' | 'group', key: string | number): string[] {
  // A key with a colon or a leading dash names nobody, and getent would take it for something else.
  if (!/^[\w.][\w.@$-]*$/.test(String(key))) return [];
  try {
    const answer = execFileSync('getent', [database, String(key)], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() === '' ? [] : answer.trim().split(':');
  } catch {
    return [];
  }
}
