import path from 'node:path';
import { parseFragment, type Fragment } from '../../moodle/notice/parse-fragment.js';
import type { NoticeLanguage, NoticePolicy } from '../../moodle/plan-annotation.js';
import type { MoodleDescription } from '../../moodle/ports.js';
import { localDay } from '../../kit/time-zone.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';
import type { AnnotateRequest } from './request.js';
import { packageRoot } from '../../kit/adapters/files/package-files.js';
import { readNamedFile } from '../../kit/adapters/files/read-named-file.js';

/** How the notices of one Moodle read: the configured texts, with what they name filled in. @throws OperatorError config-key-missing */
export function policyMaker(
  context: Context,
  request: AnnotateRequest,
): (description: MoodleDescription) => NoticePolicy {
  const { moodle_notice: notice, pod, timezone } = context.configuration;
  const podUrl = required(context, 'pod', 'url', pod.url).replace(/\/+$/, '');
  const day = (at: number, language: NoticeLanguage): string => {
    const [year = '', month = '', date = ''] = localDay(timezone, at).split('-');
    return language === 'fr' ? `${date}/${month}/${year}` : `${year}-${month}-${date}`;
  };
  const fragments = { fr: fragmentFor('fr', request, notice), en: fragmentFor('en', request, notice) };
  return ({ storesAllCharacters }) => ({
    campaign: notice.campaign,
    fragments,
    language: request.language ?? notice.language,
    replace: request.replace,
    links: notice.links,
    replaceLegacy: request.replaceLegacy,
    includeHidden: request.includeHidden,
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
  request: AnnotateRequest,
  notice: {
    readonly file?: string | undefined;
    readonly files?: Readonly<Partial<Record<NoticeLanguage, string>>> | undefined;
  },
): Fragment {
  const own = path.join(
    packageRoot(),
    'config',
    'notices',
    `${language}${request.text === 'claim' ? '-claim' : ''}.html`,
  );
  const file = notice.files?.[language] ?? notice.file ?? own;
  return parseFragment(readNamedFile(file, 'notice-unreadable'), file);
}
