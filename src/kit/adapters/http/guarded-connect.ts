import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector as Connector } from 'undici';
import type { AddressGuard } from './address-guard.js';
import { buildConnector } from './undici.js';

/**
 * Opens sockets to permitted addresses only, and to the very ones that were judged: a name that answers otherwise the
 * second time (DNS rebinding) leads nowhere.
 */
export function guardedConnect(guard: AddressGuard, settings: Connector.BuildOptions): Connector.connector {
  // The resolver is asked by the socket, which knows the name only; the port decides too. One connector per origin.
  const connectors = new Map<string, Connector.connector>();
  return (options, callback) => {
    const origin = `${options.protocol}//${options.host ?? options.hostname}`;
    const url = new URL(origin);
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) {
      try {
        guard.check(url, url.hostname.replace(/^\[|\]$/g, ''));
      } catch (error) {
        callback(error as Error, null);
        return;
      }
    }
    const connect =
      connectors.get(origin) ?? buildConnector({ ...settings, lookup: guardedLookup(guard, url) });
    connectors.set(origin, connect);
    connect(options, callback);
  };
}

const guardedLookup =
  (guard: AddressGuard, url: URL): LookupFunction =>
  (_name, { all = false }, callback) => {
    guard.resolve(url).then(
      (found) => {
        const [first] = found;
        if (all) callback(null, [...found]);
        else if (first === undefined)
          callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, all ? [] : ''),
    );
  };
