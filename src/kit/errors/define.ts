/** One language of a coded text. `{name}` is replaced by the parameter of that name. */
export interface CodeText {
  readonly text: string;
  /** What to do, with the command to type. Empty when nothing is to be done. */
  readonly remedy: string;
  /** The whole story, for `--explain` and the docs: what is tested, how, and why it matters. */
  readonly explanation?: string;
}

export type Severity = 'critical' | 'error' | 'warning' | 'info';

/** A coded error, reason or check: the docs' tables and every message come from it. */
export interface CodeDefinition {
  readonly severity: Severity;
  /** Exit status when it ends a command: 1 failed without effect (the default), 2 usage or configuration. */
  readonly exitStatus?: 1 | 2;
  readonly en: CodeText;
  readonly fr: CodeText;
}

type Both<E extends string, R extends string> = Pick<CodeDefinition, 'severity' | 'fr'> & {
  readonly en: { readonly text: NoInfer<E>; readonly remedy: NoInfer<R> };
};

/** A coded text; its remedy is the same in both languages, unless the French one is given. */
export const say = <const E extends string, const R extends string = ''>(
  severity: Severity,
  en: E,
  fr: string,
  enRemedy: R = '' as R,
  frRemedy: string = enRemedy,
): Both<E, R> => ({
  severity,
  en: { text: en, remedy: enRemedy },
  fr: { text: fr, remedy: frRemedy },
});

/** What is wrong with the command as typed or with the configuration: exit status 2, nothing was begun. */
export const refusal = <const E extends string, const R extends string = ''>(
  en: E,
  fr: string,
  enRemedy?: R,
  frRemedy?: string,
): Both<E, R> & { readonly exitStatus: 2 } => ({
  ...say('error', en, fr, enRemedy, frRemedy),
  exitStatus: 2,
});
