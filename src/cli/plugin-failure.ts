import { OperatorError } from '../codes/operator-error.js';
import { redactText } from '../config/redact.js';
import { plainText } from '../output/text.js';

/** The line of a monitoring plugin that failed itself; its status is 3, UNKNOWN, whatever went wrong. */
export function pluginFailure(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown fault';
  const remedy = error instanceof OperatorError && error.remedy !== '' ? ` -> ${error.remedy}` : '';
  return `CLUSTER UNKNOWN - ${plainText(redactText(`${message}${remedy}`)).replaceAll('|', '/')}`;
}
