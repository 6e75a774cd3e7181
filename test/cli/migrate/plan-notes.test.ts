import { describe, expect, it } from 'vitest';
import { PlanNotes } from '../../../src/cli/migrate/render/plan-notes.js';
import { pseudonymised, reportItem } from '../../../src/cli/migrate/render/report.js';
import { displayWidth } from '../../../src/kit/output/text.js';
import type { MigrateAction } from '../../../src/migrate/actions.js';
import type { Reason } from '../../../src/owners/decision.js';

const action = (recordId: string, reason: string, notes: readonly Reason[], marks: readonly Reason[] = []) =>
  ({
    id: `import/${recordId}/anne`,
    kind: 'skip',
    recordId,
    reason,
    meetingId: 'm',
    startAt: 0,
    title: 't',
    origin: '',
    owner: 'anne',
    url: '',
    isHidden: false,
    marks,
    notes,
  }) as unknown as MigrateAction;
const taken = (user: string): Reason => ({
  code: 'note-user-email-in-pod',
  parameters: { user, email: `${user}@univ.fr`, account: 'x' },
});
const suspended: Reason = { code: 'note-moodle-user-suspended', parameters: { user: 'susp' } };
const notStaff: Reason = { code: 'owner-not-staff', parameters: { user: 'anne' } };

describe('what a plan says to look at', () => {
  it('is each warning once, with its remedy and the number of recordings, in 80 columns', () => {
    const notes = new PlanNotes(false);
    notes.add(action('a', 'owner-file', [taken('bob')], [notStaff]));
    notes.add(action('a', 'owner-file', [taken('bob')]));
    notes.add(action('b', 'owner-file', [taken('bob'), suspended]));
    const text = notes.render();
    expect(text.replace(/\s+/g, ' ')).toContain('second account is made (t and 1 more)');
    expect(text).toContain('owners file: bob;x');
    expect(text).toContain("anne is not staff in Pod and will not see it (t)\n    -> In Pod's");
    // Somebody else owns it: that one was left out is no warning.
    expect(text).not.toContain('susp');
    for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });

  it('tells whom a rule left out where nobody is left', () => {
    const notes = new PlanNotes(false);
    notes.add(action('a', 'unresolved-no-account', [suspended]));
    expect(notes.render()).toContain('left out: susp is suspended in Moodle');
    expect(new PlanNotes(true).render()).toBe('');
  });

  it('leaves out what a weaker rule could not tell where a stronger one did', () => {
    const possible: Reason = {
      code: 'note-possible-pod-owner',
      parameters: { meeting: '0042-b', owner: 'dora', asked: '0042-a' },
    };
    const [named, unknown] = [new PlanNotes(false), new PlanNotes(false)];
    named.add(action('a', 'owner-session-log', [possible]));
    expect(named.render()).toBe('');
    unknown.add(action('a', 'unresolved-origin', [possible]));
    expect(unknown.render().replace(/\s+/g, ' ')).toContain('owners file: 0042-a;dora');
  });

  it('keeps twenty of a kind unless all are asked for', () => {
    const [few, all] = [new PlanNotes(false), new PlanNotes(true)];
    for (let n = 0; n < 30; n++)
      for (const notes of [few, all]) notes.add(action(`r${n}`, 'owner-file', [taken(`user${n}`)]));
    expect(few.render()).toContain('and 10 more (--all');
    expect(few.render()).not.toContain('user25');
    expect(all.render()).toContain('user25');
  });

  it('leads to the row in the administration of Pod, once it is written', () => {
    const linkOf = (state: 'done' | 'failed', podUrl: string | undefined) =>
      reportItem(
        {
          ...action('a', 'owner-file', [], []),
          kind: 'import',
          write: { owner: { userId: 2 } },
        } as unknown as MigrateAction,
        { actionId: 'a', state, reason: 'imported', written: { row: { id: 7 } } },
        podUrl,
      ).link;
    expect(linkOf('done', 'https://pod.univ.fr/')).toBe(
      'https://pod.univ.fr/admin/import_video/externalrecording/7/change/',
    );
    expect([linkOf('failed', 'https://pod.univ.fr'), linkOf('done', undefined)]).toEqual(['', '']);
  });

  it('names nobody with --pseudonymise', () => {
    const told = JSON.stringify(
      pseudonymised(reportItem(action('a', 'owner-file', [taken('bob')], [notStaff]), null, undefined)),
    );
    expect(told).not.toMatch(/anne|bob/);
    expect(told).toContain('note-user-email-in-pod');
  });
});
