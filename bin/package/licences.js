// Licences of what is shipped: `node bin/package/licences.js` fails on one that GPL-3.0-or-later programs may not be
// given together with, or on a package that names none. deb.js takes the list for its copyright file.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../..');

/* Compatible with GPL-3.0-or-later (https://www.gnu.org/licenses/license-list.html); OFL is for fonts alone. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
]);

/* Packages whose package.json says nothing, or not in SPDX's words: read by a person, version by version. */
const read = { 'async@0.2.10': 'MIT' };

/* Development packages of which the build ships a file (bin/build.js). */
const vendored = new Set(['node_modules/hls.js']);

/** Whether an SPDX expression is allowed: one side of an OR is enough, both sides of an AND are needed. */
export function isAllowed(expression) {
  const text = expression.replace(/^\((.*)\)$/, '$1');
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  if (text.includes(' AND ')) return text.split(' AND ').every(isAllowed);
  return allowed.has(text);
}

/** Name, version and licence of every package that an installation brings. */
export function shippedLicences() {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(lock.packages).filter(
    ([place, { dev }]) => place !== '' && (dev !== true || vendored.has(place)),
  );
  return shipped.map(([place, { name, version, license }]) => {
    const called = name ?? place.split('node_modules/').at(-1);
    return { name: called, version, licence: read[`${called}@${version}`] ?? license ?? 'none' };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '-').href) {
  const all = shippedLicences();
  const refused = all.filter(({ licence }) => !isAllowed(licence));
  for (const { name, version, licence } of refused)
    process.stderr.write(
      `licences: ${name}@${version} is ${licence}: take another package, or read its licence and add it to bin/package/licences.js\n`,
    );
  if (refused.length === 0) process.stdout.write(`licences: ${all.length} shipped packages, all allowed\n`);
  process.exitCode = refused.length === 0 ? 0 : 1;
}
