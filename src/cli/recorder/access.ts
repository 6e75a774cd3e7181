/** How playback servers are reached: only ever by explicit flags. */
export interface AccessFlags {
  readonly cookieFile?: string | undefined;
  readonly headerFile?: string | undefined;
  readonly insecure?: boolean;
  /** Playback URLs that the operator typed: their servers may stand on any network. */
  readonly given?: readonly string[];
  readonly server?: string | undefined;
}
