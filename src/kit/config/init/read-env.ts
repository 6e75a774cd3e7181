import { configurationTexts } from '../../errors/configuration.js';
import { messageOf } from '../../errors/operator-error.js';
import { parseSafely } from '../parse-safely.js';
import type { Constants, Literal } from './literal.js';

/** The values of bbb-recorder's `.env`: `KEY=VALUE`, quoted or not. */
export function readEnvConstants(source: string): Constants {
  const constants = new Map<string, Literal>();
  for (const line of source.split(/\r?\n/)) {
    const [, key, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
    if (key !== undefined) constants.set(key, (value ?? '').trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  return constants;
}

/** The values of bbb-recorder's older `config.json`: one object, its texts and numbers. */
export const readJsonConstants = (source: string): Constants =>
  parseSafely('the JSON file', source, (text) => {
    const constants = new Map<string, Literal>();
    const found = parsed(text.replace(/^\uFEFF/, ''));
    if (typeof found !== 'object' || found === null) return constants;
    for (const [key, value] of Object.entries(found))
      if (['string', 'number', 'boolean'].includes(typeof value)) constants.set(key, value as Literal);
    return constants;
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw configurationTexts.configUnreadable(
      { file: 'the JSON file', detail: messageOf(error) },
      { cause: error },
    );
  }
}
