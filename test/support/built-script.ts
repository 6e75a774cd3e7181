import { renameSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const made = new Map<string, string>();

/**
 * A child of ours in TypeScript as one file of JavaScript, which starts in a third of the time; made when first asked for.
 * Below node_modules: what it imports is found from there.
 */
export function builtScript(script: string): string {
  const known = made.get(script);
  if (known !== undefined) return known;
  const outfile = path.join(root, 'node_modules/.cache/bbb2pod', `${path.basename(script, '.ts')}.mjs`);
  // Suites side by side make the same: none may run the half of it.
  const draft = `${outfile}.${process.pid}`;
  buildSync({
    entryPoints: [script],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  renameSync(draft, outfile);
  made.set(script, outfile);
  return outfile;
}
