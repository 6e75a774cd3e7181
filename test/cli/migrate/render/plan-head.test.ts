import { expect, it } from 'vitest';
import { describeCode } from '../../../../src/kit/errors/describe-code.js';
import { showIn } from '../../../../src/kit/language.js';
import { displayWidth } from '../../../../src/kit/output/text.js';
import { renderPlanHead, type MigrationFacts } from '../../../../src/cli/migrate/render/plan.js';

const facts = (notices: readonly string[]): MigrationFacts => ({
  mode: 'import',
  target: 'pod.univ.example',
  recordings: 3,
  listed: 3,
  filtered: 3,
  partial: [],
  usersToCreate: 0,
  unpublished: 0,
  marked: {},
  withoutCourse: 0,
  accounts: [],
  downloadBytes: 0,
  convertMs: 0,
  freeBytes: null,
  speed: null,
  notices,
});
const header = { run: '20261129-101500-abcd', counts: { import: 3, skip: 0 } };

it.each(['en', 'fr'] as const)(
  'keeps long notices at the head of a plan within 80 columns: %s',
  (language) => {
    showIn(language);
    const accounts = Array.from({ length: 5 }, (_, i) => `prenom.nomlong${i}@univ.example`).join(', ');
    const { text, remedy } = describeCode('pod-accounts-doubled', { count: 5, accounts });
    const head = renderPlanHead(header as never, facts([text, `  -> ${remedy}`]));
    showIn('en');
    const lines = head.split('\n');
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
    expect(head.replace(/\s+/g, ' ')).toContain(`${text} -> ${remedy}`.replace(/\s+/g, ' '));
    expect(lines.at(-1)).toMatch(/^ {2}(-> | {3}\S)/);
  },
);

it('says at the head of a claim plan that nobody owns what it makes, and how much comes from no course', () => {
  const head = renderPlanHead(header as never, { ...facts([]), mode: 'claim', withoutCourse: 2 });
  expect(head.split('\n').slice(3, 6)).toEqual([
    'CLAIMS HAVE NO OWNER: every staff member of Pod sees these files and',
    'can take them.',
    '2 of them do not come from a course.',
  ]);
});
