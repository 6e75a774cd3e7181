import { guardAddresses, type AddressGuard } from '../../kit/adapters/http/address-guard.js';
import type { Context } from '../kit/context.js';

/**
 * Which addresses this configuration lets a foreign answer lead to.
 * @param given further URLs that the operator wrote: on the command line, or of another section.
 */
export function addressGuardOf(
  { configuration: { bbb, pod, moodle, allow_hosts: allowHosts } }: Context,
  given: readonly (string | undefined)[] = [],
): AddressGuard {
  const urls = (sections: object): (string | undefined)[] =>
    Object.values(sections as Record<string, { readonly url?: string }>).map(({ url }) => url);
  return guardAddresses({
    origins: [...urls(bbb), ...given].flatMap(written),
    hosts: [pod.url, ...urls(moodle)].flatMap(written),
    allowHosts,
  });
}

const written = (url: string | undefined): string[] => (url === undefined ? [] : [url]);
