import { rememberSecret } from '../../config/secret.js';
import { CookieJar } from './cookie-jar.js';
import { readNamedFile } from '../files/read-named-file.js';

/**
 * Cookies of a browser's cookies.txt (Netscape format: seven columns separated by tabs).
 * @param origins the servers they were given for: no other port or scheme of these hosts sees them.
 */
export async function readCookieFile(file: string, origins: readonly string[] = []): Promise<CookieJar> {
  const jar = new CookieJar();
  for (const line of readNamedFile(file).split(/\r?\n/)) {
    const entry = line.replace(/^#HttpOnly_/, '');
    if (entry.startsWith('#')) continue;
    const [domain, , path, secure, , name, value] = entry.split('\t');
    if (domain === undefined || name === undefined || value === undefined) continue;
    rememberSecret(value);
    const fitting = origins.filter((origin) => {
      const host = new URL(origin).hostname;
      return host === domain.replace(/^\./, '') || (domain.startsWith('.') && host.endsWith(domain));
    });
    jar.add({
      ...{ domain, name, value, path: path ?? '/', secure: secure === 'TRUE' },
      ...(fitting.length === 0 ? {} : { origins: fitting }),
    });
  }
  return jar;
}

/** Headers, one `Name: value` per line. A file keeps them out of the process list. */
export async function readHeaderFile(file: string): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of readNamedFile(file).split(/\r?\n/)) {
    const match = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    headers[match[1].toLowerCase()] = match[2].trim();
    match[2].trim().split(/\s+/).forEach(rememberSecret);
  }
  return headers;
}
