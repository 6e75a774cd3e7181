import type { StreamingInventory } from '../streaming/inventory.js';
import { bracket } from '../inventory/values.js';

/** Where `certbot --standalone` listens during a renewal, on the node's own address: ports 80 and 443 are taken. */
export const ACME_PORT = 8402;
export const ACME_PATH = '/.well-known/acme-challenge/';

/**
 * Addresses where a challenge may be answered: whoever asked for the certificate. The authority comes to any machine
 * that a name leads to, so each of them asks all.
 * @param own first of all; null for a machine that has no certbot of its own.
 */
export function acmeServers({ balancers }: StreamingInventory, own: string | null): string[] {
  const others = Object.values(balancers).map(({ address }) => address);
  return [...new Set([...(own === null ? [] : [own]), ...others])].map(
    (address) => `${bracket(address)}:${ACME_PORT}`,
  );
}

/** Whether a node answers viewers by itself, under a name and with a certificate of its own. */
export const isDirect = (streaming: StreamingInventory): boolean =>
  streaming.media === 'direct' && streaming.certificate !== undefined;

/** Names in the balancers' certificate: the main one, and nodes that are reached through the balancers. */
export const balancerNames = (streaming: StreamingInventory): string[] => [
  streaming.public_name,
  ...Object.values(streaming.broadcasts).flatMap(({ public_name: name }) =>
    name === undefined ? [] : [name],
  ),
];
