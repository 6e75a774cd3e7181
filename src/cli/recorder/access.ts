/** How playback servers are reached: only ever by explicit flags. */
export interface AccessFlags {
  readonly cookieFile?: string | undefined;
  readonly headerFile?: string | undefined;
  readonly insecure?: boolean;
  readonly server?: string | undefined;
}
