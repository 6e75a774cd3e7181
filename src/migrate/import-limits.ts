import { Expression, type Constants } from '../kit/config/init/literal.js';

/** What Pod's settings let nobody import; what they do not say, or compute, keeps out nothing. */
export interface ImportLimits {
  /** Presentations cannot be converted by Pod: it has no plug for bbb-recorder. */
  readonly noPlug: boolean;
  /** Largest video in bytes; null where there is no limit. */
  readonly maxBytes: number | null;
}

/** Pod's own defaults (docs/domain/pod.md, "What a link makes Pod do"). */
const DEFAULT_GIB = 4;

/** @param constants of `[pod] settings_file`; null where it is not configured or out of reach */
export function importLimitsOf(constants: Constants | null): ImportLimits {
  if (constants === null) return { noPlug: false, maxBytes: null };
  const plug = constants.get('USE_IMPORT_VIDEO_BBB_RECORDER') ?? false;
  const gib = constants.get('MAX_UPLOAD_SIZE_ON_IMPORT') ?? DEFAULT_GIB;
  return {
    noPlug: !(plug instanceof Expression) && plug !== true,
    maxBytes: typeof gib === 'number' && gib > 0 ? gib * 2 ** 30 : null,
  };
}
