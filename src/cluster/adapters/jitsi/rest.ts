import type { BridgeHealth, BridgeStatistics, JicofoFacts, SelectorBridge } from '../../jitsi/facts.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import { asRecord } from '../../../kit/record.js';
import { askWeb } from '../network/web.js';

/** A bridge's `/about/health`: 200 says only that it could bind; the body of another status gives the reason. */
export async function readHealth(baseUrl: string, signal: AbortSignal): Promise<BridgeHealth> {
  const { status, body } = await askWeb({ url: new URL('/about/health', baseUrl).href }, signal);
  if (status === 404) throw new AdapterError('missing', 'no /about/health here: the private REST is off');
  return { healthy: status === 200, status, reason: body.toString('utf8').trim().slice(0, 300) };
}

/** A bridge's `/colibri/stats`; 404 means that the COLIBRI part of the private REST is off. */
export async function readStatistics(baseUrl: string, signal: AbortSignal): Promise<BridgeStatistics> {
  const answer = await readJson(new URL('/colibri/stats', baseUrl).href, signal);
  return Object.fromEntries(
    Object.entries(answer).filter(
      (entry): entry is [string, number | boolean | string] =>
        typeof entry[1] === 'number' || typeof entry[1] === 'boolean' || typeof entry[1] === 'string',
    ),
  );
}

/** jicofo's `/about/health`, `/stats` and `/debug`, in the names of its bridge selector. */
export async function readJicofo(baseUrl: string, signal: AbortSignal): Promise<JicofoFacts> {
  const [health, stats, debug] = await Promise.all([
    readHealth(baseUrl, signal),
    readJson(new URL('/stats', baseUrl).href, signal),
    readJson(new URL('/debug', baseUrl).href, signal).catch((): Json => ({})),
  ]);
  const selector = asRecord(stats['bridge_selector']);
  const bridges = asRecord(asRecord(debug['bridge_selector'])['bridge']);
  return {
    health,
    operationalCount: number(selector['operational_bridge_count']),
    lostBridges: number(selector['lost_bridges']),
    versionCount: number(selector['bridge_version_count']),
    participants: number(stats['participants']),
    bridges: Object.entries(bridges).map(([jid, value]) => readBridge(jid, asRecord(value))),
  };
}

function readBridge(jid: string, bridge: Json): SelectorBridge {
  return {
    nickname: jid.split('/').slice(1).join('/'),
    healthy: boolean(bridge['healthy']),
    operational: boolean(bridge['operational']),
    draining: boolean(bridge['drain']),
    version: typeof bridge['version'] === 'string' ? bridge['version'] : null,
  };
}

type Json = Record<string, unknown>;

async function readJson(url: string, signal: AbortSignal): Promise<Json> {
  const { status, body } = await askWeb({ url }, signal);
  if (status === 404)
    throw new AdapterError('missing', `${new URL(url).pathname} answers 404: that part of the REST is off`);
  if (status === 401 || status === 403)
    throw new AdapterError('denied', `${new URL(url).pathname} answers ${status}`);
  if (status !== 200) throw new AdapterError('invalid', `${new URL(url).pathname} answers ${status}`);
  try {
    return asRecord(JSON.parse(body.toString('utf8')));
  } catch {
    throw new AdapterError('invalid', `${new URL(url).pathname} gives no JSON`);
  }
}

const number = (value: unknown): number | null =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && value !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : null;
const boolean = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
