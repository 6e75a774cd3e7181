import type { Telling } from '../../kit/config/salvage.js';
import { messageOf, OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import { hasConfiguration, readSalvage, stateDirectory } from './configuration.js';
import type { Context } from './context.js';
import { words } from './words.js';

/** Where a batch that nobody watches leaves its line, and whom it mails. */
export interface NightMeans extends Pick<Telling, 'timezone'> {
  /** Null where it leaves none. */
  readonly stateDirectory: string | null;
  readonly mail: Telling['mail'] | null;
  /** Why no mail can be sent though one may be wanted, as told; null when one can, or none is wanted. */
  readonly noMail: string | null;
}

/** Also of a configuration that the command refused, or passed over for a slip: what can be read of it then counts. */
export function nightMeans(context: Context): NightMeans {
  let loaded: Context['loaded'];
  try {
    loaded = context.loaded;
  } catch {
    return salvaged(context);
  }
  if (context.ignored?.code === 'config-invalid') return salvaged(context);
  const { state_dir, timezone, mail } = loaded.configuration;
  // A conversion that needs no configuration leaves no trace anywhere: it has no state directory of its own.
  const hasState = loaded.file !== null || state_dir !== undefined;
  return { stateDirectory: hasState ? context.stateDirectory : null, timezone, mail, noMail: null };
}

function salvaged({ configFlag, ignored }: Context): NightMeans {
  try {
    const { state_dir, timezone, mail, noMail } = readSalvage(configFlag);
    return {
      ...{ stateDirectory: stateDirectory(state_dir), timezone, mail },
      noMail: noMail === null ? null : words.notMailed({ why: noMail }),
    };
  } catch (error) {
    const why = error instanceof OperatorError ? shownFailure(error).text : messageOf(error);
    return {
      // What needs no configuration leaves its line only where it was told to.
      stateDirectory: ignored === null ? stateDirectory(undefined) : null,
      ...{ timezone: 'Europe/Paris', mail: null },
      noMail: hasConfiguration(configFlag) ? words.mailUnknown({ why }) : null,
    };
  }
}
