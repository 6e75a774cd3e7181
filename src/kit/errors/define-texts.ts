import type { CodeParameters } from './code.js';
import type { CodeDefinition } from './define.js';
import type { NamesIn } from './fill-in.js';
import { registerCodes } from './describe-code.js';
import { OperatorError } from './operator-error.js';

/** `claim-taken` -> `claimTaken`. */
type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The parameters of a code: what its English text and remedy name. */
type NamesOf<D extends CodeDefinition> = NamesIn<D['en']['text']> | NamesIn<D['en']['remedy']>;

/** What made it happen, and an exit status other than the definition's. */
export interface ThrowOptions {
  readonly cause?: unknown;
  readonly exitStatus?: number;
}

/** Makes the failure of one code. */
type Failure<D extends CodeDefinition> = [NamesOf<D>] extends [never]
  ? (parameters?: CodeParameters, options?: ThrowOptions) => OperatorError
  : (parameters: Readonly<Record<NamesOf<D>, string | number>>, options?: ThrowOptions) => OperatorError;

/** The failures of a room by name, and its definitions by code. */
export type Texts<D extends Record<string, CodeDefinition>> = {
  readonly [K in keyof D & string as CamelCase<K>]: Failure<D[K]>;
} & { readonly codes: D };

/**
 * The coded texts of a room, in English and French, beside the code that uses them.
 * @example throw texts.claimTaken({ file, user })
 */
export function defineTexts<const D extends Record<string, CodeDefinition>>(codes: D): Texts<D> {
  registerCodes(codes);
  const failures = Object.keys(codes).map((code) => [
    code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    (parameters: CodeParameters = {}, options: ThrowOptions = {}) =>
      new OperatorError(code as never, parameters, options),
  ]);
  return { ...Object.fromEntries(failures), codes } as Texts<D>;
}
