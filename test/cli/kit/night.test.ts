import { afterEach, expect, it, vi } from 'vitest';
import type { Context } from '../../../src/cli/kit/context.js';
import { Ending } from '../../../src/cli/kit/ending.js';
import { Night, renderNight } from '../../../src/cli/kit/night.js';
import { describeCode } from '../../../src/kit/errors/describe-code.js';
import { showIn } from '../../../src/kit/language.js';

afterEach(() => showIn('en'));

it('is mailed in the language of whoever runs it, also what was noted in English', () => {
  const { text: message, remedy } = describeCode('disk-full', { path: '/data' }, 'en');
  const ending = new Ending();
  ending.addFailure({ title: 'CM 3', owner: 'amartin', recordId: 'r1', code: 'disk-full', message });
  const night = {
    ...{ host: 'pod', command: 'migrate recordings', startedAt: 0, endedAt: 245_000, status: 3 },
    ...{ timezone: 'UTC', reason: { code: 'disk-full', message, remedy }, ending },
  };
  expect(renderNight(night)).toContain('Started:  1970-01-01 00:00, ended after 4 min 05 s with status 3');
  expect(renderNight(night)).toContain(`Why:      disk-full: ${message}`);
  showIn('fr');
  const french = describeCode('disk-full', { path: '/data' });
  const told = renderNight(night);
  expect(told).toContain(
    'Début\u00a0:     01/01/1970 00:00, terminé après 4\u202fmin\u202f05\u202fs avec le statut 3',
  );
  expect(told).toContain(`Pourquoi\u00a0:  disk-full\u00a0: ${french.text}`);
  expect(told).toContain(`            -> ${french.remedy}`);
  expect(told).toContain(`- CM 3 (amartin)  r1\n  disk-full\u00a0: ${french.text}`);
  expect(told).not.toContain(message);
});

it('says once why it leaves no line in migrate status', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const context = {
    loaded: { file: '/etc/bbb2pod/bbb2pod.toml', configuration: { mail: {}, timezone: 'UTC' } },
    ignored: null,
    stateDirectory: '/proc/nowhere',
    ending: { run: null, stoppedBy: null },
  } as unknown as Context;
  const night = new Night('migrate recordings');
  night.begin(context);
  await night.end(context, 1, null);
  expect(said.mock.calls.filter(([line]) => String(line).includes('leaves no line'))).toHaveLength(1);
  said.mockRestore();
});
