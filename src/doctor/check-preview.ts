import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Constants, Literal } from '../kit/config/init/literal.js';
import type { ResolvePath } from './ports.js';

const SUBJECT = 'pod.settings';

/**
 * With USE_RECORD_PREVIEW Pod shows who claims a file its MEDIA_URL/records/DIRECTORY/FILE: MEDIA_ROOT/records must
 * lead to the recorders' directory. Pod makes that link nowhere, its administrator does (or an alias of the web server).
 */
export async function previewResults(
  constants: Constants,
  file: string,
  recorderPath: string | null,
  resolvePath: ResolvePath,
): Promise<CheckResult[]> {
  const setting = (key: string, absent: Literal): Literal => constants.get(key) ?? absent;
  const wanted = setting('USE_RECORD_PREVIEW', false);
  if (recorderPath === null || wanted === false) return [];
  const root = setting('MEDIA_ROOT', null);
  const directory = setting('PUBLIC_RECORD_DIR', 'records');
  // MEDIA_ROOT is usually computed from BASE_DIR, and absent it is: neither is ours to guess.
  if (wanted !== true || typeof root !== 'string' || typeof directory !== 'string')
    return [checkResult('doctor-preview-unseen', SUBJECT, { file, target: recorderPath })];
  const path = `${root.replace(/\/+$/, '')}/${directory.replace(/^\/+|\/+$/g, '')}`;
  const [link, target] = await Promise.all([resolvePath(path), resolvePath(recorderPath)]);
  return link !== null && link === target
    ? [checkResult('doctor-preview', SUBJECT, { path })]
    : [
        checkResult('doctor-preview-missing', SUBJECT, {
          path,
          parent: path.slice(0, path.lastIndexOf('/')),
          target: recorderPath,
        }),
      ];
}
