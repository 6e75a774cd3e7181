import { bbbCodes } from './bbb.js';
import { checkCodes } from './checks.js';
import { configurationCodes } from './configuration.js';
import { moodleCodes } from './moodle.js';
import { ownersCodes } from './owners.js';
import { databaseCodes } from './database.js';
import { podCodes } from './pod.js';
import { liveCodes } from './live.js';
import { processCodes } from './process.js';
import { doctorCodes } from './doctor.js';
import { doctorLiveCodes } from './doctor-live.js';
import { mailCodes } from './mail.js';
import { initCodes } from './init.js';
import { httpCodes } from './http.js';
import { migrateCodes } from './migrate.js';
import { queueCodes } from './queue.js';
import { recorderCodes } from './recorder.js';
import { clusterOperationCodes } from './cluster/operation.js';
import { clusterInventoryCodes } from './cluster/inventory.js';
import { checkClusterCodes } from './cluster/check-codes.js';
import { systemCodes } from './system.js';

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
