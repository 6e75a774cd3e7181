import { closeSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isExecutable } from '../kit/adapters/files/is-executable.js';
import { openNamedFile } from '../kit/adapters/files/open-named-file.js';
import { texts } from './texts.js';

export interface ChromiumBinary {
  readonly path: string;
  /** True for chrome-headless-shell, the only one that has HeadlessExperimental.beginFrame. */
  readonly headlessShell: boolean;
}

const SHELLS = ['/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium-headless-shell'];
/** Debian's start scripts stay between us and the browser; the binary itself dies with its parent. */
const BEHIND_SCRIPT: Readonly<Record<string, string>> = {
  '/usr/bin/chromium-headless-shell': '/usr/lib/chromium/chromium-headless-shell',
};

/**
 * Finds the browser to start.
 * @param configured `recorder.chromium`.
 * @param preferShell takes chromium-headless-shell when it is installed beside Debian's Chromium.
 * @throws OperatorError chromium-missing, chromium-snap
 */
export function findChromium(configured: string, preferShell: boolean): ChromiumBinary {
  if (preferShell && configured === '/usr/bin/chromium') {
    const shell = SHELLS.find(isExecutable);
    if (shell !== undefined) return { path: shell, headlessShell: true };
  }
  if (!isExecutable(configured)) throw texts.chromiumMissing({ path: configured });
  if (isSnap(configured)) throw texts.chromiumSnap({ path: configured });
  const behind = BEHIND_SCRIPT[configured];
  const binary = behind !== undefined && isExecutable(behind) ? behind : configured;
  return { path: binary, headlessShell: path.basename(binary).includes('headless-shell') };
}

/** Ubuntu's /usr/bin/chromium-browser is a script that calls a snap; snap binaries live below /snap. */
function isSnap(file: string): boolean {
  const real = realpathSync(file);
  if (real.startsWith('/snap/') || path.basename(real) === 'snap') return true;
  const head = Buffer.alloc(2048);
  const { descriptor } = openNamedFile(real);
  try {
    const length = readSync(descriptor, head, 0, head.length, 0);
    const text = head.subarray(0, length).toString('latin1');
    return text.startsWith('#!') && text.includes('/snap/bin/');
  } finally {
    closeSync(descriptor);
  }
}
