import { describe, expect, it } from 'vitest';
import type { MoodleFacts } from '../../src/owners/moodle-facts.js';
import type { OwnerPolicy } from '../../src/owners/policy.js';
import { anActivity, aRow, aUser, codesOf, decide, held, namesOf, podUser, rule, SEED } from './build.js';

const teacher = held(3, 10, 33, 50);
const people = [10, 11, 12, 13].map((id) => aUser(id));
const processed = [aRow(1, 2)];
const one = (participants: unknown, over: Partial<MoodleFacts> = {}): Partial<MoodleFacts> => ({
  recordingRows: processed,
  activities: [anActivity(1, participants)],
  users: people,
  ...over,
});

describe('moderators of a Moodle activity', () => {
  it('are all named ones, not the first alone', () => {
    const participants = [
      rule('all', 'all', 'viewer'),
      rule('user', '10'),
      rule('user', 11),
      rule('user', '12'),
    ];
    expect(namesOf(decide({ moodle: one(participants) }))).toEqual(['+user10', '+user11', '+user12']);
  });

  it.each([1, 2, 3, 4])('count for status %i: the Django command took 2 alone', (status) => {
    const moodle = one([rule('user', '10')], { recordingRows: [aRow(1, status)] });
    expect(namesOf(decide({ moodle }))).toEqual(['+user10']);
  });

  it('come from roles at module and course level, by id or short name', () => {
    const roleAssignments = [teacher, held(3, 11, 1001, 70), held(3, 12, 11, 40), held(3, 13, 1, 10)];
    const given = (participants: unknown, moderatorScope: 'course' | 'moodle') => {
      const moodle = one(participants, { roleAssignments, teacherIds: [10] });
      return namesOf(decide({ moodle, policy: { moderatorScope } })).sort();
    };
    for (const id of ['3', 3, 'editingteacher']) {
      expect(given([rule('role', id)], 'course')).toEqual(['+user10*', '+user11']);
      expect(given([rule('role', id)], 'moodle')).toEqual(['+user10*', '+user11', '+user12', '+user13']);
    }
    expect(given([rule('role', 'nosuchrole'), rule('user', '12')], 'course')).toEqual(['+user12']);
  });

  it('are not lost when one named user is gone', () => {
    const decision = decide({ moodle: one([rule('user', '999'), rule('user', '10')]) });
    expect(namesOf(decision)).toEqual(['+user10']);
    expect(codesOf(decision)).toContain('note-moodle-user-unknown');
  });

  it.each([
    ['deleted', { deleted: true }],
    ['suspended', { suspended: true }],
    ['nologin', { auth: 'nologin' }],
    ['unconfirmed', { confirmed: false }],
    ['foreign', { mnetHostId: 3 }],
    ['guest', { username: 'guest' }],
  ])('leave out accounts that are %s', (word, over) => {
    const moodle = one([rule('user', '10'), rule('user', '11')], { users: [aUser(10, over), aUser(11)] });
    const decision = decide({ moodle });
    expect(namesOf(decision)).toEqual(['+user11']);
    expect(codesOf(decision)).toEqual([`note-moodle-user-${word}`]);
  });

  it('keep suspended people on demand, but never create them', () => {
    const moodle = one([rule('user', '10')], { users: [aUser(10, { suspended: true })] });
    const policy = { keepSuspended: true };
    expect(namesOf(decide({ moodle, policy }))).toEqual(['(admin unresolved-no-account)']);
    expect(namesOf(decide({ moodle, policy, podUsers: [podUser(5, 'user10')] }))).toEqual(['user10']);
  });

  it('of several activities are united: a restored course copies rows', () => {
    const activities = [
      anActivity(1, [rule('user', '10'), rule('user', '11')]),
      anActivity(2, [rule('user', '11'), rule('user', '12')]),
    ];
    const decision = decide({
      moodle: { recordingRows: [aRow(1, 2), aRow(2, 2)], activities, users: people },
    });
    expect(namesOf(decision)).toEqual(['+user10', '+user11', '+user12']);
    expect(codesOf(decision)).toContain('note-several-activities');
  });

  it('are not counted twice when there are two rows or a role is held twice', () => {
    const moodle = one([rule('role', '3'), rule('user', '10')], {
      recordingRows: [aRow(1, 2), aRow(1, 1)],
      roleAssignments: [teacher, held(3, 10, 1001, 70)],
    });
    expect(namesOf(decide({ moodle }))).toEqual(['+user10']);
  });

  it('never come from an imported copy nor from a deleted activity', () => {
    const moodle = one([rule('user', '10')], {
      recordingRows: [aRow(1, 2, { imported: true }), aRow(1, 2, { headless: true })],
    });
    const recording = { meetingId: `${'c'.repeat(40)}-2-9[0]` };
    expect(namesOf(decide({ recording, moodle }))).toEqual(['(admin unresolved-no-activity)']);
  });

  it('must be enrolled actively when that is required', () => {
    const enrolments = [
      { courseId: 2, userId: 10, active: true },
      { courseId: 2, userId: 11, active: false },
    ];
    const moodle = one([rule('user', '10'), rule('user', '11')], { enrolments });
    expect(namesOf(decide({ moodle, policy: { requireEnrolment: true } }))).toEqual(['+user10']);
  });
});

describe("the site's default rule", () => {
  const given = (participants: string | null, over: Partial<MoodleFacts> = {}) =>
    decide({
      moodle: one(participants, {
        creators: [{ activityId: 1, userId: 11 }],
        enrolments: [{ courseId: 2, userId: 11, active: false }],
        roleAssignments: [teacher],
        ...over,
      }),
    });
  const ruleOf = (decision: ReturnType<typeof decide>) =>
    decision.kind === 'owners' ? decision.owners[0]?.reason.code : decision.reason.code;

  it.each(['', '[]', '{}', '[{"selectiontype":"all"', 'null', '7'])('stands for participants %j', (text) => {
    expect(namesOf(given(text))).toEqual(['+user11']);
    expect(ruleOf(given(text))).toBe('owner-moodle-default-creator');
  });

  it('stands for NULL, and names roles of the configuration', () => {
    expect(namesOf(given(null, { moderatorDefault: '0,3' })).sort()).toEqual(['+user10', '+user11']);
    expect(namesOf(given(null, { moderatorDefault: '3' }))).toEqual(['+user10']);
  });

  it('wants the creator enrolled; else the creator is only a fall-back, marked so', () => {
    expect(ruleOf(given('[]', { enrolments: [] }))).toBe('owner-moodle-creator');
  });

  it('does not stand for an object with numeric keys: these are rules', () => {
    const object = { 0: rule('all', 'all', 'viewer'), 5: rule('user', '12') };
    expect(namesOf(given(JSON.stringify(object)))).toEqual(['+user12']);
  });
});

describe('fall-backs', () => {
  const creators = [{ activityId: 1, userId: 11 }];
  const viewers = [rule('all', 'all', 'viewer')];

  it('never enumerate everybody', () => {
    const decision = decide({ moodle: one([rule('all', 'all')], { creators }) });
    expect(namesOf(decision)).toEqual(['+user11']);
    expect(codesOf(decision)).toContain('note-everyone-moderator');
  });

  it('go from the creator to the teachers of the course, then to nobody', () => {
    const roleAssignments = [teacher];
    expect(namesOf(decide({ moodle: one(viewers, { creators, roleAssignments }) }))).toEqual(['+user11']);
    expect(namesOf(decide({ moodle: one(viewers, { roleAssignments }) }))).toEqual(['+user10']);
    const none = one(viewers, { roleAssignments: [held(3, 10, 11, 40)] });
    expect(namesOf(decide({ moodle: none }))).toEqual(['(admin unresolved-no-moderator)']);
    expect(namesOf(decide({ moodle: none, policy: { unresolved: 'skip' } }))).toEqual([
      '(skip unresolved-no-moderator)',
    ]);
  });

  it('also stand in when no moderator has an account and none may be created', () => {
    const moodle = one([rule('user', '12')], { creators });
    const decision = decide({ moodle, podUsers: [podUser(3, 'user11')], policy: { createUsers: false } });
    expect(namesOf(decision)).toEqual(['user11']);
    expect(codesOf(decision)).toContain('note-user-not-in-pod');
  });
});

describe('the match of a recording', () => {
  const activities = [anActivity(1, [rule('user', '10')]), anActivity(2, [rule('user', '11')])];
  const given = (meetingId: string, over: Partial<MoodleFacts> = {}) =>
    decide({ recording: { meetingId }, moodle: { activities, users: people, ...over } });

  it('takes seed and activity id, with or without group, whatever the course says', () => {
    for (const id of [`${SEED}-2-1[0]`, `${SEED}-2-1`, `${SEED}-99-1[7]`, `${SEED}-2-1[]`]) {
      expect(namesOf(given(id))).toEqual(['+user10']);
      expect(codesOf(given(id))).toContain('note-matched-by-meeting');
    }
  });

  it('takes the seed alone only when one activity has it', () => {
    expect(namesOf(given(`${SEED}-2-77[0]`))).toEqual(['(admin unresolved-no-activity)']);
    expect(codesOf(given(`${SEED}-2-77[0]`))).toContain('note-seed-ambiguous');
    expect(namesOf(given(`${SEED}-2-77[0]`, { activities: activities.slice(1) }))).toEqual(['+user11']);
  });

  it('never takes the activity id alone: another site has such an activity too', () => {
    expect(namesOf(given(`${'d'.repeat(40)}-2-1[0]`))).toEqual(['(admin unresolved-no-activity)']);
  });

  it('takes status 0 by its meetingID and says so; skips what Moodle marks deleted', () => {
    const awaiting = given(`${SEED}-2-1[0]`, { recordingRows: [aRow(1, 0)] });
    expect(namesOf(awaiting)).toEqual(['+user10']);
    expect(codesOf(awaiting)).toContain('note-status-awaiting');
    const deleted = given(`${SEED}-2-1[0]`, { recordingRows: [aRow(1, 5)] });
    expect(namesOf(deleted)).toEqual(['(skip skip-deleted-in-moodle)']);
  });

  it('says why it was not made: ignored server, no database, Greenlight', () => {
    expect(namesOf(decide({ policy: { ignoredServers: ['Moodle.example'] } }))).toEqual([
      '(admin unresolved-ignored-server)',
    ]);
    expect(namesOf(decide({}))).toEqual(['(admin unresolved-no-moodle)']);
    expect(namesOf(decide({ recording: { metadata: { 'bbb-origin': 'greenlight' } } }))).toEqual([
      '(admin unresolved-greenlight)',
    ]);
  });
});

describe('a recording of a group', () => {
  const participants = [rule('role', 4), rule('user', 13)];
  const group = (over: Partial<MoodleFacts>, policy: Partial<OwnerPolicy> = {}, groupMode = 1) =>
    namesOf(
      decide({
        moodle: {
          recordingRows: [aRow(1, 2, { groupId: 5 })],
          activities: [anActivity(1, participants, { groupMode })],
          users: [10, 11, 12, 13].map((id) => aUser(id)),
          roleAssignments: [
            held(4, 10, 33, 50),
            held(4, 11, 33, 50),
            held(4, 12, 33, 50),
            held(3, 13, 33, 50),
          ],
          groupMembers: [
            { groupId: 5, userId: 10 },
            { groupId: 6, userId: 11 },
          ],
          ...over,
        },
        policy,
      }),
    );

  it('goes to its members, and to those who see every group', () => {
    expect(group({})).toEqual(['+user13', '+user10']);
    expect(group({}, { groupTeachers: 'all' })).toEqual(['+user13', '+user10', '+user11', '+user12']);
    expect(group({}, {}, 2)).toHaveLength(4);
  });

  it('follows what roles say of moodle/site:accessallgroups, nearest context first', () => {
    const says = (roleId: number, contextId: number, permission: number) => ({
      roleId,
      contextId,
      permission,
    });
    expect(group({ groupRules: [says(4, 1, 1)] })).toEqual(['+user10', '+user11', '+user12']);
    expect(group({ groupRules: [says(4, 1, 1), says(4, 33, -1)] })).toEqual(['+user10']);
    expect(group({ groupRules: [says(4, 33, 1), says(4, 1, -1000)] })).toEqual(['+user10']);
  });

  it('falls to the course teachers when no moderator sees it', () => {
    expect(
      group({ groupMembers: [], activities: [anActivity(1, [rule('role', 4)], { groupMode: 1 })] }),
    ).toEqual(['+user13']);
  });

  it('is for everybody when only its meetingID has a group and groups are off', () => {
    expect(group({ recordingRows: [aRow(1, 2, { groupId: 0 })] })).toHaveLength(4);
  });
});

describe("a deleted activity's recording", () => {
  const course = { id: 2, name: 'Algèbre & co', shortName: 'ALG', contextPath: [1, 11, 33] };
  const gone = (over: Partial<MoodleFacts> = {}): Partial<MoodleFacts> => ({
    courses: [course],
    users: people,
    roleAssignments: [teacher, held(4, 11, 33, 50), held(3, 12, 11, 40)],
    ...over,
  });
  const owners = (
    metadata: Record<string, string>,
    moodle = gone(),
    policy: Partial<OwnerPolicy> = {},
    meetingId = `${'b'.repeat(40)}-2-99[0]`,
  ): string[] =>
    namesOf(
      decide({ recording: { meetingId, metadata: { 'bbb-origin': 'Moodle', ...metadata } }, moodle, policy }),
    );
  const nobody = ['(admin unresolved-no-activity)'];

  it('goes to those who may edit its course, as the last rule, and not to those above it', () => {
    const headless = gone({ recordingRows: [aRow(99, 2, { headless: true })] });
    // Its row proves it, whatever the course is called.
    expect(owners({ 'bbb-context': 'Autre nom' }, headless)).toEqual(['+user10']);
    expect(owners({}, gone({ recordingRows: [aRow(99, 2, { imported: true, courseId: 7 })] }))).toEqual([
      '+user10',
    ]);
    expect(owners({}, gone(), { unresolved: 'skip' })).toEqual(['+user10']);
  });

  it('finds the course by what the application told, before the meetingID', () => {
    const courses = [course, { ...course, id: 3, contextPath: [1, 11, 34] }];
    const moodle = gone({ courses, roleAssignments: [teacher, held(3, 13, 34, 50)] });
    expect(owners({ 'bbb-context-id': '3' }, moodle)).toEqual(['+user13']);
    expect(owners({ 'bbb-context-id': '44' }, moodle)).toEqual(['+user10']);
    expect(owners({ 'bbb-context-id': 'x; DROP' }, moodle)).toEqual(['+user10']);
  });

  it('is not given by a course number of another Moodle', () => {
    expect(owners({ 'bbb-context': 'Chimie', 'bbb-context-label': 'CHI' })).toEqual(nobody);
    expect(owners({ 'bbb-context': ' ALGÈBRE &amp; co' })).toEqual(['+user10']);
    expect(owners({ 'bbb-context': 'Chimie' }, gone(), { moodleOrigin: 'named' })).toEqual(['+user10']);
    expect(owners({}, gone(), { moodleOrigin: 'other' })).toEqual(nobody);
    // Activity 1 is here, and has another seed.
    const taken = gone({ activities: [anActivity(1, '[]', { seed: 'c'.repeat(40) })] });
    expect(owners({}, taken, {}, `${'b'.repeat(40)}-2-1[0]`)).toEqual(nobody);
  });

  it('leaves out whom every rule leaves out, and stays deleted where Moodle says so', () => {
    const users = [aUser(10, { suspended: true })];
    const decision = decide({
      recording: { meetingId: `${'b'.repeat(40)}-2-99[0]` },
      moodle: gone({ users }),
    });
    expect([namesOf(decision), codesOf(decision)]).toEqual([nobody, ['note-moodle-user-suspended']]);
    expect(owners({}, gone({ recordingRows: [aRow(99, 5, { headless: true })] }))).toEqual([
      '(skip skip-deleted-in-moodle)',
    ]);
  });
});
