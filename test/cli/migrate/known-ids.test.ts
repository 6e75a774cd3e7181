import { expect, it } from 'vitest';
import { knownIdsOf } from '../../../src/cli/migrate/known-ids.js';
import type { GreenlightDatabase } from '../../../src/migrate/greenlight-port.js';
import type { MoodleDatabase } from '../../../src/migrate/moodle-port.js';
import type { PodDatabase } from '../../../src/migrate/pod-port.js';
import { parseOwnersFile } from '../../../src/owners/owners-file.js';

const id = (digit: string): string => `${digit.repeat(40)}-1700000000000`;
const gather = async (ids: AsyncIterable<string> | Iterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const one of ids) found.push(one);
  return found;
};

it("asks a server by Moodle's meetings and by the recordings of Pod and Moodle", async () => {
  const pod = {
    async *externalRecordings() {
      yield [
        { sourceUrl: `https://b.fr/playback/presentation/2.3/${id('a')}` },
        { sourceUrl: 'https://tube.example/w/x' },
      ];
    },
  } as unknown as PodDatabase;
  const moodle = {
    async *meetingIds() {
      yield ['seed-2-1[0]', id('b')];
      yield ['seed-2-2[0]'];
    },
  } as unknown as MoodleDatabase;
  const known = knownIdsOf(pod, [moodle]);
  expect(await gather(known.meetingIds)).toEqual(['seed-2-1[0]', 'seed-2-2[0]']);
  expect(await gather(known.recordIds)).toEqual([id('a'), id('b')]);
});

it("asks by Greenlight's rooms and by the owners file, too", async () => {
  const pod = {
    async *externalRecordings() {
      yield [];
    },
  } as unknown as PodDatabase;
  const greenlight = {
    async *meetingIds() {
      yield ['room-a'];
      yield ['room-b'];
    },
  } as unknown as GreenlightDatabase;
  const file = parseOwnersFile(`${id('c')};amartin\n0042-meeting;bob`, 'owners.csv');
  const known = knownIdsOf(pod, [], [greenlight], file);
  expect(await gather(known.meetingIds)).toEqual(['0042-meeting', 'room-a', 'room-b']);
  expect(await gather(known.recordIds)).toEqual([id('c')]);
});
