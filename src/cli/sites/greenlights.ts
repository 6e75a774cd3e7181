import { checkResult, type CheckResult } from '../../kit/checks/check-result.js';
import type { GreenlightSection } from '../../kit/config/sections/greenlight.js';
import type { GreenlightDatabase } from '../../migrate/greenlight-port.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import type { GreenlightOptions } from '../../owners/greenlight-facts.js';
import {
  greenlightLogins,
  ownersNotInPod,
  shownOwner,
  type RoomOwner,
} from '../../owners/greenlight-logins.js';
import type { Context } from '../kit/context.js';
import { missingKey } from '../kit/missing-key.js';
import { tomlKey } from '../../kit/config/toml-key.js';
import { hasDatabase, sqlOf } from './sql.js';

/** Sections of `[greenlight.NAME]` that have a database. */
export const configuredGreenlights = ({ configuration }: Context): [string, GreenlightSection][] =>
  Object.entries(configuration.greenlight).filter(([, section]) => hasDatabase(section));

/** Opens every configured Greenlight, by section name. @throws OperatorError config-key-missing when there is none */
export async function greenlightsOf(context: Context): Promise<Map<string, GreenlightDatabase>> {
  const sections = configuredGreenlights(context);
  if (sections.length === 0) throw missingKey(context, 'greenlight.default', 'database');
  const { openGreenlightDatabase } = await import('../../greenlight/database.js');
  const opened = new Map<string, GreenlightDatabase>();
  for (const [name, section] of sections) {
    const sql = await sqlOf(context, headingOf(name), section);
    opened.set(name, openGreenlightDatabase(sql, optionsOf(name, section)));
  }
  return opened;
}

const headingOf = (section: string): string => `[greenlight.${tomlKey(section)}]`;

const optionsOf = (section: string, { provider, match, shared }: GreenlightSection): GreenlightOptions => ({
  section,
  provider: provider ?? null,
  match,
  shared,
});

/** doctor's check of one Greenlight, and of its people against Pod's accounts. */
export async function checkGreenlightSite(
  context: Context,
  name: string,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const section = context.configuration.greenlight[name];
  if (section === undefined) throw missingKey(context, `greenlight.${name}`, 'database');
  const [{ checkGreenlight }, sql] = await Promise.all([
    import('../../greenlight/check-greenlight.js'),
    sqlOf(context, headingOf(name), section, signal),
  ]);
  const { results, owners } = await checkGreenlight({ sql, name }, optionsOf(name, section));
  return [...results, ...(await ownerResults(context, name, owners))];
}

async function ownerResults(
  context: Context,
  name: string,
  owners: readonly RoomOwner[],
): Promise<CheckResult[]> {
  const { pod } = context.configuration;
  if (owners.length === 0 || (pod.database === undefined && pod.engine === undefined)) return [];
  const { podOf } = await import('./pod.js');
  const missing = await notInPod(await podOf(context), owners).catch(() => null);
  // A Pod that cannot be read has a failure of its own.
  if (missing === null) return [];
  const subject = `greenlight.${name}`;
  if (missing.length === 0)
    return [checkResult('greenlight-owners-in-pod', subject, { count: owners.length })];
  const people = missing.slice(0, 10).map(shownOwner);
  return [
    checkResult('greenlight-owners-not-in-pod', subject, {
      missing: missing.length,
      count: owners.length,
      people: `${people.join(', ')}${missing.length > people.length ? ', …' : ''}`,
    }),
  ];
}

async function notInPod(pod: PodDatabase, owners: readonly RoomOwner[]): Promise<readonly RoomOwner[]> {
  const found = await Promise.all([
    pod.findUsersByUsername(owners.flatMap(greenlightLogins)),
    pod.findUsersByEmail(owners.map(({ email }) => email).filter((one) => one !== '')),
  ]);
  return ownersNotInPod(owners, found.flat());
}
