import { expect, it } from 'vitest';
import { conversionEvents } from '../../../src/cli/recorder/render/conversions.js';
import { Ending } from '../../../src/cli/kit/ending.js';
import type { Speaker } from '../../../src/cli/kit/speaker.js';
import { systemTexts } from '../../../src/kit/errors/system.js';

it('lists failed conversions of a server by their titles, others by what was typed', async () => {
  const ending = new Ending();
  const talk = {
    json: false,
    progress: false,
    print: () => undefined,
    say: () => undefined,
  } as unknown as Speaker;
  const { onOutcome } = await conversionEvents(talk, ending);
  const error = systemTexts.fileUnwritable({ path: '/srv', detail: 'EROFS' });
  const recordId = `${'a'.repeat(40)}-1690000000000`;
  const item = { source: { recordId }, label: recordId, outputPath: '/srv/x.mp4' };
  onOutcome({ item: { ...item, title: 'CM 3 : A/B' }, state: 'failed', error });
  onOutcome({ item: { ...item, label: '/var/published/folder' }, state: 'failed', error });
  expect(ending.failures.map(({ title, recordId: shown }) => [title, shown])).toEqual([
    ['CM 3 : A/B', recordId],
    ['folder', ''],
  ]);
});
