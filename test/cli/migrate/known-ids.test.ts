import { expect, it } from 'vitest';
import { knownIdsOf, type IdSources } from '../../../src/cli/migrate/known-ids.js';
import type { PodExternalRecording } from '../../../src/migrate/pod-port.js';
import { parseOwnersFile } from '../../../src/owners/owners-file.js';

const id = (digit: string): string => `${digit.repeat(40)}-1700000000000`;
const gather = async (ids: AsyncIterable<string> | Iterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const one of ids) found.push(one);
  return found;
};

it('asks a server by what the owners file, Pod and Moodle know, each id in the kind it is', async () => {
  const pod: IdSources['pod'] = {
    async *externalRecordings() {
      yield [
        { sourceUrl: `https://b.fr/playback/presentation/2.3/${id('a')}` },
        { sourceUrl: 'https://tube.example/w/x' },
      ] as PodExternalRecording[];
    },
    async *bbbIds() {
      yield ['0042-algebre'];
      yield [id('d')];
    },
  };
  const moodle = {
    async *meetingIds() {
      yield ['seed-2-1[0]', id('b')];
      yield ['seed-2-2[0]'];
    },
  };
  let opened = 0;
  const known = knownIdsOf({
    pod,
    sites: async () => {
      opened++;
      return [moodle];
    },
    ownersFile: parseOwnersFile(`Room-With-Capitals;anne\n${id('C')};bob\n`, 'owners.csv'),
  });
  expect(opened).toBe(0);
  expect(await gather(known.meetingIds)).toEqual([
    'Room-With-Capitals',
    '0042-algebre',
    'seed-2-1[0]',
    'seed-2-2[0]',
  ]);
  expect(await gather(known.recordIds)).toEqual([id('a'), id('c'), id('d'), id('b')]);
});
