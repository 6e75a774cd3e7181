import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../src/cli/live/settings.js';
import { readLiveStatus } from '../../../src/cli/live/status.js';
import type { Context } from '../../../src/cli/kit/context.js';
import { loadConfiguration } from '../../../src/kit/config/load.js';

it("warns of a finished recording that Pod's job has not taken for ten minutes, and of no other", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-live-status-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const loaded = loadConfiguration({ file: null, environment: {}, readSecretFile: () => '' });
  const context = {
    ...{ loaded, configuration: loaded.configuration, stateDirectory: directory },
    signal: new AbortController().signal,
  } as unknown as Context;
  const file = (name: string): string => {
    writeFileSync(path.join(directory, name), 'film');
    return path.join(directory, name);
  };
  const ago = (minutes: number): number => Date.now() - minutes * 60_000;
  const store = openStore(context);
  store.remember({
    ...store.memory(),
    handedOver: [
      { path: file('late.mp4'), at: ago(11) },
      { path: file('fresh.mp4'), at: ago(9) },
      { path: path.join(directory, 'taken.mp4'), at: ago(60) },
    ],
  });
  const { warnings } = await readLiveStatus(context);
  expect(warnings).toEqual([expect.stringMatching(/11 min: .*late\.mp4/)]);
});
