import { expect, it } from 'vitest';
import { createPod, ENGINES, insertMeeting, insertUser } from '../support/pod.js';

it.each(ENGINES)('%s: gives the ids of BigBlueButton that Pod knows', async (engine) => {
  const test = await createPod({ engine, version: '4.1.0' });
  try {
    await insertUser(test.admin, 7, 'camille');
    for (const [id, meeting_id] of [
      [1, '0001-amphi'],
      [2, '0002-é tp'],
    ] as const)
      await insertMeeting(test, { id, meeting_id, owner_id: 7, name: 'Chimie', site_id: 1 });
    await test.admin('meeting_internalrecording').insert({
      id: 1,
      name: 'n',
      start_at: '2024-01-08 09:00:00',
      source_url: '',
      recording_id: 'r1',
      site_id: 1,
    });
    const { pod } = test.open();
    const ids: string[] = [];
    for await (const page of pod.bbbIds()) ids.push(...page);
    expect(ids).toEqual(['0001-amphi', '0002-é tp', 'r1']);
  } finally {
    await test.drop();
  }
});
