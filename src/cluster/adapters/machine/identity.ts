import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { isThere } from './share.js';

/** Whether a host name or address is this very machine: then its files and its loopback are ours. */
export function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  if (host === os.hostname() || host.split('.')[0] === os.hostname()) return true;
  const own = new Set(
    Object.values(os.networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
  );
  return (
    own.has(host) || addressesInHosts(host).some((address) => own.has(address) || address.startsWith('127.'))
  );
}

/** Addresses that hosts(5) gives to a name. */
function addressesInHosts(name: string): string[] {
  try {
    return readFileSync('/etc/hosts', 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .filter(([, ...names]) => names.includes(name))
      .flatMap(([address]) => (address === undefined ? [] : [address]));
  } catch {
    return [];
  }
}

/** Kernel limits of a machine that has a videobridge installed; null on any other. */
export async function readBridgeKernel(): Promise<Record<string, number> | null> {
  if (!(await isThere('/etc/jitsi/videobridge'))) return null;
  const read = async (key: string): Promise<[string, number]> => [
    key,
    Number(await readFile(`/proc/sys/${key.replaceAll('.', '/')}`, 'utf8')),
  ];
  return Object.fromEntries(
    await Promise.all(['net.core.rmem_max', 'net.core.netdev_max_backlog'].map(read)),
  );
}
