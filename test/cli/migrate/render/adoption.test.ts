import { expect, it } from 'vitest';
import { renderAdoption, type Adopter } from '../../../../src/cli/migrate/render/adoption.js';
import { showIn } from '../../../../src/kit/language.js';
import { displayWidth } from '../../../../src/kit/output/text.js';
import { countAdoption, noFates, type Fate, type SurveyedItem } from '../../../../src/migrate/survey-run.js';

const item = (kind: string, owner: string, fate: Fate): SurveyedItem =>
  ({ item: { kind }, owner, fate }) as unknown as SurveyedItem;

async function* surveyed(...items: readonly SurveyedItem[]): AsyncGenerator<SurveyedItem> {
  yield* items;
}

const counted = (counts: Partial<Record<Fate, number>>): Record<Fate, number> => ({
  ...noFates(),
  ...counts,
});

it('counts files to claim apart: they have no owner', async () => {
  const { owners, claims } = await countAdoption(
    surveyed(
      item('import', 'amartin', 'imported'),
      item('claim', '-', 'as-written'),
      item('claim', '-', 'claimed'),
      item('claim', '-', 'as-written'),
    ),
  );
  expect([...owners.keys()]).toEqual(['amartin']);
  expect(claims).toEqual(counted({ 'as-written': 2, claimed: 1 }));
});

it('says how many files wait and were claimed, and names no owner for them', () => {
  const text = renderAdoption([], counted({ 'as-written': 2, claimed: 1, gone: 1 }));
  expect(text.replaceAll('\n', ' ')).toBe(
    'Files to claim: 2 wait, 1 was claimed, 1 is gone. They have no owner: whoever of the staff claims one owns it from then on. ' +
      'Before an upgrade to Pod 5: 2 files still to be claimed; Pod 5 keeps videos, no link and no file to claim.',
  );
  expect(renderAdoption([], counted({ claimed: 3 }))).toContain('nothing is left to import or claim');
});

it('says both where both were given, in 80 columns and in French', () => {
  const adopters: Adopter[] = [
    { owner: 'amartin', email: 'a@univ.fr', counts: counted({ 'as-written': 1, 'import-failed': 1 }) },
  ];
  showIn('fr');
  const text = renderAdoption(adopters, counted({ 'as-written': 1 }));
  showIn('en');
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    '2 enregistrements de 1 propriétaire à importer, 1 fichier à revendiquer',
  );
  for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
});
