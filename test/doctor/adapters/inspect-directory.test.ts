import { chmodSync, existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectDirectory } from '../../../src/doctor/adapters/inspect-directory.js';
import { tryAsUser } from '../../../src/doctor/adapters/try-as-user.js';

const { signal } = new AbortController();
let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-inspect-'));
  chmodSync(root, 0o755);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('inspectDirectory', () => {
  it('tries a directory and leaves nothing behind', async () => {
    const facts = await inspectDirectory(root, { tryWrite: true, signal });
    expect(facts).toMatchObject({ exists: true, isDirectory: true, writable: true, detail: '', mode: 0o755 });
    expect(facts.owner).toBe(os.userInfo().username);
    expect(facts.freeBytes).toBeGreaterThan(0);
    expect(readdirSync(root)).toEqual([]);
  });

  it('says whether a missing one could be created, and creates nothing', async () => {
    const missing = path.join(root, 'a/b/c');
    expect(await inspectDirectory(missing, { tryWrite: true, signal })).toMatchObject({
      exists: false,
      writable: true,
    });
    expect(existsSync(path.join(root, 'a'))).toBe(false);
  });

  it('refuses a file and the kernel’s own trees', async () => {
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    expect(await inspectDirectory(file, { tryWrite: true, signal })).toMatchObject({
      isDirectory: false,
      writable: false,
    });
    expect((await inspectDirectory('/proc', { tryWrite: true, signal })).writable).toBe(false);
  });
});

describe('tryAsUser', () => {
  it('finds what another user may do with a file that we drop, if we are root', async () => {
    if (process.getuid?.() !== 0) {
      expect(await tryAsUser('nobody', root, { mode: 0o644, owner: null, signal })).toBeNull();
      return;
    }
    const closed = path.join(root, 'closed');
    mkdirSync(closed);
    const mine = await tryAsUser('nobody', closed, { mode: 0o644, owner: null, signal });
    expect(mine).toEqual({ canRead: true, canMove: false, canDelete: false });
    const hidden = await tryAsUser('nobody', closed, { mode: 0o600, owner: null, signal });
    expect(hidden?.canRead).toBe(false);
    const open = path.join(root, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(await tryAsUser('nobody', open, { mode: 0o600, owner: 'nobody', signal })).toEqual({
      canRead: true,
      canMove: true,
      canDelete: true,
    });
    expect(readdirSync(closed).concat(readdirSync(open))).toEqual([]);
  });

  it('knows that it cannot become a user whom the machine does not know', async () => {
    expect(await tryAsUser('no-such-user', root, { mode: 0o600, owner: null, signal })).toBeNull();
  });
});
