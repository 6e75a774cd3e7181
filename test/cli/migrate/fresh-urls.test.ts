import { expect, it } from 'vitest';
import { freshUrlsOf } from '../../../src/cli/migrate/claim-tools.js';
import { loadConfiguration } from '../../../src/kit/config/load.js';

const fresh = (text: string) => {
  const loaded = loadConfiguration({ file: { path: '/c', text }, environment: {}, readSecretFile: () => '' });
  const context = { loaded, configuration: loaded.configuration, signal: new AbortController().signal };
  return freshUrlsOf(context, { findRecording: async () => null }, () => ({
    none: [],
  }));
};

it('says which key is missing where no server can be asked for a new token, and not that BBB lost the recording', async () => {
  await expect(fresh('')('default', 'r', 'video')).rejects.toMatchObject({ code: 'config-key-missing' });
  await expect(fresh('[bbb.old]\nurl="https://b.fr"\n')('default', 'r', 'video')).rejects.toMatchObject({
    parameters: { key: '[bbb] url' },
  });
  expect(await fresh('[bbb.old]\nurl="https://b.fr"\n')('old', 'r', 'video')).toBeNull();
});
