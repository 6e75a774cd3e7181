import { describe, expect, it } from 'vitest';
import { planOf, type Planned } from '../../../src/cli/moodle/plan.js';
import type { Journal } from '../../../src/kit/batch/journal.js';
import { migratedRecordings } from '../../../src/moodle/choose-recordings.js';
import { listed, noticePolicy } from '../../support/annotate.js';
import { parseFragment } from '../../../src/moodle/notice/parse-fragment.js';

const id = (n: number): string => `${String(n).repeat(40)}-1690000000000`;

describe('the words of a notice', () => {
  it('knows recordings that were only given as files to claim', () => {
    const items: Record<string, object[]> = {
      second: [1, 2].map((n) => ({ kind: 'claim', recordId: id(n), intent: {} })),
      first: [{ kind: 'import', recordId: id(2), intent: {} }],
    };
    const journal = {
      listRuns: () => Object.keys(items).map((run) => ({ id: run })),
      items: (run: string) => items[run] ?? [],
    } as unknown as Journal;
    const all = { ofRun: null, min: 1, max: 9, since: null, until: null, recordIds: [] };
    const found = migratedRecordings(journal, all).map(({ recordId, isClaim }) => [recordId, isClaim]);
    expect(new Map(found as [string, boolean][])).toEqual(
      new Map([
        [id(1), true],
        [id(2), false],
      ]),
    );
  });

  it('sends to the claims where all recordings of an activity are files to claim, else to the imports', async () => {
    const page = (name: string) => {
      const fragment = parseFragment(`<p>{{${name}}}</p>`, 'notice.html');
      return noticePolicy({ fragments: { fr: fragment, en: fragment } });
    };
    const recording = (n: number) => ({ ...listed(), groupId: 0, isShown: true, recordId: id(n) });
    const activity = (activityId: number) => ({
      id: activityId,
      courseId: 2,
      courseName: 'Algorithmique',
      courseLanguage: 'fr',
      name: 'CM',
      intro: '',
      introFormat: 1,
      visible: true,
    });
    const planned = {
      byActivity: new Map([
        [1, [recording(1)]],
        [2, [recording(1), recording(2)]],
      ]),
      moodle: { reader: { readActivities: async (ids: number[]) => ids.map(activity) } },
      policy: page('import_url'),
      claims: { policy: page('claim_url'), recordIds: new Set([id(1)]) },
    } as unknown as Planned;
    const told: Record<string, boolean> = {};
    for await (const action of planOf(planned, new AbortController().signal)) {
      expect(action.title).toBe('CM');
      const text = JSON.stringify(action);
      told[/"activityId":(\d)|"id":(\d)/.exec(text)?.slice(1).join('') ?? ''] = text.includes('claim_record');
    }
    expect(told).toEqual({ 1: true, 2: false });
  });
});
