/* Differences are shown on terminals and pasted into tickets. Every command that shows lines of a configuration file
   masks them here: what follows a key that holds a secret, wherever it stands in its line. */

/** `PASSWORD=…`, `"password": …`, `shard { PASSWORD = … }`; keepalived writes `auth_pass …`, without a sign. */
const KEY_VALUE =
  /^(.*?(?:(?:PASSWORD|PASSWD|PWD|TOKEN|SECRET|password|secret|auth_pass)[\w.]*["']?[ \t]*[=:]|auth_pass[ \t])[ \t]*)(\S.*)$/gm;
/** HAProxy's account of the statistics page: `stats auth USER:PASSWORD`. */
const STATS_AUTH = /^([ \t]*stats[ \t]+auth[ \t]+[^:\s]+:).*$/gm;
/** Passwords may hold `/` and `@`; without a colon what stands before `@` is masked all the same. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/)(?:([^\s"'/:@]*:)[^\s"']*|[^\s"'/@]+)@/g;

/** The text with its secrets masked, line for line. */
export const maskSecrets = (text: string): string =>
  text
    .replace(STATS_AUTH, '$1***')
    .replace(KEY_VALUE, (_, key: string, value: string) => key + maskValue(value))
    .replace(URL_PASSWORD, (_, scheme: string, user = '') => `${scheme}${String(user)}***@`);

/** Keeps the marks that a correction may be about: quotes, a `#` inside, a blank at the end. */
function maskValue(value: string): string {
  const [, quote = '', inside = '', end = ''] = /^(["'])(.*)\1([,;]?\s*)$/.exec(value) ?? ['', '', value, ''];
  const blank = end === '' ? (/[ \t]$/.exec(value)?.[0] ?? '') : end;
  return inside === '' ? value : `${quote}***${inside.includes('#') ? '#***' : ''}${quote}${blank}`;
}
