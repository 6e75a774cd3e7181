import type { MoodleRole } from './moodle-facts.js';

/** Rules of an activity that make moderators. Viewer rules never take anything away and are left out. */
export interface ModeratorRules {
  readonly everyone: boolean;
  readonly userIds: readonly number[];
  readonly roleIds: readonly number[];
  /** The creator, if enrolled: part of the site's default only. */
  readonly creator: boolean;
  /** The activity says nothing: the site's default stands. */
  readonly isDefault: boolean;
}

/**
 * Reads bigbluebuttonbn.participants as Moodle does (docs/domain/moodle.md, "Who is a moderator"): an array or an object
 * of rules; empty, null, `[]` or invalid JSON mean the site's default. Role ids may be numbers, digits or (2.0) short
 * names; unknown ones are dropped.
 */
export function readModeratorRules(
  participants: string | null,
  moderatorDefault: string,
  roles: readonly MoodleRole[],
): ModeratorRules {
  const rules = decodeRules(participants);
  if (rules.length === 0) return defaultRules(moderatorDefault, roles);
  const moderators = rules.filter((rule) => rule['role'] !== 'viewer');
  const of = (type: string): string[] =>
    moderators.filter((rule) => rule['selectiontype'] === type).map((rule) => textOf(rule['selectionid']));
  return {
    everyone: moderators.some((rule) => rule['selectiontype'] === 'all'),
    userIds: unique(of('user').filter(isId).map(Number)),
    roleIds: unique(of('role').flatMap((id) => roleIdOf(id, roles))),
    creator: false,
    isDefault: false,
  };
}

type Rule = Readonly<Record<string, unknown>>;

function decodeRules(participants: string | null): Rule[] {
  if (participants === null || participants.trim() === '') return [];
  let decoded: unknown;
  try {
    decoded = JSON.parse(participants);
  } catch {
    return [];
  }
  if (typeof decoded !== 'object' || decoded === null) return [];
  return Object.values(decoded).filter(
    (rule): rule is Rule => typeof rule === 'object' && rule !== null && 'selectiontype' in rule,
  );
}

/** `0` is the creator; other numbers are role ids; the list is separated by commas. */
function defaultRules(moderatorDefault: string, roles: readonly MoodleRole[]): ModeratorRules {
  const entries = moderatorDefault
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return {
    everyone: false,
    userIds: [],
    roleIds: unique(entries.filter((entry) => entry !== '0').flatMap((id) => roleIdOf(id, roles))),
    creator: entries.includes('0'),
    isDefault: true,
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
const isId = (text: string): boolean => /^\d{1,15}$/.test(text);
const unique = (values: readonly number[]): number[] => [...new Set(values)];

function roleIdOf(id: string, roles: readonly MoodleRole[]): number[] {
  const role = roles.find((known) => (isId(id) ? known.id === Number(id) : known.shortname === id));
  return role === undefined ? [] : [role.id];
}
