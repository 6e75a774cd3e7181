import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPythonConstants } from '../../src/kit/config/init/read-python.js';
import { previewResults } from '../../src/doctor/check-preview.js';

let site: string;
let recorders: string;
const resolvePath = (place: string): Promise<string | null> => realpath(place).catch(() => null);
const look = async (python: string, ours: string | null = recorders) =>
  (await previewResults(readPythonConstants(python), 'settings_local.py', ours, resolvePath)).map(
    ({ code, parameters }) => [code, parameters['path'] ?? null],
  );

beforeAll(() => {
  site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-preview-'));
  recorders = `${site}/ftp/`;
  for (const name of ['ftp', 'elsewhere', 'right', 'wrong', 'none']) mkdirSync(path.join(site, name));
  symlinkSync('../ftp', path.join(site, 'right/records'));
  symlinkSync(path.join(site, 'elsewhere'), path.join(site, 'wrong/records'));
});
afterAll(() => rmSync(site, { recursive: true }));

it('follows the link of the previews to the recorders directory', async () => {
  const settings = (root: string) => `USE_RECORD_PREVIEW = True\nMEDIA_ROOT = "${site}/${root}/"\n`;
  expect(await look(settings('right'))).toEqual([['doctor-preview', `${site}/right/records`]]);
  expect(await look(settings('wrong'))).toEqual([['doctor-preview-missing', `${site}/wrong/records`]]);
  expect(await look(settings('none'))).toEqual([['doctor-preview-missing', `${site}/none/records`]]);
  expect(await look(`${settings('right')}PUBLIC_RECORD_DIR = "/records/"`)).toEqual([
    ['doctor-preview', `${site}/right/records`],
  ]);
});

it('looks at nothing where no preview is shown, and guesses nothing that is computed', async () => {
  expect(await look('MEDIA_ROOT = "/nowhere"')).toEqual([]);
  expect(await look('USE_RECORD_PREVIEW = True\nMEDIA_ROOT = "/nowhere"', null)).toEqual([]);
  for (const root of ['', 'MEDIA_ROOT = os.path.join(BASE_DIR, "media")'])
    expect(await look(`USE_RECORD_PREVIEW = True\n${root}`)).toEqual([['doctor-preview-unseen', null]]);
});
