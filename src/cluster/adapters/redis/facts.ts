import type { Redis } from 'ioredis';
import type { BrokerState } from '../../pod/facts.js';

/** Reads what decides whether a broker can be trusted with jobs: INFO, and CONFIG where it is allowed. */
export async function readBrokerState(redis: Redis): Promise<BrokerState> {
  const info = parseInfo(await redis.info());
  const config = await readConfig(redis);
  const configured = (name: string): string | null => config?.[name] ?? null;
  return {
    version: info['redis_version'] ?? '?',
    role: info['role'] ?? 'master',
    usedMemoryBytes: Number(info['used_memory'] ?? 0),
    maxMemoryBytes: Number(info['maxmemory'] ?? 0),
    policy: info['maxmemory_policy'] ?? configured('maxmemory-policy'),
    lastSaveOk: (info['rdb_last_bgsave_status'] ?? 'ok') === 'ok',
    stopsWritesAfterFailedSave: yesNo(configured('stop-writes-on-bgsave-error')),
    appendOnly: (info['aof_enabled'] ?? '0') === '1',
    appendWriteOk: (info['aof_last_write_status'] ?? 'ok') === 'ok',
    savePoints: configured('save'),
    evictedKeys: Number(info['evicted_keys'] ?? 0),
    uptimeSeconds: Number(info['uptime_in_seconds'] ?? 0),
    passwordSet: config === null ? null : (configured('requirepass') ?? '') !== '',
    protectedMode: yesNo(configured('protected-mode')),
    bind: configured('bind'),
  };
}

/** `INFO` as a record. */
export function parseInfo(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) values[line.slice(0, colon)] = line.slice(colon + 1);
  }
  return values;
}

/** CONFIG may be renamed or forbidden by an ACL: then nothing is known, which is no fault. */
async function readConfig(redis: Redis): Promise<Record<string, string> | null> {
  const names = [
    'maxmemory-policy',
    'stop-writes-on-bgsave-error',
    'save',
    'requirepass',
    'protected-mode',
    'bind',
  ];
  try {
    const values: Record<string, string> = {};
    for (const pair of await Promise.all(names.map((name) => redis.config('GET', name)))) {
      if (!Array.isArray(pair)) continue;
      const [key, value] = pair.map(String);
      // The password itself never leaves this function: only whether there is one.
      if (key !== undefined) values[key] = key === 'requirepass' && value !== '' ? 'set' : (value ?? '');
    }
    return values;
  } catch {
    return null;
  }
}

const yesNo = (value: string | null): boolean | null => (value === null ? null : value === 'yes');
