import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Context } from '../../../src/cli/kit/context.js';
import { Ending } from '../../../src/cli/kit/ending.js';
import { Night, nightsOf, renderNight } from '../../../src/cli/kit/night.js';
import '../../../src/kit/errors/mail.js';
import { Secret } from '../../../src/kit/config/secret.js';
import { readMail, startSmtpServer } from '../../support/smtp-server.js';
import { describeCode } from '../../../src/kit/errors/describe-code.js';
import { showIn } from '../../../src/kit/language.js';

afterEach(() => showIn('en'));

it('is mailed in the language of whoever runs it, also what was noted in English', () => {
  const { text: message, remedy } = describeCode('disk-full', { path: '/data' }, 'en');
  const ending = new Ending();
  ending.addFailure({ title: 'CM 3', owner: 'amartin', recordId: 'r1', code: 'disk-full', message, remedy });
  ending.addFailure({ title: 'CM 4', owner: '-', recordId: 'r2', code: 'disk-full', message, remedy });
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
  // What helps is said once for all that failed alike.
  expect(told).toContain(
    `- CM 3 (amartin)  r1\n  disk-full\u00a0: ${french.text}\n  -> ${french.remedy}\n- CM 4  r2\n  disk-full`,
  );
  expect(told.split(french.remedy)).toHaveLength(3);
  expect(told).not.toContain(message);
});

it('mails at its beginning, once, that the one before was killed', async () => {
  const mail = await startSmtpServer('plain', 'open');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-nights-'));
  onTestFinished(async () => {
    await mail.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const attempt = { command: 'migrate recordings --use-manual-claim', startedAt: Date.now() - 60_000 };
  const lines = [
    { id: 'of 0.1', ...attempt, pid: 1 },
    { id: 'killed', ...attempt, pid: 1, startTime: 'another-boot:1' },
    { id: 'ended', ...attempt, pid: 1, startTime: 'another-boot:2', status: 0 },
  ];
  writeFileSync(
    path.join(directory, 'attempts.jsonl'),
    lines.map((line) => JSON.stringify(line)).join('\n') + '\n',
  );
  const smtp = new Secret(`smtp://127.0.0.1:${mail.port}`);
  const configuration = { state_dir: directory, mail: { to: 'admin@univ.fr', smtp }, timezone: 'UTC' };
  const context = {
    loaded: { file: '/etc/bbb2pod/bbb2pod.toml', configuration },
    ignored: null,
    stateDirectory: directory,
    ending: new Ending(),
  } as unknown as Context;
  expect(nightsOf(context).map(({ id, state }) => `${id}: ${state}`)).toEqual([
    'ended: status 0',
    'killed: killed',
    'of 0.1: killed',
  ]);
  for (const command of ['migrate recordings', 'moodle annotate']) {
    const night = new Night(command);
    night.begin(context);
    await night.end(context, 0, null);
  }
  await vi.waitFor(() => expect(mail.taken).not.toHaveLength(0), { timeout: 20_000 });
  expect(mail.taken).toHaveLength(1);
  const told = readMail(mail.taken[0] ?? { from: '', to: [], tls: false, data: '' });
  expect(told.text).toContain('Command:  bbb2pod migrate recordings --use-manual-claim');
  expect(told.text).toMatch(/^Why: {6}batch-killed: .*killed/m);
  expect(told.text).toMatch(/^ {10}-> .*journalctl --since "\d{4}-\d\d-\d\d \d\d:\d\d"/m);
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
