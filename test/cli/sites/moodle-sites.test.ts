import { expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/kit/config/load.js';
import type { Context } from '../../../src/cli/kit/context.js';
import { isDefaultAgain, moodleSections, moodlesOf } from '../../../src/cli/sites/moodle-sites.js';
import { openMoodles, openMoodlesOnce } from '../../../src/cli/sites/moodle.js';

/* Which sections are opened, and which of them are one Moodle under two names. Nothing is contacted. */

const contextOf = (text: string): Context =>
  ({
    ...loadConfiguration({ file: { path: '/c', text }, environment: {}, readSecretFile: () => '' }),
    signal: new AbortController().signal,
    stateDirectory: '/nowhere',
    closeWith: () => undefined,
  }) as unknown as Context;

const DEFAULT = '[moodle.default]\ndatabase="postgresql://a/b"\n';

it('opens a section without a database of its own by that of default, and takes it for the same Moodle', async () => {
  const context = contextOf(`${DEFAULT}[moodle."m2.fr"]\nsite_id=2\n[moodle."m3.fr"]\nprefix="m3_"\n`);
  expect([...(await moodlesOf(context)).keys()]).toEqual(['default', 'm2.fr', 'm3.fr']);
  expect(['default', 'm2.fr', 'm3.fr'].map((name) => isDefaultAgain(context, name))).toEqual([
    false,
    true,
    false,
  ]);
  const names = async (only?: string) => (await openMoodlesOnce(context, only)).map(({ name }) => name);
  expect([await names(), await names('m2.fr')]).toEqual([['default', 'm3.fr'], ['m2.fr']]);
  expect((await openMoodles(context, undefined)).length).toBe(3);
});

it('does without a default that only says what the others inherit', async () => {
  const context = contextOf('[moodle.default]\nprefix="m_"\n[moodle."m2.fr"]\ndatabase="mysql://a/b"\n');
  expect([...(await moodlesOf(context)).keys()]).toEqual(['m2.fr']);
  expect(moodleSections(context)[0]?.[1].prefix).toBe('m_');
});

it('refuses half a database, of every command', async () => {
  const context = contextOf(`${DEFAULT}[moodle."m2.fr"]\nhost="db"\n`);
  for (const open of [moodlesOf(context), openMoodles(context, undefined)])
    await expect(open).rejects.toMatchObject({ code: 'database-settings-invalid' });
});
