import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Constants, Literal } from '../kit/config/init/literal.js';

const SUBJECT = 'pod.settings';

/**
 * Links of the national server hold no token when they are kept; Pod asks for a fresh one by recordID, which it does
 * only with USE_MEETING and the same server in BBB_API_URL (pod/import_video/utils.py 3.5.1 to 4.1.0,
 * check_url_need_token).
 * @param urls API addresses of the national servers among ours.
 */
export function nationalResults(constants: Constants, file: string, urls: readonly string[]): CheckResult[] {
  const meeting = constants.get('USE_MEETING') ?? false;
  const api = constants.get('BBB_API_URL') ?? '';
  const secret = constants.get('BBB_SECRET_KEY') ?? '';
  return urls.map((url) => {
    const host = hostOf(url);
    const details = [
      meeting === false ? 'USE_MEETING = False' : '',
      typeof api === 'string' && hostOf(api) !== host ? `BBB_API_URL = ${JSON.stringify(api)}` : '',
      secret === '' ? 'BBB_SECRET_KEY = ""' : '',
    ].filter((detail) => detail !== '');
    const hidden = [meeting, api].some(isUnseen);
    if (details.length > 0)
      return checkResult('doctor-national-off', SUBJECT, { host, url, file, detail: details.join(', ') });
    return hidden
      ? checkResult('doctor-setting-computed', SUBJECT, {
          key: meeting === true ? 'BBB_API_URL' : 'USE_MEETING',
        })
      : checkResult('doctor-national', SUBJECT, { host });
  });
}

const isUnseen = (value: Literal): boolean => typeof value === 'object' && value !== null;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '');
