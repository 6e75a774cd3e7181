// dist/bbb2pod.cjs is the whole program in one file (bin/bundle.js), beside it what V8 made of it. Reading both takes
// half the time that finding, reading and compiling nine hundred files does (docs/decisions/0011).
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const root = path.resolve(import.meta.dirname, '..');
export const bundleFile = path.join(root, 'dist/bbb2pod.cjs');

/** Compiled code is good for one Node and its options alone; V8 refuses any other. */
export function compiledFile(nodeOptions = process.env.NODE_OPTIONS ?? '') {
  const suffix = nodeOptions.trim().replaceAll(/[^a-z0-9=.-]+/gi, '_');
  const name = `bbb2pod-${process.version}-${process.arch}${suffix === '' ? '' : `_${suffix}`}.v8`;
  return path.join(root, 'dist', name);
}

/**
 * Compiles the bundle and runs its top level.
 * @param cachedData compiled code, or undefined to compile it now
 */
export function runBundle(cachedData) {
  // As the program itself sets them later (baseline-wasm.ts and steady-heap.ts of src/kit/adapters): compiled code is good
  // for one set of options.
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--heap-growing-percent=100');
  const script = new Script(Module.wrap(readFileSync(bundleFile, 'latin1')), {
    filename: bundleFile,
    cachedData,
  });
  const require = createRequire(bundleFile);
  const module = new Module(bundleFile);
  module.filename = bundleFile;
  // The framework requires the commands from the file that package.json names: this one, as it is.
  require.cache[bundleFile] = module;
  script
    .runInThisContext()
    .call(module.exports, module.exports, require, module, bundleFile, path.dirname(bundleFile));
  module.loaded = true;
  return { script, program: module.exports };
}

/** Where the framework finds commands and hooks: in the bundle. */
export function bundledOptions() {
  const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const target = `./${path.relative(root, bundleFile)}`;
  pjson.oclif.commands = { strategy: 'explicit', target, identifier: 'commands' };
  pjson.oclif.hooks = { command_not_found: { target, identifier: 'commandNotFound' } };
  return { root, pjson };
}

/** The program, or null where nothing is compiled for this Node: then the files of dist/src serve. */
export function loadBundle() {
  // Profilers and debuggers want the files as they are.
  if (process.execArgv.length > 0) return null;
  let compiled;
  try {
    compiled = readFileSync(compiledFile());
  } catch {
    return null;
  }
  return runBundle(compiled).program;
}
