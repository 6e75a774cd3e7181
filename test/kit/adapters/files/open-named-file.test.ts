import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveAnswer, readSavedAnswer } from '../../../../src/bbb-server/saved-answer.js';
import { openGrowingFile } from '../../../../src/kit/adapters/files/growing-file.js';
import { readNamedFile, readTextFile } from '../../../../src/kit/adapters/files/read-named-file.js';
import { writeAtomically } from '../../../../src/kit/adapters/files/write-atomically.js';
import { openExportedPlan } from '../../../../src/migrate/adapters/plan-spool.js';
import { readLintFile } from '../../../../src/cluster/adapters/machine/read-tree.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-odd-'));
const pipe = path.join(work, 'pipe');
const socket = path.join(work, 'socket');
let server: Server;

beforeAll(async () => {
  execFileSync('mkfifo', [pipe]);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(work, { recursive: true, force: true });
});

const ODD = [
  [pipe, 'it is a named pipe, not a file'],
  [socket, 'it is a socket, not a file'],
  [work, 'it is a directory, not a file'],
  ['/dev/zero', 'it is a device, not a file'],
] as const;

describe('what somebody named as a file and is none', () => {
  it.each(ODD)('%s is refused at once by every reader', async (file, detail) => {
    const { signal } = new AbortController();
    const refused = { parameters: { file, detail } };
    expect(() => readNamedFile(file)).toThrow(
      expect.objectContaining({ code: 'config-unreadable', ...refused }),
    );
    await expect(readTextFile(file, signal)).rejects.toThrow(file === socket ? /ENXIO|socket/ : detail);
    await expect(readSavedAnswer(file, 'default', () => undefined, signal)).rejects.toMatchObject({
      code: 'bbb-xml-unreadable',
      ...refused,
    });
    await expect(openExportedPlan(file)).rejects.toMatchObject({ code: 'config-unreadable', ...refused });
    await expect(readLintFile(file)).rejects.toMatchObject({ code: 'config-unreadable', ...refused });
  });

  it.each(ODD)('%s is not replaced by what is written', async (file, detail) => {
    const refused = { code: 'file-unwritable', parameters: { path: file, detail } };
    await expect(writeAtomically(file, 'x')).rejects.toMatchObject(refused);
    expect(() => openGrowingFile(file)).toThrow(expect.objectContaining(refused));
    await expect(saveAnswer(file)).rejects.toMatchObject(refused);
  });

  it('reads what the shell hands over, and refuses a text that nobody wrote', () => {
    const program = `import { readNamedFile } from ${JSON.stringify(path.resolve('src/kit/adapters/files/read-named-file.ts'))};
      process.stdout.write(readNamedFile('/dev/stdin'));`;
    // Node gives its children sockets; a shell gives pipes.
    const said = execFileSync('sh', [
      '-c',
      'printf "a = 1\\n" | "$0" --import tsx --input-type=module -e "$1"',
      process.execPath,
      program,
    ]);
    expect(String(said)).toBe('a = 1\n');
    const large = path.join(work, 'large.toml');
    writeFileSync(large, '');
    truncateSync(large, 300_000_000);
    expect(() => readNamedFile(large)).toThrow(
      expect.objectContaining({ parameters: { file: large, detail: 'it is larger than 256 MB' } }),
    );
  });
});
