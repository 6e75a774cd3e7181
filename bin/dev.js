#!/usr/bin/env node
// Runs the commands from their TypeScript, without dist and without a manifest.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { register } from 'tsx/esm/api';
import { Plugin, run, settings, flush, handle } from '@oclif/core';

register();
const root = path.resolve(import.meta.dirname, '..');
const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
pjson.oclif.commands.target = './commands';
settings.enableAutoTranspile = false;
const plugin = new Plugin({ ignoreManifest: true, isRoot: true, pjson, root });
await plugin.load();
await run(process.argv.slice(2), { root, pjson, plugins: new Map([[pjson.name, plugin]]) })
  .then(() => flush())
  .catch(handle);
