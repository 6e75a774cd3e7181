import os from 'node:os';
import { findUser } from '../../kit/adapters/process/accounts.js';
import { pathStatus } from '../../kit/adapters/files/path-status.js';
import { Secret } from '../../kit/config/secret.js';
import type { SecretFile } from '../../doctor/check-secrets.js';
import type { DoctorPorts } from '../../doctor/doctor-ports.js';
import type { Context } from '../kit/context.js';
import { addressGuardOf } from '../sites/address-guard.js';

/** The account of the package's units (config/systemd), when this machine has it. */
export const unitAccount = (): string | null => findUser('bbb2pod')?.name ?? null;

/** Who typed the command, as commands in remedies name them. */
export const ownAccount = (): string => os.userInfo().username;

/** The configuration file and every file that it names for a secret. */
export function secretFiles({ loaded }: Context): SecretFile[] {
  const { file, origins } = loaded;
  const named = [...origins.values()].flatMap((origin) => origin.split(' -> ').slice(1));
  const paths = [...new Set([...(file === null ? [] : [file]), ...named])];
  return paths.map((path) => ({
    path,
    mode: pathStatus(path)?.mode ?? null,
    holdsSecret: path !== file || holdsSecret(loaded, path),
  }));
}

/** Whether a secret stands in the file itself, not in one that it names. */
function holdsSecret({ configuration, origins }: Context['loaded'], file: string): boolean {
  const secrets = (value: unknown, key: string): string[] => {
    if (value instanceof Secret) return [key];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) =>
      secrets(inner, key === '' ? name : `${key}.${name}`),
    );
  };
  return secrets(configuration, '').some((key) => origins.get(key) === file);
}

export const machinePorts = (
  context: Context,
): Pick<DoctorPorts, 'startChromium' | 'fetchPod' | 'mayAsUser'> => ({
  startChromium: async (signal) => {
    const { launchChromium } = await import('../../chromium/launch-chromium.js');
    const { chromium, sandbox } = context.configuration.recorder;
    const browser = await launchChromium({
      executable: chromium,
      sandbox,
      reach: { loopbackPorts: [] },
      size: { width: 320, height: 180 },
      startTimeoutMs: 25_000,
      signal,
    });
    await browser.close();
  },
  fetchPod: async (url, signal) => {
    const { openHttp } = await import('../../kit/adapters/http/open-http.js');
    const { pod } = context.configuration;
    const http = openHttp({
      ...(pod.ca_file === undefined ? {} : { caFile: pod.ca_file }),
      guard: addressGuardOf(context, [url]),
      retries: 0,
      timeoutMs: 15_000,
    });
    try {
      const { status } = await http.readText({ url, signal, accepts: () => true });
      return { status };
    } finally {
      await http.close();
    }
  },
  mayAsUser: async (...asked) => {
    const { mayAsUser } = await import('../../doctor/adapters/may-as-user.js');
    return mayAsUser(...asked);
  },
});
