import type { HttpSettings } from '../../kit/adapters/http/open-http.js';
import type { BbbSection } from '../../kit/config/sections/bbb.js';

/** How the door to the web behaves towards one server of BBB, and towards its playback pages. */
export const bbbHttpSettings = (section: BbbSection | undefined): HttpSettings =>
  section === undefined
    ? {}
    : {
        caFile: section.ca_file,
        timeoutMs: section.timeout * 1000,
        retries: section.retries,
        retryDelayMs: section.retry_after * 1000,
      };
