import type {
  GreenlightFacts,
  GreenlightOptions,
  GreenlightRoom,
  GreenlightUser,
} from './greenlight-facts.js';
import { append, groupBy } from '../kit/groups.js';
import { emailKey } from './map-user.js';

/** Facts of one Greenlight by the keys that the rules ask with. */
export interface GreenlightIndex {
  readonly options: GreenlightOptions;
  readonly version: 2 | 3;
  readonly roomsById: ReadonlyMap<string, GreenlightRoom>;
  readonly roomsByMeetingId: ReadonlyMap<string, readonly GreenlightRoom[]>;
  readonly roomIdsByHash: ReadonlyMap<string, readonly string[]>;
  readonly roomIdsByRecording: ReadonlyMap<string, readonly string[]>;
  readonly users: ReadonlyMap<string, GreenlightUser>;
  readonly usersByEmail: ReadonlyMap<string, readonly GreenlightUser[]>;
  readonly sharesByRoom: ReadonlyMap<string, readonly string[]>;
  /** The tenant whose rooms count; null: every one. */
  readonly tenant: string | null;
  /** The accounts have one mail domain: what stands before the @ then names one person. */
  readonly hasOneDomain: boolean;
}

export function indexGreenlightFacts(facts: GreenlightFacts, options: GreenlightOptions): GreenlightIndex {
  const tenant = tenantOf(facts, options.provider);
  const domains = new Set(
    facts.population
      .filter(({ provider, domain }) => domain !== '' && (tenant === null || provider === tenant))
      .map(({ domain }) => domain),
  );
  return {
    options,
    version: facts.version,
    roomsById: new Map(facts.rooms.map((room) => [room.id, room])),
    roomsByMeetingId: groupBy(facts.rooms, ({ meetingId }) => meetingId),
    roomIdsByHash: roomIdsOf(facts.byHash),
    roomIdsByRecording: roomIdsOf(facts.byRecording),
    users: new Map(facts.users.map((user) => [user.id, user])),
    usersByEmail: groupBy(
      facts.users.filter(({ email }) => email.trim() !== ''),
      ({ email }) => emailKey(email),
    ),
    sharesByRoom: sharesOf(facts.shares),
    tenant,
    hasOneDomain: domains.size === 1,
  };
}

/**
 * Greenlight 3 writes the tenant into users.provider, `greenlight` for a site that has one
 * (app/controllers/external_controller.rb 3.x): another tenant's people are another institution's. Greenlight 2 writes
 * how somebody logs in, so there all count unless one is chosen.
 */
function tenantOf({ version, population }: GreenlightFacts, chosen: string | null): string | null {
  if (chosen !== null) return chosen;
  if (version === 2) return null;
  const providers = [...new Set(population.map(({ provider }) => provider))];
  return providers.length === 1 ? (providers[0] ?? null) : 'greenlight';
}

function roomIdsOf(found: GreenlightFacts['byHash']): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { recordId, roomId } of found) append(ids, recordId, roomId);
  return ids;
}

function sharesOf(shares: GreenlightFacts['shares']): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { roomId, userId } of shares) append(users, roomId, userId);
  return users;
}
