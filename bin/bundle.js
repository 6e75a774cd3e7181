// Makes dist/bbb2pod.cjs and its compiled code (bin/bundled.js), for options of Node that we ship.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundledOptions, bundleFile, compiledFile, runBundle } from './bundled.js';

const root = path.resolve(import.meta.dirname, '..');
/** Those of config/systemd and docs/live.md. */
const NODE_OPTIONS = ['', '--max-semi-space-size=2'];
/** What finds files of its own, is loaded by few commands, or is native. */
const external = [
  'bullmq',
  'fluent-ffmpeg',
  'ioredis',
  'knex',
  'libsql',
  'mysql2',
  'pg',
  'puppeteer',
  'typescript',
  'undici',
];

if (process.argv[2] === 'warm') await warm();
else {
  await bundle();
  for (const options of NODE_OPTIONS) {
    const env = { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: options };
    const { status, stderr } = spawnSync(process.execPath, [import.meta.filename, 'warm'], { env });
    if (status !== 0) throw new Error(`no compiled code for NODE_OPTIONS=${options}: ${stderr}`);
  }
}

async function bundle() {
  const names = readdirSync(path.join(root, 'dist/commands'), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .sort();
  // Each command is loaded when it is asked for.
  const commands = names.map(
    (name) =>
      `get '${name.slice(0, -3).replaceAll(path.sep, ':')}'() { return require('./dist/commands/${name}').default; }`,
  );
  const contents = `export const commands = { ${commands.join(', ')} };
export { execute } from '@oclif/core/execute';
export { default as commandNotFound } from './dist/src/cli/kit/command-not-found.js';`;
  const { warnings } = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'entry.js' },
    outfile: bundleFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external,
    // `import()` of what stays outside becomes require: code from a cache has no loader of modules behind it.
    supported: { 'dynamic-import': false },
    // Names stay: they stand in reports of faults. Comments go, and with them all that is not ASCII.
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: `const bundleUrl = require('node:url').pathToFileURL(__filename).href;` },
    logLevel: 'silent',
  });
  // Such as a use of import.meta that the bundle does not have.
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  // It is read as bytes, which is quicker and takes half the memory: what esbuild leaves stands in regular expressions.
  const escape = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(bundleFile, readFileSync(bundleFile, 'utf8').replaceAll(/[^\0-\x7f]/g, escape), 'latin1');
}

/** Loads every command and runs one that needs nothing: what V8 has compiled by then is what most commands begin with. */
async function warm() {
  const { script, program } = runBundle();
  for (const name of Object.keys(program.commands)) void program.commands[name];
  process.on('exit', () => {
    writeFileSync(compiledFile(), script.createCachedData());
    process.exitCode = 0;
  });
  process.exit = () => undefined;
  await program.execute({
    args: ['live', 'status', '--config', path.join(root, 'none.toml')],
    loadOptions: bundledOptions(),
  });
}
