/* Differences are shown on terminals and pasted into tickets: what follows a key that holds a secret is masked. */

const KEY_VALUE =
  /^(\s*[\w.]*(?:PASSWORD|PASSWD|PWD|TOKEN|SECRET|password|secret|auth_pass)[\w.]*\s*[=:\s]\s*)(\S.*)$/gm;
const STATS_AUTH = /^(\s*stats auth [^:\s]+:).*$/gm;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s"'/]*)@/g;

/** The text with its secrets masked, line for line. */
export const maskSecrets = (text: string): string =>
  text.replace(STATS_AUTH, '$1***').replace(KEY_VALUE, '$1***').replace(URL_PASSWORD, '$1***@');
