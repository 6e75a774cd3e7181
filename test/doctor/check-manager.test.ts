import { expect, it } from 'vitest';
import { managerCheck, type ManagerFindings } from '../../src/doctor/check-programs.js';

type Runner = ManagerFindings['runners'][number];
const runner = (more: Partial<Runner> = {}): Runner => ({
  id: 'bbb2pod-encode1-8092',
  url: 'http://encode1.univ.fr:8092',
  online: true,
  serves: true,
  usedPercent: 40,
  loopback: false,
  ...more,
});
const sound: ManagerFindings = {
  url: 'https://runner-manager.univ.fr',
  version: '1.7.1',
  taskType: 'bbb_presentation',
  inClear: false,
  runners: [runner()],
};
const codes = async (more: Partial<ManagerFindings>): Promise<string[]> => {
  const check = managerCheck(() => Promise.resolve({ ...sound, ...more }));
  return [await check.run(new AbortController().signal)].flat().map(({ code }) => code);
};

it.each<[string, Partial<ManagerFindings>, string[]]>([
  ['all is well', {}, ['doctor-manager']],
  [
    'a runner cannot be reached from here',
    { runners: [runner({ serves: null, usedPercent: null })] },
    ['doctor-manager'],
  ],
  ['the disk is nearly full', { runners: [runner({ usedPercent: 89 })] }, ['doctor-manager']],
  ['the disk is full', { runners: [runner({ usedPercent: 90 })] }, ['doctor-runner-full']],
  ['the token goes in clear', { inClear: true }, ['doctor-manager-clear']],
  ['the version is not known', { version: '2.0.0' }, ['doctor-manager-version']],
  ['there is no runner', { runners: [] }, ['doctor-manager-no-worker']],
  ['runners take other types alone', { runners: [runner({ serves: false })] }, ['doctor-manager-no-worker']],
  [
    'our only runner is silent',
    { runners: [runner({ online: false, usedPercent: 99, loopback: true })] },
    ['doctor-manager-no-worker', 'doctor-runner-silent'],
  ],
  ['one of two is silent', { runners: [runner(), runner({ online: false })] }, ['doctor-runner-silent']],
  ['a runner told a loopback address', { runners: [runner({ loopback: true })] }, ['doctor-runner-loopback']],
  [
    'several things at once',
    { inClear: true, version: '10.0.0', runners: [runner({ usedPercent: 100, loopback: true })] },
    ['doctor-manager-clear', 'doctor-manager-version', 'doctor-runner-full', 'doctor-runner-loopback'],
  ],
])('tells that %s', async (_, findings, expected) => {
  expect(await codes(findings)).toEqual(expected);
});
