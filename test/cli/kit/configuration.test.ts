import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readConfiguration } from '../../../src/cli/kit/configuration.js';
import { takeOwnEnvironment } from '../../../src/cli/kit/own-environment.js';

/* Which file a command of root is steered by. */

const isRoot = process.getuid?.() === 0;
let directory: string;

beforeEach(() => {
  // What whoever runs the tests has set would be a configuration.
  const own = takeOwnEnvironment();
  for (const name of Object.keys(own)) Reflect.deleteProperty(own, name);
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-configuration-'));
  vi.spyOn(process, 'cwd').mockReturnValue(directory);
  vi.spyOn(process, 'getuid').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

function write(folder: string, { mode = 0o644, uid = 0 } = {}): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'bbb2pod.toml');
  writeFileSync(file, '[pod]\nsite_id = 7\n');
  chmodSync(file, mode);
  if (isRoot) chownSync(file, uid, -1);
  return file;
}

const unsafe = (detail: string) =>
  expect.objectContaining({
    code: 'config-unsafe',
    message: expect.stringContaining(detail) as string,
  }) as Error;

it('is refused where everybody may write it, named or found', () => {
  const file = write(directory, { mode: 0o666 });
  for (const named of [file, undefined])
    expect(() => readConfiguration(named, true, undefined)).toThrow(unsafe('everybody may write it'));
});

it("is refused where it lies in the current directory and is another account's; elsewhere it may be", () => {
  // Whoever runs this test is another account than root, or can make one.
  const uid = isRoot ? 12345 : os.userInfo().uid;
  const here = write(directory, { uid });
  const refusal = unsafe(`it lies in the current directory and belongs to user ${uid}`);
  for (const named of [here, undefined])
    expect(() => readConfiguration(named, true, undefined)).toThrow(refusal);
  const elsewhere = write(path.join(directory, 'etc'), { uid });
  expect(readConfiguration(elsewhere, true, undefined)).toMatchObject({ file: elsewhere });
});

it('is taken by other accounts than root as it is', () => {
  vi.mocked(process.getuid!).mockReturnValue(1000);
  const file = write(directory, { mode: 0o666, uid: 12345 });
  expect(readConfiguration(undefined, true, undefined)).toMatchObject({
    file,
    configuration: { pod: { site_id: 7 } },
  });
});

it('is not called missing where it is there and out of reach', () => {
  symlinkSync('bbb2pod.toml', path.join(directory, 'bbb2pod.toml'));
  expect(() => readConfiguration(undefined, true, undefined)).toThrow(
    expect.objectContaining({ code: 'config-unreadable' }) as Error,
  );
});
