import { isRecord } from '../../kit/record.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { Outcome } from '../../kit/outcome.js';
import type { ManagerTask, RegisteredRunner, RunnerDisk, RunnerPing } from './facts.js';

/* Answers of esup-runner (1.0 to 1.7) as values. What is not as its own code writes it is left out, never guessed. */

type Json = Readonly<Record<string, unknown>>;

/** The object that a JSON answer holds, a bare list as `{tasks}`; null for HTML or nothing. */
export function jsonOf({ body }: WebAnswer): Json | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (Array.isArray(value)) return { tasks: value };
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** `{"detail": "…"}` of FastAPI's errors. */
export const detailOf = (answer: WebAnswer): string => {
  const detail = jsonOf(answer)?.['detail'];
  return typeof detail === 'string' ? detail : '';
};

/** The answer with status 200 as a value; any other status is a failure that says what came. */
export function readOk<T>(outcome: Outcome<WebAnswer>, read: (json: Json) => T | null): Outcome<T> {
  if (!outcome.ok) return outcome;
  const { status, url } = outcome.value;
  const fail = (fault: 'denied' | 'invalid', detail: string): Outcome<T> => ({
    ok: false,
    fault,
    detail,
    ms: outcome.ms,
  });
  if (status === 401 || status === 403) return fail('denied', `${pathOf(url)} answers ${status}`);
  if (status !== 200) return fail('invalid', `${pathOf(url)} answers ${status}`);
  const json = jsonOf(outcome.value);
  const value = json === null ? null : read(json);
  return value === null
    ? fail('invalid', `${pathOf(url)} answers no JSON of esup-runner`)
    : { ok: true, value, ms: outcome.ms };
}

const pathOf = (url: string): string => new URL(url).pathname;

export function readRunners(json: Json): RegisteredRunner[] | null {
  const { runners } = json;
  if (!Array.isArray(runners)) return null;
  return runners.filter(isRecord).map((one) => ({
    id: text(one['id']) ?? '?',
    url: (text(one['url']) ?? '').replace(/\/+$/, ''),
    online: one['status'] === 'online',
    ageSeconds: typeof one['age_seconds'] === 'number' ? one['age_seconds'] : null,
  }));
}

/** `/task/list`: an object by id, a list, or one of them below `tasks`; `/api/tasks` has three fields only. */
export function readTasks(json: Json, zoneOffsetMs: number): ManagerTask[] | null {
  const inner = json['tasks'] ?? json;
  const entries = Array.isArray(inner) ? inner : isRecord(inner) ? Object.values(inner) : null;
  if (entries === null) return null;
  return entries.filter(isRecord).map((one) => ({
    id: text(one['task_id']) ?? text(one['id']) ?? '?',
    runnerId: text(one['runner_id']) ?? '',
    status: text(one['status']) ?? '?',
    type: text(one['task_type']),
    sourceUrl: text(one['source_url']),
    notifyUrl: text(one['notify_url']),
    application: text(one['app_name']),
    createdAt: instantOf(text(one['created_at']), zoneOffsetMs),
    updatedAt: instantOf(text(one['updated_at']), zoneOffsetMs),
    error: text(one['error']),
  }));
}

export function readPing(json: Json): RunnerPing | null {
  const { available, registered, task_types: types } = json;
  if (typeof available !== 'boolean' || typeof registered !== 'boolean') return null;
  return {
    id: text(json['runner_id']) ?? '',
    available,
    registered,
    taskTypes: Array.isArray(types) ? types.filter((type): type is string => typeof type === 'string') : [],
  };
}

/** Every `used_percent` of `/runner/status`; an overall mark stands for a percentage where there is none. */
export function readDisks(json: Json): RunnerDisk[] {
  const usage = json['disk_usage'];
  if (!isRecord(usage)) return [];
  const found = new Map<string, number>();
  const walk = (value: unknown, name: string): void => {
    if (!isRecord(value)) return;
    const used = value['used_percent'];
    if (typeof used === 'number')
      found.set(text(value['target_path']) ?? text(value['path']) ?? name, Math.round(used));
    for (const [key, inner] of Object.entries(value)) walk(inner, key);
  };
  walk(usage, 'disk');
  const mark = { red: 90, orange: 75 }[text(usage['status']) ?? ''];
  if (found.size === 0 && mark !== undefined) found.set('disk', mark);
  return [...found].map(([path, usedPercent]) => ({ path, usedPercent }));
}

/** `info.version` of an OpenAPI document. */
export function readVersion(json: Json): string | null {
  const { info } = json;
  return (isRecord(info) ? text(info['version']) : null) ?? text(json['version']);
}

/** `1.7` of `1.7.1`: manager and runners must share it (409 otherwise). */
export const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

const QUARTER_MS = 15 * 60_000;

/**
 * The manager writes local time without a zone (`datetime.now().isoformat()`). Its own clock, read at a known instant,
 * tells the zone: zones are whole quarters of an hour.
 * @returns what must be taken away from the time read as UTC, and what the clocks really differ by
 */
export function zoneOf(timestamp: string | null, now: number): { offsetMs: number; skewMs: number } {
  const read = timestamp === null ? Number.NaN : Date.parse(asUtc(timestamp));
  if (Number.isNaN(read)) return { offsetMs: 0, skewMs: 0 };
  const offsetMs = Math.round((read - now) / QUARTER_MS) * QUARTER_MS;
  return { offsetMs, skewMs: read - now - offsetMs };
}

function instantOf(timestamp: string | null, zoneOffsetMs: number): number | null {
  if (timestamp === null) return null;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(timestamp);
  const read = Date.parse(zoned ? timestamp : asUtc(timestamp));
  if (Number.isNaN(read)) return null;
  return zoned ? read : read - zoneOffsetMs;
}

/** JavaScript keeps three digits of a second. */
const asUtc = (timestamp: string): string =>
  `${timestamp.replace(/(\.\d{3})\d+/, '$1').replace(/Z$|[+-]\d\d:?\d\d$/, '')}Z`;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
