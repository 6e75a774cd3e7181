import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import { joinAsPod } from '../bbb/recording-names.js';
import type { Code } from '../kit/errors/code.js';
import { Expression, type Constants, type Literal } from '../kit/config/init/literal.js';

/** What our configuration says that Pod's settings must say too. */
export interface OurSide {
  readonly recorderPath: string | null;
  readonly siteId: number;
  readonly establishment: string;
}

interface SettingRule {
  readonly key: string;
  /** What Pod takes when the setting is absent; undefined where its versions differ. */
  readonly absent: Literal | undefined;
  readonly judge: (value: Literal, file: string, ours: OurSide) => CheckResult | null;
}

const SUBJECT = 'pod.settings';
/** Extensions of the files we drop. */
const OURS = ['mp4', 'm4v'];

const finding = (code: Code, parameters: Record<string, string | number>): CheckResult =>
  checkResult(code, SUBJECT, parameters, { id: `${code}@${String(parameters['key'] ?? SUBJECT)}` });

const mustBe =
  (expected: boolean, code: Code): SettingRule['judge'] =>
  (value, file) =>
    value === expected ? null : finding(code, { value: shown(value), file });

/** Settings that decide whether people will see, import or claim what we write. */
const rules: readonly SettingRule[] = [
  { key: 'USE_IMPORT_VIDEO', absent: undefined, judge: mustBe(true, 'doctor-setting-import-off') },
  {
    key: 'RESTRICT_EDIT_IMPORT_VIDEO_ACCESS_TO_STAFF_ONLY',
    absent: true,
    judge: mustBe(false, 'doctor-setting-staff-only'),
  },
  { key: 'USE_IMPORT_VIDEO_BBB_RECORDER', absent: false, judge: mustBe(true, 'doctor-setting-no-plug') },
  { key: 'ALLOW_MANUAL_RECORDING_CLAIMING', absent: false, judge: mustBe(true, 'doctor-setting-claim-off') },
  {
    key: 'DEFAULT_RECORDER_PATH',
    absent: '/data/ftp-pod/ftp/',
    judge: (value, _file, { recorderPath }) =>
      recorderPath === null ||
      (typeof value === 'string' && joinAsPod(value, '') === joinAsPod(recorderPath, ''))
        ? null
        : finding('doctor-setting-other-path', { value: shown(value), ours: shown(recorderPath) }),
  },
  {
    key: 'SITE_ID',
    absent: 1,
    judge: (value, _file, { siteId }) => same('SITE_ID', value, siteId, '[pod] site_id'),
  },
  {
    key: 'ESTABLISHMENTS',
    absent: undefined,
    judge: (value, _file, { establishment }) => {
      if (!Array.isArray(value)) return null;
      const known = value.map((entry: unknown) => (Array.isArray(entry) ? String(entry[0]) : ''));
      return known.includes(establishment)
        ? null
        : same('ESTABLISHMENTS', known.join(', '), establishment, '[pod] establishment');
    },
  },
  {
    key: 'MAX_UPLOAD_SIZE_ON_IMPORT',
    absent: 4,
    judge: (value, file) =>
      typeof value === 'number' && value > 0 ? finding('doctor-setting-size', { value, file }) : null,
  },
  {
    key: 'VIDEO_ALLOWED_EXTENSIONS',
    absent: OURS,
    judge: (value, file) => {
      const missing = Array.isArray(value) ? OURS.filter((extension) => !value.includes(extension)) : [];
      return missing.length === 0
        ? null
        : finding('doctor-setting-extensions', { missing: missing.join(', '), file });
    },
  },
];

/** The names of all settings that are looked at, for whoever could not be shown the file. */
export const settingNames: readonly string[] = rules.map(({ key }) => key);

/**
 * Judges Pod's settings as they are written in settings_local.py. What is computed there, or absent where the
 * versions of Pod differ in their default, is said to be unseen.
 */
export function judgePodSettings(constants: Constants, file: string, ours: OurSide): CheckResult[] {
  const results: CheckResult[] = [];
  const good: string[] = [];
  const unseen: string[] = [];
  for (const { key, absent, judge } of rules) {
    const value = constants.has(key) ? constants.get(key) : absent;
    if (value instanceof Expression) results.push(finding('doctor-setting-computed', { key }));
    else if (value === undefined) unseen.push(key);
    else {
      const result = judge(value, file, ours);
      if (result === null) good.push(key);
      else results.push(result);
    }
  }
  if (unseen.length > 0) results.push(finding('doctor-settings-unseen', { keys: unseen.join(', ') }));
  if (good.length > 0) results.unshift(checkResult('doctor-setting', SUBJECT, { keys: good.join(', ') }));
  return results;
}

function same(key: string, theirs: Literal, ours: string | number, ourKey: string): CheckResult | null {
  return theirs === ours
    ? null
    : finding('doctor-setting-differs', { key, value: shown(theirs), ours: shown(ours), ourKey });
}

function shown(value: Literal): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  return JSON.stringify(value);
}
