import { expect, it } from 'vitest';
import { checkResult } from '../../../src/kit/checks/check-result.js';
import { foldResults } from '../../../src/kit/checks/fold-results.js';
import { renderChecks } from '../../../src/kit/output/check-lines.js';
import '../../../src/doctor/texts.js';

const result = (subject: string) =>
  checkResult('doctor-not-configured', subject, { key: '[live] rtmp_url', commands: 'live run' });

it('shows the whole name of what was looked at, within 80 columns', () => {
  const names = ['greenlight.salles-un.univ.example', 'greenlight.salles-deux.univ.example', 'pod'];
  const lines = renderChecks(foldResults(names.map(result))).split('\n');
  for (const name of names) expect(lines.filter((line) => line.includes(name))).toHaveLength(1);
  expect(lines.join('')).not.toContain('…');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
