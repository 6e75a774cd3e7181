import { describe, expect, it } from 'vitest';
import { mayLink, mayList, tellsTooMuch } from '../../src/moodle/notice/discretion.js';
import { numberOf, periodOf } from '../../src/moodle/notice/wording.js';
import type { AnnotatedRecording } from '../../src/moodle/annotated-recording.js';
import type { ActivityText } from '../../src/moodle/ports.js';

const id = (letter: string): string => `${letter.repeat(40)}-1690000000000`;
const recording = (over: Partial<AnnotatedRecording> = {}): AnnotatedRecording => ({
  recordId: id('a'),
  title: 'T',
  startAt: 0,
  url: `https://bbb/playback/presentation/2.3/${id('a')}`,
  groupId: 0,
  isShown: true,
  isHidden: false,
  ...over,
});
const activity = (over: Partial<ActivityText> = {}): ActivityText => ({
  id: 1,
  name: 'A',
  courseId: 2,
  courseName: 'C',
  courseLanguage: '',
  intro: '',
  introFormat: 1,
  timeModified: 0,
  kind: 0,
  groupMode: 0,
  isRestricted: false,
  courseModuleId: 3,
  visible: true,
  deletionInProgress: false,
  ...over,
});

describe('a notice', () => {
  it('lists nothing in activities with groups and in mere rooms', () => {
    expect(mayList(activity(), [recording()])).toBe(true);
    expect(mayList(activity({ kind: 2 }), [recording()])).toBe(true);
    expect(mayList(activity({ kind: 1 }), [recording()])).toBe(false);
    for (const groupMode of [1, 2]) expect(mayList(activity({ groupMode }), [recording()])).toBe(false);
    expect(mayList(activity(), [recording(), recording({ groupId: 4 })])).toBe(false);
  });

  it('links only on demand, and only what every member of the course is shown', () => {
    const all = { visible: true, isRestricted: false };
    expect(mayLink(all, recording(), true)).toBe(true);
    expect(mayLink(all, recording(), false)).toBe(false);
    expect(mayLink({ ...all, visible: false }, recording(), true)).toBe(false);
    expect(mayLink({ ...all, isRestricted: true }, recording(), true)).toBe(false);
    expect(mayLink(all, recording({ isShown: false }), true)).toBe(false);
    expect(mayLink(all, recording({ isHidden: true }), true)).toBe(false);
  });

  it('of an earlier version is told by what it tells', () => {
    const judge = (old: string, over: Partial<ActivityText> = {}, links = false): boolean =>
      tellsTooMuch(old, '<p>moved</p>', { activity: activity(over), recordings: [recording()], links });
    const link = (letter: string): string =>
      `<a href="https://bbb/playback/presentation/2.0/playback.html?x=1&amp;meetingId=${id(letter)}">x</a>`;
    expect(judge('<p>moved</p>')).toBe(false);
    expect(judge(link('a'))).toBe(true);
    // Links that are allowed stay, also those of recordings that this run does not name.
    expect(judge(link('a'), {}, true)).toBe(false);
    expect(judge(link('c'), {}, true)).toBe(false);
    expect(judge(link('c'), { groupMode: 1 }, true)).toBe(true);
    expect(judge('<ul><li>Bilan du groupe A (2024-01-01)</li></ul>', { groupMode: 1 })).toBe(true);
    expect(judge('<p>2 recording(s) can no longer be reached from Moodle.</p>')).toBe(true);
    expect(judge('<p>See <a href="https://pod.univ.example/import_video/">Pod</a></p>')).toBe(false);
  });

  it('counts and dates as people say it', () => {
    expect(numberOf(1, 'en')).toBe('1 recording');
    expect(numberOf(2, 'fr')).toBe('2 enregistrements');
    expect(periodOf('01/02/2024', '01/02/2024', 'fr')).toBe('le 01/02/2024');
    expect(periodOf('2024-01-01', '2024-02-01', 'en')).toBe('from 2024-01-01 to 2024-02-01');
  });
});
