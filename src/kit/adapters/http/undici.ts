import './baseline-wasm.js';
import { createRequire } from 'node:module';
import type { Dispatcher, EnvHttpProxyAgent as ProxyAgent, buildConnector as Connector } from 'undici';

/*
 * The parts of undici 7 that we use, each by its own file: its index loads fetch, web sockets, mocks and caches too, a
 * tenth of the processor time of a command that asks two questions. A version that moves the files fails at once.
 */
const load = createRequire(import.meta.url) as (name: string) => unknown;

/** As undici's index does: a dispatcher behind a proxy connects by `connect`, too. */
Object.assign(
  (load('undici/lib/dispatcher/dispatcher.js') as typeof Dispatcher).prototype,
  load('undici/lib/api/index.js'),
);

export const EnvHttpProxyAgent = load('undici/lib/dispatcher/env-http-proxy-agent.js') as typeof ProxyAgent;

export const buildConnector = load('undici/lib/core/connect.js') as typeof Connector;

/** Sends one request by a dispatcher. Redirects are answers. */
export const send = (
  dispatcher: Dispatcher,
  url: URL,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
): Promise<Dispatcher.ResponseData> =>
  dispatcher.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}` });
