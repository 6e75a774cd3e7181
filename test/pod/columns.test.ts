import { describe, expect, it } from 'vitest';
import { newRecording, sameRecording } from '../../src/pod/database/external-recordings.js';
import { PodSchema } from '../../src/pod/database/schema.js';
import type { TableUse } from '../../src/pod/database/tables.js';

const column = (name: string) => ({
  table: 'films',
  column: name,
  type: 'text',
  length: null,
  nullable: true,
  hasDefault: false,
  characterSet: null,
});
const films: TableUse = {
  table: 'films',
  columns: ['id', 'title', 'licence'],
  varying: ['licence'],
  rights: ['SELECT'],
};

describe('a column that only some versions of Pod have', () => {
  it('is not missed where it is not, and neither read nor written', () => {
    const old = new PodSchema(['id', 'title'].map(column), []);
    expect(old.missing([films])).toEqual([]);
    expect(old.present('films', films.columns)).toEqual(['id', 'title']);
    expect(old.insertable('films', films.columns)).toEqual(['title']);
  });

  it('is read and written where it is; others are missed', () => {
    const schema = new PodSchema(['id', 'licence'].map(column), []);
    expect(schema.missing([films])).toEqual(['films.title']);
    expect(schema.insertable('films', films.columns)).toEqual(['licence']);
  });
});

describe('a row of external recordings', () => {
  const row = {
    id: 3,
    ...newRecording(7, { name: 'CM 1', startAt: 0, sourceUrl: 'https://b/1', siteId: 1 }),
  };

  it('is nobody’s in Pod yet when it is new', () => {
    expect(row).toMatchObject({ ownerId: 7, type: 'bigbluebutton', state: null, uploadedToPodById: null });
  });

  it('is as it was written when all that the journal knows of it stands', () => {
    const before = Object.fromEntries(Object.entries(row).filter(([field]) => field !== 'state'));
    expect(sameRecording(row, { ...row })).toBe(true);
    expect(sameRecording(before as unknown as typeof row, row)).toBe(true);
    expect(sameRecording(row, { ...row, uploadedToPodById: 7 })).toBe(false);
  });
});
