import { OperatorError } from '../../kit/errors/operator-error.js';
import { redactText } from '../../kit/config/redact.js';
import { plainText } from '../../kit/output/text.js';

/** The line of a monitoring plugin that failed itself; its status is 3, UNKNOWN, whatever went wrong. */
export function pluginFailure(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown fault';
  const remedy = error instanceof OperatorError && error.remedy !== '' ? ` -> ${error.remedy}` : '';
  return `CLUSTER UNKNOWN - ${plainText(redactText(`${message}${remedy}`)).replaceAll('|', '/')}`;
}
