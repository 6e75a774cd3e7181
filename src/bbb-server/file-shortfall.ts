import { htmlPage, tooLarge } from '../bbb/published-file.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { renderBytes } from '../kit/output/units.js';

/** What keeps every file from coming, not one of them: the way to the server, this machine. */
const OF_ALL = new Set(['http-host-unknown', 'http-unreachable', 'http-certificate', 'http-proxy-refused']);

/**
 * Why one published file did not come, in a few words; null when the failure is not of that file alone.
 * @param receivedBytes what of it lies here
 * @param limit what `[recorder]` allows it, with the key's name
 */
export function fileShortfall(
  error: unknown,
  limit: { bytes: number; key: string },
  receivedBytes: number,
): string | null {
  if (!(error instanceof OperatorError) || OF_ALL.has(error.code)) return null;
  const { code, parameters } = error;
  const bytes = (name: string): number | null =>
    typeof parameters[name] === 'number' ? parameters[name] : null;
  switch (code as string) {
    case 'http-status':
    case 'http-refused':
      return String(parameters['status']);
    case 'download-empty':
      return 'empty';
    case 'download-not-media': {
      const size = bytes('sizeBytes');
      return size === null ? 'HTML page' : htmlPage(size);
    }
    case 'download-incomplete':
      return `cut: ${renderBytes(bytes('received') ?? 0)} of ${renderBytes(bytes('expected') ?? 0)}`;
    case 'http-cut':
      return `cut: the server broke off after ${renderBytes(receivedBytes)}`;
    case 'http-too-large':
      return tooLarge(bytes('sizeBytes'), limit);
    case 'http-timeout':
      return `no answer in ${String(parameters['seconds'])} s`;
    case 'http-too-slow':
      return `too slow: ${String(parameters['rate'])}`;
    case 'http-unreadable':
      return `unreadable: ${String(parameters['detail'])}`;
    case 'http-redirects':
      return 'led elsewhere';
    default:
      return null;
  }
}
