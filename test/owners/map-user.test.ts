import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTemplate, indexPodUsers, mapMoodleUser, mapPodKey } from '../../src/owners/map-user.js';
import type { MoodleUser } from '../../src/owners/moodle-facts.js';
import type { PodUser } from '../../src/owners/pod-facts.js';
import { emptyOwnersFile, parseOwnersFile, type OwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy, type OwnerPolicy } from '../../src/owners/policy.js';
import { anActivity, aRow, aUser, codesOf, decide, namesOf, podUser, rule } from './build.js';

const given = (
  user: Partial<MoodleUser>,
  podUsers: PodUser[],
  policy: Partial<OwnerPolicy> = {},
  teacherIds: number[] = [],
  ownersFile: OwnersFile = emptyOwnersFile,
) => {
  const activities = [anActivity(1, [rule('user', '10')])];
  const moodle = { recordingRows: [aRow(1, 2)], activities, users: [aUser(10, user)], teacherIds };
  return decide({ moodle, podUsers, policy, facts: { ownersFile } });
};

describe('an account of Pod that a rule names', () => {
  it('is found by any of its keys, never guessed between two', () => {
    const pod = indexPodUsers([
      podUser(1, 'one', { email: 'One@univ.example' }),
      podUser(2, 'two', { email: 'both@univ.example' }),
      podUser(3, 'three', { email: 'BOTH@univ.example' }),
    ]);
    const found = (key: Parameters<typeof mapPodKey>[0]) => {
      const mapping = mapPodKey(key, pod);
      if (mapping.state === 'found') return mapping.users.map(({ username }) => username);
      return mapping.state === 'unresolved' ? mapping.reason.code : mapping.state;
    };
    expect(found({ by: 'id', value: 3 })).toEqual(['three']);
    expect(found({ by: 'username', value: 'ONE' })).toEqual(['one']);
    expect(found({ by: 'email', value: ' one@UNIV.example' })).toEqual(['one']);
    expect(found({ by: 'email', value: 'both@univ.example' })).toBe('note-user-ambiguous');
    expect(found({ by: 'email', value: 'nobody@univ.example' })).toBe('note-pod-user-gone');
  });
});

describe('a Moodle user in Pod', () => {
  it('is found whatever the case, when one account answers', () => {
    expect(namesOf(given({ username: 'jdupont' }, [podUser(1, 'JDupont')]))).toEqual(['JDupont']);
  });

  it('is found whatever way its accents were typed, and is made in the form that Django stores', () => {
    expect(namesOf(given({ username: 'ame\u0301lie' }, [podUser(1, 'Am\u00e9lie')]))).toEqual([
      'Am\u00e9lie',
    ]);
    expect(namesOf(given({ username: 'ame\u0301lie' }, []))).toEqual(['+am\u00e9lie']);
    const owners = parseOwnersFile('ame\u0301lie;ren\u00e9\n', 'owners.csv');
    expect(namesOf(given({ username: 'am\u00e9lie' }, [podUser(2, 'ren\u00e9')], {}, [], owners))).toEqual([
      'ren\u00e9',
    ]);
  });

  it("gets no account of a name that Pod's database takes for another's", () => {
    const pod = indexPodUsers([podUser(1, 'rene')], new Map([['ren\u00e9', 'rene']]));
    const mapping = mapMoodleUser(
      aUser(10, { username: 'Ren\u00e9' }),
      true,
      pod,
      emptyOwnersFile,
      defaultOwnerPolicy,
    );
    expect(mapping).toEqual({
      state: 'unresolved',
      reason: { code: 'note-user-name-alike', parameters: { user: 'Ren\u00e9', account: 'rene' } },
    });
  });

  it('leaves what the later rules say beside new accounts', () => {
    const decision = given({ username: 'new' }, []);
    expect(decision).toMatchObject({ kind: 'owners', next: { kind: 'admin' } });
    expect(given({ username: 'old' }, [podUser(1, 'old')])).not.toHaveProperty('next');
  });

  it('is never the first of two', () => {
    const decision = given({ username: 'jdupont' }, [podUser(1, 'JDupont'), podUser(2, 'jdupont')]);
    expect(namesOf(decision)).toEqual(['(admin unresolved-no-account)']);
    expect(codesOf(decision)).toContain('note-user-ambiguous');
  });

  it('is matched by address or number on demand', () => {
    const pod = [podUser(1, 'elsewhere', { email: 'Jean@Univ.Example' }), podUser(2, 'E1001')];
    expect(namesOf(given({ email: 'jean@univ.example' }, pod, { match: 'email' }))).toEqual(['elsewhere']);
    expect(namesOf(given({ idnumber: 'e1001' }, pod, { match: 'idnumber' }))).toEqual(['E1001']);
    expect(codesOf(given({ idnumber: '' }, pod, { match: 'idnumber' }))).toContain('note-user-without-key');
    const shared = [podUser(1, 'a', { email: 'x@y' }), podUser(2, 'b', { email: 'X@y' })];
    expect(codesOf(given({ email: 'x@y' }, shared, { match: 'email' }))).toContain('note-user-ambiguous');
  });

  it('gets no second account for an address that Pod has, in any case', () => {
    const pod = [podUser(1, 'p-durand', { email: 'Anne.Durand@Univ.Example' })];
    const decision = given({ username: 'adurand', email: ' anne.durand@univ.example' }, pod);
    expect(namesOf(decision)).toEqual(['(admin unresolved-no-account)']);
    expect(codesOf(decision)).toContain('note-user-email-in-pod');
    expect(namesOf(given({ email: 'anne.durand@univ.example' }, pod, { match: 'email' }))).toEqual([
      'p-durand',
    ]);
  });

  it('gains or loses its scope by the template', () => {
    expect(applyTemplate('bm@univ.fr', 'strip:@univ.fr')).toBe('bm');
    expect(applyTemplate('bm@else.fr', 'strip:@univ.fr')).toBe('bm@else.fr');
    expect(applyTemplate('bm', '{value}@univ.fr')).toBe('bm@univ.fr');
    expect(applyTemplate('bm@univ.fr', '{value}@univ.fr')).toBe('bm@univ.fr');
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z.]{1,20}$/), (name) => {
        expect(applyTemplate(applyTemplate(name, '{value}@u.fr'), 'strip:@u.fr')).toBe(name);
      }),
    );
  });

  it('is created in the configured case, staff only when teaching', () => {
    const user = { username: 'jd' };
    expect(namesOf(given(user, [], { usernameCase: 'upper' }))).toEqual(['+JD']);
    expect(namesOf(given(user, [], {}, [10]))).toEqual(['+jd*']);
    expect(namesOf(given(user, [], { createdUsersStaff: 'none' }, [10]))).toEqual(['+jd']);
    expect(namesOf(given(user, [], { createdUsersStaff: 'all' }))).toEqual(['+jd*']);
  });

  it('is not created when that is off, nor under a name that another address holds', () => {
    const off = given({ username: 'jd' }, [], { createUsers: false });
    expect(codesOf(off)).toContain('note-user-not-in-pod');
    const taken = given({ username: 'jd', email: 'new@u' }, [podUser(1, 'JD')], { match: 'email' });
    expect(codesOf(taken)).toContain('note-user-name-taken');
  });
});
