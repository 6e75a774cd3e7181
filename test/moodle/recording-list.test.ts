import { expect, it } from 'vitest';
import { parseRecordingList } from '../../src/moodle/choose-recordings.js';

const every = { ofRun: null, min: 1, max: Infinity, since: null, until: null, recordIds: [] };
const parse = (text: string) =>
  parseRecordingList(text, 'list.csv', every)
    .map(({ recordId, meetingId, title, url }) => [recordId, meetingId, title, url])
    .sort();
const url = 'https://bbb.univ.example/playback/video/abcdef/';

it('reads quoted cells whole: separators, quotation marks and line breaks in them', () => {
  expect(
    parse(
      [
        '\ufeff# what moved in June',
        `abcdef;m-1;"Droit; séance ""1""";${url}`,
        `bcdefg;m-2;Cours "avancé", 12" et plus;${url}`,
        `cdefgh\t"m;3"\t"a\tb"\t${url}`,
        'defghi,"m,4","TD 1\r\nsuite"',
        'efghij',
      ].join('\r\n'),
    ),
  ).toEqual([
    ['abcdef', 'm-1', 'Droit; séance "1"', url],
    ['bcdefg', 'm-2', 'Cours "avancé", 12" et plus', url],
    ['cdefgh', 'm;3', 'a\tb', url],
    ['defghi', 'm,4', 'TD 1 suite', null],
    ['efghij', '', '', null],
  ]);
});

it('finds the columns of a report and of an export of bbb2pod by their names', () => {
  expect(parse(`state;title;recordID;url\ndone;"A; b";abcdef;${url}`)).toEqual([['abcdef', '', 'A; b', url]]);
  expect(parse(`meeting_name;source_url;record_id;meeting_id\n'=1+1;${url};abcdef;M-1`)).toEqual([
    ['abcdef', 'M-1', '=1+1', url],
  ]);
});

it.each([
  ['abcdef;m;"never closed', 'list.csv:1: a quotation mark is not closed.'],
  ['abcdef;m;"two\nlines"\n\n?;m', 'list.csv:4: "?" is no recordID.'],
])('says where %j is wrong', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
