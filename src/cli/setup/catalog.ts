import { bbbCodes } from '../../bbb/texts.js';
import { checkCodes } from '../../kit/errors/checks.js';
import { configurationCodes } from '../../kit/errors/configuration.js';
import { moodleCodes } from '../../moodle/texts.js';
import { ownersCodes } from '../../owners/texts.js';
import { databaseCodes } from '../../kit/errors/database.js';
import { podCodes } from '../../pod/texts.js';
import { liveCodes } from '../../live/texts.js';
import { processCodes } from '../../kit/errors/process.js';
import { doctorCodes } from '../../doctor/texts.js';
import { doctorLiveCodes } from '../../doctor/texts-live.js';
import { mailCodes } from '../../kit/errors/mail.js';
import { initCodes } from './texts.js';
import { httpCodes } from '../../kit/errors/http.js';
import { migrateCodes } from '../../migrate/texts.js';
import { queueCodes } from '../../recorder/queue-texts.js';
import { recorderCodes } from '../../recorder/texts.js';
import { clusterOperationCodes } from '../../cluster/texts/operation.js';
import { clusterInventoryCodes } from '../../cluster/texts/inventory.js';
import { checkClusterCodes } from '../../cluster/texts/check-codes.js';
import { systemCodes } from '../../kit/errors/system.js';

/** Every code of the product. One topic, one file beside this one; its keys never repeat. */
export const catalog = {
  ...bbbCodes,
  ...checkCodes,
  ...configurationCodes,
  ...moodleCodes,
  ...ownersCodes,
  ...databaseCodes,
  ...podCodes,
  ...liveCodes,
  ...processCodes,
  ...doctorCodes,
  ...doctorLiveCodes,
  ...mailCodes,
  ...initCodes,
  ...httpCodes,
  ...migrateCodes,
  ...recorderCodes,
  ...queueCodes,
  ...clusterInventoryCodes,
  ...checkClusterCodes,
  ...clusterOperationCodes,
  ...systemCodes,
};

export type Code = keyof typeof catalog;
export type Language = 'en' | 'fr';
export type CodeParameters = Readonly<Record<string, string | number>>;

/** Renders a code's text and remedy in one language, with its parameters in place. */
export function describeCode(
  code: Code,
  parameters: CodeParameters = {},
  language: Language = 'en',
): { text: string; remedy: string } {
  const { text, remedy } = catalog[code][language];
  return { text: fillIn(text, parameters), remedy: fillIn(remedy, parameters) };
}

const fillIn = (template: string, parameters: CodeParameters): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
