import { expect, it } from 'vitest';
import { resultsOf } from '../../../src/cluster/check/cluster-result.js';
import { excuseTimeouts, isOverloaded } from '../../../src/cluster/check/excuse-timeouts.js';
import { findingsOf, summarise } from '../../../src/cluster/check/verdict.js';

const make = resultsOf('streaming');
const late = (node: string) =>
  make.found('S08-silent', node, { parameters: { detail: 'no answer within 2.1 s' } });
const refused = make.found('S01-silent', 'lb1', {
  parameters: { scheme: 'http', detail: 'connect ECONNREFUSED 192.0.2.1:80' },
});
const results = [late('b1'), late('b2'), refused, make.good('S05', 'lb1')];
const busy = { load: 14, cores: 2, lateMs: 20 };

it('blames nobody for answers that a starved machine did not hear', () => {
  const findings = findingsOf(excuseTimeouts(results, busy));
  expect(findings.map(({ root, status }) => `${status} ${root.code}`)).toEqual([
    'critical S01-silent',
    'unknown cluster-overloaded',
  ]);
  expect(findings[1]?.consequences.map(({ node }) => node)).toEqual(['b1', 'b2']);
  expect(findings[1]?.root.parameters).toMatchObject({ load: 14, cores: 2 });
  // With refusals away, nothing rings.
  expect(summarise(excuseTimeouts([late('b1')], busy))).toMatchObject({ critical: 0, unknown: 1 });
});

it('lets what was really seen stand by itself', () => {
  const closed = { ...make.found('S05-down', 'b1'), causedBy: [late('b1').id] };
  const findings = findingsOf(excuseTimeouts([late('b1'), closed], busy));
  expect(findings.map(({ root, status }) => `${status} ${root.code}`)).toEqual([
    'critical S05-down',
    'unknown cluster-overloaded',
  ]);
});

it('keeps every verdict on a machine at ease, and says nothing when all answered', () => {
  expect(excuseTimeouts(results, { load: 3, cores: 2, lateMs: 80 })).toEqual(results);
  expect(excuseTimeouts(results, null)).toEqual(results);
  expect(excuseTimeouts([refused], busy)).toEqual([refused]);
  expect(isOverloaded({ load: 0.1, cores: 8, lateMs: 900 })).toBe(true);
});
