import { redactText } from '../config/redact.js';
import type { Code, CodeParameters } from './code.js';
import { definitionOf, describeCode } from './describe-code.js';

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
    // Details quote what servers and programs said, and those quote what they were told: secrets end here.
    const harmless = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? shorten(redactText(value)) : value,
      ]),
    );
    const { text, remedy } = describeCode(code, harmless, 'en');
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperatorError';
    this.code = code;
    this.parameters = harmless;
    this.remedy = remedy;
    this.exitStatus = options.exitStatus ?? definitionOf(code)?.exitStatus ?? 1;
  }
}

/** What a person reads of a failure, in their language. Its own `message` is English: for logs, journal and JSON. */
export const shownFailure = ({ code, parameters }: OperatorError): { text: string; remedy: string } =>
  describeCode(code, parameters);

const MAX_DETAIL = 4000;
/** What a message quotes may be ten megabytes of somebody's file: nobody reads that. */
const shorten = (text: string): string => (text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text);

/** What a thrown thing says of itself, for the detail of a message; `otherwise` for one that is no Error. */
export const messageOf = (thrown: unknown, otherwise = String(thrown)): string =>
  thrown instanceof Error ? thrown.message : otherwise;

/** What the system refuses to an account on a path is for its administrator to mend, whichever call met it. */
const REFUSALS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'EIO', 'ESTALE']);

/** Whatever was thrown, as a coded failure: what has no code yet is a fault of ours. */
export function asOperatorError(thrown: unknown): OperatorError {
  if (thrown instanceof OperatorError) return thrown;
  const { code, path } = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : {};
  const detail = messageOf(thrown);
  return path !== undefined && REFUSALS.has(code)
    ? new OperatorError('file-unreadable', { path, detail }, { cause: thrown })
    : new OperatorError('internal-fault', { detail }, { cause: thrown });
}
