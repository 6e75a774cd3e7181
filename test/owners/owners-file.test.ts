import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOfRecording, namedByPerson, parseOwnersFile } from '../../src/owners/owners-file.js';
import { anActivity, aRow, aUser, codesOf, decide, namesOf, podUser, rule, START } from './build.js';

const parse = (text: string) => parseOwnersFile(text, 'owners.csv');
const activities = [anActivity(1, [rule('user', '10')])];
const moodle = { recordingRows: [aRow(1, 2)], activities, users: [aUser(10)] };

describe('the owners file', () => {
  it('reads recordIDs, meetingIDs and user names, several owners, comments and any separator', () => {
    const file = parse(
      '\ufeff# comment\nrecordID;owner\nabc-1;jdupont\r\n"room;1";ana bob\n\nx,carl,"dora"\nY\tzed',
    );
    expect([...file.entries].map(([key, entry]) => [key, entry.usernames])).toEqual([
      ['abc-1', ['jdupont']],
      ['room;1', ['ana', 'bob']],
      ['x', ['carl', 'dora']],
      ['Y', ['zed']],
    ]);
  });

  it.each([
    ['abc;', 'owners.csv:1: no Pod user name after "abc".'],
    ['a;x\n;bob', 'owners.csv:2: the first column (recordID, meetingID or Moodle user name) is empty.'],
    ['a;x\na;y', 'owners.csv:2: "a" was already given other owners on line 1.'],
    ['a@b;x\nA@b;y', 'owners.csv:2: "A@b" was already given other owners on line 1.'],
    ['"a;x', 'owners.csv:1: a quotation mark is not closed.'],
    ['R\uFFFDunion;zoe', 'owners.csv:1: it is not in UTF-8 (in Excel: CSV UTF-8).'],
  ])('says where %j is wrong', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('never loses or invents a line', () => {
    const word = fc.stringMatching(/^[a-z0-9]{3}[a-z0-9._@-]{0,15}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(word, word), { selector: ([key]) => key }), (lines) => {
        const file = parse(['k-;first', ...lines.map(([key, name]) => `${key};${name}`)].join('\n'));
        const read = [...file.entries].slice(1).map(([key, { usernames }]) => [key, usernames[0]]);
        expect(read).toEqual(lines);
      }),
    );
  });

  it('wins over every rule, also over what Moodle marks deleted', () => {
    const facts = { ownersFile: parse(`REC-${START};boss`) };
    const deleted = { ...moodle, recordingRows: [aRow(1, 5)] };
    expect(namesOf(decide({ moodle: deleted, podUsers: [podUser(1, 'Boss')], facts }))).toEqual(['Boss']);
  });

  it('takes meetingIDs letter by letter, as BBB does, and names of people in any case', () => {
    const file = parse('Room-a;ana\nroom-A;bob\nJDupont;jd');
    const ownersOf = (meetingId: string) =>
      entryOfRecording({ recordId: 'rec', meetingId }, file)?.usernames ?? [];
    expect(['Room-a', 'room-A', 'room-a', 'jdupont'].map(ownersOf)).toEqual([['ana'], ['bob'], [], []]);
    expect(['jdupont', 'JDupont', 'room-a', 'Room-a'].map((name) => namedByPerson(name, file))).toEqual([
      ['jd'],
      ['jd'],
      [],
      ['ana'],
    ]);
  });

  it('falls to the next rule, with a note, when it names nobody of Pod', () => {
    const decision = decide({ moodle, facts: { ownersFile: parse(`rec-${START};nobody`) } });
    expect(namesOf(decision)).toEqual(['+user10']);
    expect(codesOf(decision)).toContain('note-file-user-not-in-pod');
  });

  it('maps a Moodle user name to a Pod account', () => {
    const facts = { ownersFile: parse('user10;jean.dupont') };
    const podUsers = [podUser(4, 'jean.dupont'), podUser(5, 'user10')];
    expect(namesOf(decide({ moodle, facts, podUsers }))).toEqual(['jean.dupont']);
  });
});
