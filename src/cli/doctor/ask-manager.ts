import type { ManagerFindings } from '../../doctor/check-programs.js';
import type { Context } from '../kit/context.js';
import { askRunner, openManager } from '../recorder/runner-manager.js';

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

/** The manager with its runners, asked as a client asks it; gives no task. @throws OperatorError manager-…, config-key-missing */
export async function askManager(context: Context): Promise<ManagerFindings> {
  const manager = await openManager(context);
  await manager.health();
  const [version, { runners }] = await Promise.all([manager.version(), manager.look()]);
  const { host, hostname, protocol } = new URL(manager.url);
  const { task_type: taskType } = context.configuration.recorder;
  return {
    url: manager.url,
    version,
    taskType,
    inClear: protocol === 'http:' && !LOOPBACK.test(hostname) && host !== '',
    runners: await Promise.all(
      runners.map(async ({ id, url, online }) => {
        const status = readStatus(await askRunner(context, `${url}/runner/status`));
        return {
          id,
          url,
          online,
          serves: status === null ? null : status.types.includes(taskType),
          usedPercent: status?.usedPercent ?? null,
          loopback: !LOOPBACK.test(hostname) && URL.canParse(url) && LOOPBACK.test(new URL(url).hostname),
        };
      }),
    ),
  };
}

/** `task_types` and `disk_usage.directories.STORAGE_DIR.used_percent` of `/runner/status` (runner/app/core/disk_usage.py). */
function readStatus(text: string | null): { types: readonly string[]; usedPercent: number | null } | null {
  if (text === null) return null;
  try {
    const { task_types: types, disk_usage: disk } = JSON.parse(text) as {
      task_types?: string[];
      disk_usage?: { directories?: { STORAGE_DIR?: { used_percent?: number | null } } };
    };
    return Array.isArray(types)
      ? { types, usedPercent: disk?.directories?.STORAGE_DIR?.used_percent ?? null }
      : null;
  } catch {
    return null;
  }
}
