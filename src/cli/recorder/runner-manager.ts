import type { Secret } from '../../kit/config/secret.js';
import { guardAddresses } from '../../kit/adapters/http/address-guard.js';
import type { ManagerClient } from '../../recorder/adapters/esup-runner/manager-client.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';

/** Longest silence of the manager: it answers from memory, /task/execute apart. */
const TIMEOUT_MS = 15_000;
const PING_MS = 3000;

/** `[recorder] manager`. @throws OperatorError config-key-missing */
export const managerUrl = (context: Context): string =>
  required(context, 'recorder', 'manager', context.configuration.recorder.manager).replace(/\/+$/, '');

/** `[recorder] manager_token`. @throws OperatorError config-key-missing */
export const managerToken = (context: Context): Secret =>
  required(context, 'recorder', 'manager_token', context.configuration.recorder.manager_token);

/** The manager of esup-runner, closed with the command. @param signal a worker's outlives the stop: it has ends to tell */
export async function openManager(context: Context, signal = context.signal): Promise<ManagerClient> {
  const [{ openHttp }, { openManagerClient }] = await Promise.all([
    import('../../kit/adapters/http/open-http.js'),
    import('../../recorder/adapters/esup-runner/manager-client.js'),
  ]);
  const url = managerUrl(context);
  const http = openHttp({
    guard: guardAddresses({ origins: [url], allowHosts: context.configuration.allow_hosts }),
    caFile: context.configuration.recorder.manager_ca_file,
    timeoutMs: TIMEOUT_MS,
  });
  context.closeWith(() => http.close());
  return openManagerClient(http, { url, token: managerToken(context), timeoutMs: TIMEOUT_MS, signal });
}

/** A runner's own answer, without a token; null when it cannot be reached from here. */
export async function askRunner(
  context: Context,
  url: string,
  { timeoutMs, signal } = { timeoutMs: PING_MS, signal: context.signal },
): Promise<string | null> {
  if (!URL.canParse(url)) return null;
  const { openHttp } = await import('../../kit/adapters/http/open-http.js');
  const http = openHttp({
    guard: guardAddresses({ origins: [url] }),
    caFile: context.configuration.recorder.manager_ca_file,
    timeoutMs,
    connectTimeoutMs: PING_MS,
    retries: 0,
  });
  try {
    const headers = { accept: 'application/json' };
    const asked = { url, headers, maxRedirects: 0, signal: AbortSignal.any([context.signal, signal]) };
    return (await http.readText(asked, 100_000)).text;
  } catch {
    context.signal.throwIfAborted();
    return null;
  } finally {
    await http.close();
  }
}
