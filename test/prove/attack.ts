/* `npm run prove attack [WORD]`: every family of attacks in test/prove/attack, tried on the built commands and on the
   adapters that read what others made. Each has a marker that must not come out. WORD takes those with it in their name.
   Prints one line per attack and the count of those that gave something; ends with status 1 when one did. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Attack } from './attack/attack.js';

const [only = ''] = process.argv.slice(2);
const directory = path.join(import.meta.dirname, 'attack');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let tried = 0;
let gave = 0;
for (const file of readdirSync(directory).sort()) {
  const family = path.basename(file, '.ts');
  if (family === 'attack' || !file.endsWith('.ts')) continue;
  const { attacks } = (await import(path.join(directory, file))) as { attacks: readonly Attack[] };
  for (const { name, run } of attacks) {
    const label = `${family}: ${name}`;
    if (!label.includes(only)) continue;
    tried++;
    // What an attack breaks must not end the proof of the others.
    const found = await run().catch((error: unknown) => `the attempt itself failed: ${String(error)}`);
    if (found !== null) gave++;
    say(`${found === null ? 'nothing' : 'GAVE   '} ${label}${found === null ? '' : `\n        ${found}`}`);
  }
}
say(`${tried} attacks, ${gave} gave something`);
process.exitCode = gave === 0 && tried > 0 ? 0 : 1;
