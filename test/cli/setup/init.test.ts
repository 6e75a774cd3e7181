import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeConfiguration } from '../../../src/cli/setup/init.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-init-'))));
afterEach(() => rmSync(directory, { recursive: true }));

it.each([
  ['settings_local.py', `A = ${'['.repeat(100_000)}`],
  ['live.php', `<?php $a = ${'array('.repeat(100_000)}`],
  ['settings.json', '{"a": '],
])('names the file that it cannot take in: %s', (name, text) => {
  const source = path.join(directory, name);
  writeFileSync(source, text);
  const write = () =>
    writeConfiguration({
      root: path.resolve(import.meta.dirname, '../../..'),
      target: path.join(directory, 'bbb2pod.toml'),
      sources: [source],
    });
  expect(write).toThrow(source);
});
