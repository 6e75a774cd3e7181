import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { matchesFilters, noFilters } from '../../src/bbb/filters.js';
import type { Recording } from '../../src/bbb/recording.js';
import { renderAccounts, renderPlanFoot, type MigrationFacts } from '../../src/cli/migrate/render/plan.js';
import { showIn } from '../../src/kit/language.js';
import { addMeasure, measuredSpeed } from '../../src/kit/adapters/state/measured-speed.js';
import { displayWidth } from '../../src/kit/output/text.js';

describe('what a plan says it costs', () => {
  const state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-speed-'));
  afterAll(() => rmSync(state, { recursive: true }));

  it('lists the accounts it creates, with address, staff and why, in 80 columns', () => {
    const accounts = Array.from({ length: 25 }, (_, n) => ({
      username: `teacher-with-a-long-name-${n}`,
      name: 'Ada Lovelace',
      email: `ada.lovelace.${n}@mathematiques.univ.fr`,
      isStaff: n === 0,
      reason: { code: 'owner-moodle-teacher' as const, parameters: {} },
    }));
    const text = renderAccounts(accounts, false);
    expect(text).toMatch(/^Create 25 Pod accounts:/);
    expect(text).toContain('and 5 more');
    for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    expect(renderAccounts(accounts, true).split('\n').length).toBeGreaterThan(25);
    expect(renderAccounts([], true)).toBe('');
  });

  it.each(['en', 'fr'] as const)('says what claims cost in 80 columns, in %s', (language) => {
    showIn(language);
    const facts = { mode: 'claim', freeBytes: 42e9, downloadBytes: 6e5, convertMs: 120_000, speed: null };
    const lines = renderPlanFoot(facts as unknown as MigrationFacts).split('\n');
    showIn('en');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    // What does not fit goes on below itself.
    expect(lines[2]).toMatch(/^ {13,}\S/);
  });

  it('knows how fast this machine converts once it has converted', () => {
    expect(measuredSpeed(state)).toBeNull();
    addMeasure(state, { sessionMs: 60_000, wallMs: 6_000 });
    expect(measuredSpeed(state)).toBe(10);
    addMeasure(state, { sessionMs: 60_000, wallMs: 24_000 });
    expect(measuredSpeed(state)).toBe(4);
    addMeasure(state, { sessionMs: 0, wallMs: 1 });
    writeFileSync(path.join(state, 'speed.json'), 'broken');
    expect(measuredSpeed(state)).toBeNull();
  });
});

describe('--course', () => {
  const recording = {
    metadata: { 'bbb-context-id': '42', 'bbb-context-label': 'ANA1', 'bbb-context': 'Analyse 1' },
  } as unknown as Recording;

  it.each(['42', 'ana1', 'ANALYSE 1'])('takes the course by %s', (course) => {
    expect(matchesFilters(recording, { ...noFilters, courses: [course] })).toBe(true);
  });

  it('leaves the others out', () => {
    expect(matchesFilters(recording, { ...noFilters, courses: ['4', 'Analyse'] })).toBe(false);
  });
});
