import { describe, expect, it } from 'vitest';
import type { GreenlightFacts, GreenlightUser } from '../../src/owners/greenlight-facts.js';
import { indexGreenlightFacts } from '../../src/owners/greenlight-index.js';
import { greenlightSectionsFor } from '../../src/owners/greenlight-section.js';
import { parseOwnersFile } from '../../src/owners/owners-file.js';
import type { Recording } from '../../src/bbb/recording.js';
import { decide, namesOf, podUser } from './build.js';

const recording = { meetingId: 'room', metadata: { 'bbb-origin': 'Greenlight' } };
const user = (id: string, over: Partial<GreenlightUser> = {}): GreenlightUser => ({
  id,
  name: id,
  email: `${id}@univ.example`,
  provider: 'greenlight',
  username: '',
  externalId: '',
  status: 'active',
  ...over,
});
const site = (
  section: string,
  owner: GreenlightUser,
  over: Partial<GreenlightFacts> = {},
  shared: 'none' | 'owners' = 'none',
) =>
  indexGreenlightFacts(
    {
      version: 3,
      rooms: [{ id: '1', meetingId: 'room', name: `Room of ${owner.name}`, ownerId: owner.id }],
      users: [owner],
      shares: [],
      byHash: [],
      byRecording: [],
      population: [{ provider: owner.provider, domain: 'univ.example' }],
      ...over,
    },
    { section, provider: null, match: ['external_id', 'email'], shared },
  );

describe('which Greenlights are asked', () => {
  const of = (metadata: Record<string, string>, meetingId = 'x'): readonly string[] =>
    greenlightSectionsFor({ metadata, meetingId } as unknown as Recording, ['a.univ.fr', 'b.univ.fr'], {
      'b.univ.fr': ['visio.univ.fr'],
    });

  it('the one that is named, by name, alias or callback; else all; none for Moodle and Pod', () => {
    expect(of({ 'bbb-origin': 'greenlight', 'bbb-origin-server-name': 'A.univ.fr' })).toEqual(['a.univ.fr']);
    expect(of({ 'bbb-origin': 'Greenlight', 'bbb-origin-server-name': 'https://visio.univ.fr/' })).toEqual([
      'b.univ.fr',
    ]);
    expect(of({ 'bbb-origin': 'greenlight', endcallbackurl: 'https://a.univ.fr/meeting_ended' })).toEqual([
      'a.univ.fr',
    ]);
    expect(of({ 'bbb-origin': 'greenlight' })).toEqual(['a.univ.fr', 'b.univ.fr']);
    expect(of({})).toEqual(['a.univ.fr', 'b.univ.fr']);
    expect(of({ 'bbb-origin': 'Moodle' })).toEqual([]);
    expect(of({}, '0042-meeting')).toEqual([]);
  });
});

describe('a room in two Greenlights', () => {
  it('of the same address is one person: 2 beside the 3 that took its rooms over', () => {
    const both = [
      site('old', user('ann', { username: 'amartin', provider: 'ldap' }), { version: 2 }),
      site('new', user('n', { email: 'ANN@univ.example' })),
    ];
    const decision = decide({ recording, facts: { greenlights: both }, podUsers: [podUser(1, 'amartin')] });
    expect(namesOf(decision)).toEqual(['amartin']);
  });

  it('of two people is nobody', () => {
    const both = [site('one', user('ann')), site('two', user('bob'))];
    const podUsers = [podUser(1, 'ann'), podUser(2, 'bob')];
    expect(namesOf(decide({ recording, facts: { greenlights: both }, podUsers }))).toEqual([
      '(admin unresolved-greenlight-doubled)',
    ]);
  });
});

describe('who shares a room', () => {
  const [ann, bob] = [user('ann'), user('bob')];
  const given = (shared: 'none' | 'owners', ...names: string[]): string[] => {
    const facts = {
      users: [ann, bob],
      shares: [{ roomId: '1', userId: 'bob' }],
    };
    const podUsers = names.map((name, i) => podUser(i + 1, name));
    return namesOf(
      decide({ recording, facts: { greenlights: [site('default', ann, facts, shared)] }, podUsers }),
    );
  };

  it('owns beside the owner where that is asked for, else only where the owner has no account', () => {
    expect(given('none', 'ann', 'bob')).toEqual(['ann']);
    expect(given('owners', 'ann', 'bob')).toEqual(['ann', 'bob']);
    expect(given('none', 'bob')).toEqual(['bob']);
  });
});

describe('the owners file', () => {
  it('settles a person of Greenlight by address, and a room by its meetingID', () => {
    const facts = (text: string) => ({
      greenlights: [site('default', user('ann'))],
      ownersFile: parseOwnersFile(text, 'owners.csv'),
    });
    const podUsers = [podUser(1, 'amartin'), podUser(2, 'ann')];
    const given = (text: string) => namesOf(decide({ recording, facts: facts(text), podUsers }));
    expect(given('')).toEqual(['ann']);
    expect(given('Ann@univ.example;amartin')).toEqual(['amartin']);
    expect(given('room;amartin')).toEqual(['amartin']);
  });
});
