// `npm pack` calls this before (write) and after (remove): the lock file under the name that npm publishes, without
// development dependencies, so that an installation elsewhere gets the versions that were tested and nothing else.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'npm-shrinkwrap.json');
if (process.argv[2] === 'remove') {
  rmSync(file, { force: true });
} else {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const packages = Object.fromEntries(shipped);
  delete packages[''].devDependencies;
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
}
