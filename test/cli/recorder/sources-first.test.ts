import os from 'node:os';
import { expect, it } from 'vitest';
import { listItems } from '../../../src/cli/recorder/batch.js';

type Parameters2 = Parameters<typeof listItems>;

it('looks at every source before the first one is converted', async () => {
  const context = { configuration: { recorder: { output: '/films/' } } } as unknown as Parameters2[0];
  const request = (...sources: string[]): Parameters2[1] =>
    ({ sources, options: { format: 'mp4', audioOnly: false } }) as unknown as Parameters2[1];
  await expect(listItems(context, request(os.tmpdir(), 'no-such-folder')).next()).rejects.toMatchObject({
    code: 'playback-url-unknown',
    parameters: { url: 'no-such-folder' },
  });
  const { value } = await listItems(context, request(os.tmpdir())).next();
  expect(value).toMatchObject({ source: { folder: os.tmpdir() } });
});
