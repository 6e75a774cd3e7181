import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findChromium } from '../../src/chromium/find-chromium.js';

function fileOf(name: string, text: string): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-chromium-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
  writeFileSync(path.join(directory, name), text, { mode: 0o755 });
  return path.join(directory, name);
}

it("knows Ubuntu's snap, as the script that calls it and as the link to snap itself, and takes what is none", () => {
  const script = fileOf('chromium-browser', '#!/bin/sh\nexec /snap/bin/chromium "$@"\n');
  const link = path.join(path.dirname(script), 'chromium');
  symlinkSync(fileOf('bin/snap', 'ELF'), link);
  for (const file of [script, link])
    expect(() => findChromium(file, false)).toThrow(expect.objectContaining({ code: 'chromium-snap' }));
  const own = fileOf('chromium', '#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n');
  expect(findChromium(own, false).path).toBe(own);
});
