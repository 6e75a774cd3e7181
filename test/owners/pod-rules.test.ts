import { describe, expect, it } from 'vitest';
import type { OwnerPolicy } from '../../src/owners/policy.js';
import { codesOf, decide, namesOf, podMeeting, podUser, START, type Given } from './build.js';

const users = [podUser(7, 'owner'), podUser(8, 'second')];
const pod = (over: Given & { callback?: string } = {}) =>
  decide({
    ...over,
    podUsers: over.podUsers ?? users,
    recording: {
      meetingId: '0042-meeting',
      metadata:
        over.callback === undefined ? {} : { endcallbackurl: `https://${over.callback}/meeting/end/` },
      ...over.recording,
    },
  });
const meetings = (...list: ReturnType<typeof podMeeting>[]) => ({ facts: { podMeetings: list } });

describe('owners by Pod meetings', () => {
  it('are the owner and the additional owners', () => {
    const given = meetings(podMeeting(42, { additionalOwnerIds: [8, 7] }));
    expect(namesOf(pod({ ...given, callback: 'pod.example' }))).toEqual(['owner', 'second']);
  });

  it('survive a rename: the number alone matches', () => {
    const renamed = meetings(podMeeting(42, { meetingId: '0042-new-name' }));
    const decision = pod({ ...renamed, callback: 'pod.example' });
    expect(namesOf(decision)).toEqual(['owner']);
    expect(decision.kind === 'owners' && decision.owners[0]?.reason.code).toBe('owner-pod-meeting-renamed');
  });

  it("never are those of another application's meeting of the same name", () => {
    const decision = pod({ ...meetings(podMeeting(42)), callback: 'pod-dev.example' });
    expect(namesOf(decision)).toEqual(['(admin unresolved-origin)']);
    expect(codesOf(decision)).toEqual(['note-meeting-of-another-application']);
  });

  it('are only possible without metadata on a shared server', () => {
    const decision = pod(meetings(podMeeting(42)));
    expect(namesOf(decision)).toEqual(['(admin unresolved-origin)']);
    expect(codesOf(decision)).toEqual(['note-possible-pod-owner']);
    expect(namesOf(pod({ ...meetings(podMeeting(42)), policy: { sharedServer: false } }))).toEqual(['owner']);
  });

  it('by number and without metadata want a session later than the meeting', () => {
    const at = (createdAt: number | null) => {
      const given = meetings(podMeeting(42, { meetingId: '0042-new', createdAt }));
      return namesOf(pod({ ...given, policy: { sharedServer: false } }));
    };
    expect(at(START - 1)).toEqual(['owner']);
    expect(at(START + 1)).toEqual(['(admin unresolved-origin)']);
    expect(at(null)).toEqual(['(admin unresolved-origin)']);
  });

  it('of two sites are those of the site that BBB calls back', () => {
    const other = { meetingId: '0042-meeting', siteId: 2, siteDomain: 'pod2.example:8080', ownerId: 8 };
    const two = meetings(podMeeting(42), podMeeting(43, other));
    const policy = { podHosts: ['pod.example', 'pod2.example'] };
    expect(namesOf(pod({ ...two, policy, callback: 'pod2.example' }))).toEqual(['second']);
    expect(namesOf(pod({ ...two, policy, callback: 'pod.example' }))).toEqual(['owner']);
  });

  it('go to the site of the meeting, unless the server has one of its own', () => {
    const site2 = podMeeting(42, { siteId: 2, siteDomain: 'pod2.example' });
    const users = [podUser(7, 'owner', { siteIds: [2] })];
    const of = (policy: Partial<OwnerPolicy>) =>
      pod({
        ...meetings(site2),
        policy: { podHosts: ['pod2.example'], ...policy },
        callback: 'pod2.example',
        podUsers: users,
      });
    expect(of({})).toMatchObject({ siteId: 2, owners: [{ warnings: [] }] });
    const named = of({ siteIsNamed: true });
    expect(named).not.toHaveProperty('siteId');
    expect(named).toMatchObject({ owners: [{ warnings: [{ code: 'owner-of-another-site' }] }] });
  });

  it('come with a warning when the owner cannot see the row', () => {
    const blind = [podUser(7, 'owner', { isStaff: false, isActive: false, siteIds: [2] })];
    const decision = pod({ ...meetings(podMeeting(42)), callback: 'pod.example', podUsers: blind });
    const warnings = decision.kind === 'owners' ? decision.owners[0]?.warnings.map((w) => w.code) : [];
    expect(warnings).toEqual(['owner-inactive', 'owner-not-staff', 'owner-of-another-site']);
  });

  it('are not looked for when Greenlight made the meeting', () => {
    const recording = { metadata: { 'bbb-origin': 'greenlight' } };
    const decision = pod({ ...meetings(podMeeting(42)), policy: { sharedServer: false }, recording });
    expect(namesOf(decision)).toEqual(['(admin unresolved-greenlight)']);
  });
});

describe('owners by attendance and session log', () => {
  it('are the moderators whom Pod 3 recorded', () => {
    const attendees = [
      { internalMeetingId: `rec-${START}`, userIds: [8, 7, 8] },
      { internalMeetingId: 'other', userIds: [9] },
    ];
    expect(namesOf(pod({ facts: { attendees } }))).toEqual(['second', 'owner']);
  });

  it('are whoever opened the session that began then, when it was one person', () => {
    const row = (creatorId: number | null, createdAt = START + 30_000) => ({
      meetingPk: 42,
      createdAt,
      creatorId,
    });
    const given = (...sessions: ReturnType<typeof row>[]) =>
      pod({ facts: { podMeetings: [podMeeting(42)], sessions } });
    expect(namesOf(given(row(8), row(null), row(7, START + 600_000)))).toEqual(['second']);
    expect(namesOf(given(row(8), row(7)))).toEqual(['(admin unresolved-origin)']);
    expect(codesOf(given(row(8), row(7)))).toContain('note-session-log-ambiguous');
  });

  it('give nothing when the account is gone', () => {
    const attendees = [{ internalMeetingId: `rec-${START}`, userIds: [99] }];
    const decision = pod({ facts: { attendees } });
    expect(namesOf(decision)).toEqual(['(admin unresolved-no-account)']);
    expect(codesOf(decision)).toEqual(['note-pod-user-gone']);
  });
});
