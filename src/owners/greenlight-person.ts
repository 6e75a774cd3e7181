import type { GreenlightPerson, GreenlightUser } from './greenlight-facts.js';
import type { GreenlightIndex } from './greenlight-index.js';
import { emailKey } from './map-user.js';

/** A row of Greenlight as a person: rows with the same address are one (a new external id leaves the old row behind). */
export function greenlightPerson(user: GreenlightUser, index: GreenlightIndex): GreenlightPerson {
  const email = user.email.trim();
  const rows = email === '' ? [user] : (index.usersByEmail.get(emailKey(email)) ?? [user]);
  const own = rows.filter(({ provider }) => index.version === 2 || provider === user.provider);
  const at = email.lastIndexOf('@');
  return {
    name: user.name,
    email,
    logins: [...new Set(own.flatMap(loginsOf))],
    localPart: index.hasOneDomain && at > 0 ? email.slice(0, at) : null,
    match: index.options.match,
  };
}

/** Their user name is what stands before the @ of a private address (app/models/concerns/auth_values.rb 2.x). */
const PUBLIC_PROVIDERS = /^(google|office365|microsoft|twitter|facebook)/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LOGIN_OF_DN = /(?:^|,)\s*(?:uid|samaccountname|userprincipalname)\s*=\s*([^,]+)/i;

/** Values of a row that may be somebody's user name; a UUID never is, of a distinguished name its `uid`. */
function loginsOf({ provider, username, externalId }: GreenlightUser): string[] {
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
