import type { HttpSettings } from '../../kit/adapters/http/open-http.js';
import type { BbbSection } from '../../kit/config/sections/bbb.js';
import type { Context } from '../kit/context.js';
import { addressGuardOf } from './address-guard.js';

/**
 * How the HTTP adapter behaves towards one server of BBB, and towards its playback pages.
 * @param given playback URLs that the operator wrote.
 */
export const bbbHttpSettings = (
  context: Context,
  section: BbbSection | undefined,
  given: readonly string[] = [],
): HttpSettings => ({
  guard: addressGuardOf(context, given),
  ...(section === undefined
    ? {}
    : {
        caFile: section.ca_file,
        timeoutMs: section.timeout * 1000,
        retries: section.retries,
        retryDelayMs: section.retry_after * 1000,
      }),
});
