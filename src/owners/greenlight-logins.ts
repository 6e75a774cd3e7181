import type { GreenlightUser } from './greenlight-facts.js';
import { accountKey, emailKey } from './map-user.js';

/** Their user name is what stands before the @ of a private address (app/models/concerns/auth_values.rb 2.x). */
const PUBLIC_PROVIDERS = /^(google|office365|microsoft|twitter|facebook)/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LOGIN_OF_DN = /(?:^|,)\s*(?:uid|samaccountname|userprincipalname)\s*=\s*([^,]+)/i;

/** Values of a row that may be somebody's user name; a UUID never is, of a distinguished name its `uid`. */
export function greenlightLogins({
  provider,
  username,
  externalId,
}: Pick<GreenlightUser, 'provider' | 'username' | 'externalId'>): string[] {
  if (PUBLIC_PROVIDERS.test(provider)) return [];
  return [username, externalId]
    .map((value) => value.trim())
    .filter((value) => value !== '' && !UUID.test(value))
    .flatMap((value) => {
      if (!/^[a-z]+\s*=.*,/i.test(value)) return [value];
      const login = LOGIN_OF_DN.exec(value)?.[1]?.trim();
      return login === undefined ? [] : [login];
    });
}

/** A room's owner as doctor looks for them in Pod. */
export type RoomOwner = Pick<GreenlightUser, 'name' | 'email' | 'provider' | 'username' | 'externalId'>;

/**
 * Room owners whom no account of Pod is found for, by the same user names and addresses as a migration takes.
 * @param pod user names and addresses of the accounts that Pod has of these.
 */
export function ownersNotInPod(
  owners: readonly RoomOwner[],
  pod: readonly { readonly username: string; readonly email: string }[],
): readonly RoomOwner[] {
  const names = new Set(pod.map(({ username }) => accountKey(username)));
  const emails = new Set(pod.map(({ email }) => emailKey(email)).filter((email) => email !== ''));
  return owners.filter(
    (owner) =>
      !emails.has(emailKey(owner.email)) &&
      !greenlightLogins(owner).some((login) => names.has(accountKey(login))),
  );
}

/** What a person reads of such an owner. */
export const shownOwner = ({ email, username, externalId, name }: RoomOwner): string =>
  email || username || externalId || name;
