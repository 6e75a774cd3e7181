import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../codes/operator-error.js';
import { parseFragment, type Fragment } from '../../moodle/notice/parse-fragment.js';
import type { NoticeLanguage, NoticePolicy } from '../../moodle/plan-annotations.js';
import type { MoodleDescription } from '../../moodle/ports.js';
import { localDay } from '../../recordings/time-zone.js';
import type { Context } from '../context.js';
import type { AnnotateFlags } from './moodle-plan.js';

/** How the notices of one Moodle read: the configured texts, with what they name filled in. @throws OperatorError config-key-missing */
export function policyMaker(
  context: Context,
  flags: AnnotateFlags,
): (description: MoodleDescription) => NoticePolicy {
  const { moodle_notice: notice, pod, timezone } = context.configuration;
  if (pod.url === undefined)
    throw new OperatorError('config-key-missing', {
      key: 'pod.url',
      file: 'bbb2pod.toml',
      environment: 'BBB2POD_POD_URL',
    });
  const podUrl = pod.url.replace(/\/+$/, '');
  const day = (at: number, language: NoticeLanguage): string => {
    const [year = '', month = '', date = ''] = localDay(timezone, at).split('-');
    return language === 'fr' ? `${date}/${month}/${year}` : `${year}-${month}-${date}`;
  };
  const fragments = { fr: fragmentFor('fr', flags, notice), en: fragmentFor('en', flags, notice) };
  return ({ storesAllCharacters }) => ({
    campaign: notice.campaign,
    fragments,
    language: flags.language ?? notice.language,
    replace: flags.replace,
    replaceLegacy: flags.replaceLegacy,
    includeHidden: flags.includeHidden,
    storesAllCharacters,
    values: {
      podUrl,
      importUrl: `${podUrl}/import_video/`,
      claimUrl: `${podUrl}/record/claim_record/`,
      contact: notice.contact ?? '',
      today: { fr: day(Date.now(), 'fr'), en: day(Date.now(), 'en') },
    },
    renderDay: day,
  });
}

/** The configured text of a language, else the one file for all, else ours. */
function fragmentFor(
  language: NoticeLanguage,
  flags: AnnotateFlags,
  notice: {
    readonly file?: string | undefined;
    readonly files?: Readonly<Partial<Record<NoticeLanguage, string>>> | undefined;
  },
): Fragment {
  const own = path.join(
    flags.root,
    'config',
    'notices',
    `${language}${flags.text === 'claim' ? '-claim' : ''}.html`,
  );
  const file = notice.files?.[language] ?? notice.file ?? own;
  return parseFragment(readText(file, 'notice-unreadable'), file);
}

export function readText(file: string, code: 'config-unreadable' | 'notice-unreadable'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OperatorError(code, { file, detail: error instanceof Error ? error.message : 'unreadable' });
  }
}
