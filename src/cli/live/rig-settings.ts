import type { LiveDirectory } from '../../live/adapters/live-store.js';
import type { Recordings } from '../../live/adapters/recordings.js';
import type { KeeperPorts, KeeperStatus } from '../../live/keeper/keeper-port.js';

/** Where one live is kept, recorded and told. */
export interface LiveFiles {
  readonly store: LiveDirectory;
  readonly recordings: Recordings;
  readonly writeStatus: (status: KeeperStatus) => void;
}
export type KeeperLog = KeeperPorts['log'];
