import { catalog, describeCode, type Code, type CodeParameters } from './catalog.js';

/**
 * A failure that an operator can act on: what happened, where, and the command to type next.
 * Anything else that is thrown is a fault of ours and is shown as `internal-fault`.
 */
export class OperatorError extends Error {
  readonly code: Code;
  readonly parameters: CodeParameters;
  readonly remedy: string;
  readonly exitStatus: number;

  constructor(
    code: Code,
    parameters: CodeParameters = {},
    options: { cause?: unknown; exitStatus?: number } = {},
  ) {
    const { text, remedy } = describeCode(code, parameters);
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperatorError';
    this.code = code;
    this.parameters = parameters;
    this.remedy = remedy;
    this.exitStatus = options.exitStatus ?? catalog[code].exitStatus ?? 1;
  }
}
