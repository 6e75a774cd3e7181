/** Why a target could not be asked. `denied` is an answer that refuses; `closed` a connection cut during the talk. */
export type Fault =
  | 'refused'
  | 'timeout'
  | 'unresolved'
  | 'unreachable'
  | 'closed'
  | 'tls'
  | 'denied'
  | 'missing'
  | 'invalid'
  /** An address of the inside that an answer named and the configuration does not: it was not asked. */
  | 'guarded'
  | 'other';

/** What an adapter brings back: a value, or the plain reason why there is none. Adapters of `cluster check` never throw. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly ms: number }
  | { readonly ok: false; readonly fault: Fault; readonly detail: string; readonly ms: number };

/** The value of an outcome, or null. */
export const valueOf = <T>(outcome: Outcome<T> | null | undefined): T | null =>
  outcome?.ok === true ? outcome.value : null;
