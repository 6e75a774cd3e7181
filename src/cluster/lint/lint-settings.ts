import { Expression, type Constants, type Literal } from '../../kit/config/init/literal.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

const OUR = { system: 'encoding' as const, node: 'settings' };
const CACHES = [2, 3, 4];

/** Judges Pod's settings_local.py by its literals; nothing of it is executed. */
export function lintSettings(
  file: LintFile,
  constants: Constants,
  imported: readonly ImportedSettings[] = [],
): LintResult[] {
  const unread = starImports(file.text).filter((module) => !imported.some((one) => one.module === module));
  const context: Context = {
    file,
    constants: allConstants(file, constants, imported),
    whole: unread.length === 0,
  };
  return [
    ...unread.map((module) =>
      lintFinding('P18-import', {
        ...OUR,
        file,
        line: file.text.split('\n').findIndex((line) => /^\s*from\b/.test(line) && line.includes(module)) + 1,
        parameters: { key: module },
      }),
    ),
    ...lintBroker(context),
    ...lintApi(context),
    ...lintXapi(context),
    ...lintTranscription(context),
    ...lintRest(context),
  ];
}

/** Constants of a module that the file takes over with `from … import *`. */
export interface ImportedSettings {
  readonly module: string;
  readonly constants: Constants;
}

/** Modules of `from … import *`, as written: `.settings_docker`, `pod.custom.base`. */
export const starImports = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+\*/gm)].map(([, module = '']) => module);

/** Values of imported modules under the file's own; what a condition or an import by name sets is known at the start alone. */
function allConstants(
  file: LintFile,
  own: Constants,
  imported: readonly ImportedSettings[],
): Map<string, Literal> {
  const all = new Map<string, Literal>(imported.flatMap(({ constants }) => [...constants]));
  for (const [, names = ''] of file.text.matchAll(
    /^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]+\(?([\w \t,\r\n]+)\)?/gm,
  ))
    for (const name of names.match(/[A-Z]\w+/g) ?? []) all.set(name, new Expression(name));
  for (const [key, value] of own) all.set(key, value);
  for (const [, name = ''] of file.text.matchAll(/^[ \t]+([A-Z]\w+)[ \t]*(?::[^=\n]+)?=(?!=)/gm))
    if (!all.has(name)) all.set(name, new Expression(name));
  return all;
}

interface Context {
  readonly file: LintFile;
  readonly constants: Constants;
  /** Whether all that it imports was read: only then something is missing. */
  readonly whole: boolean;
}

/** The line of the last assignment of a name: it is the one that counts. */
function lineOf({ file }: Context, key: string): number {
  const lines = file.text.split('\n');
  // One under a condition is named where none stands free.
  for (const before of ['', '\\s+'])
    for (let i = lines.length - 1; i >= 0; i--)
      if (new RegExp(`^${before}${key}\\s*(:[^=]+)?=(?!=)`).test(lines[i] ?? '')) return i + 1;
  return 0;
}

const get = ({ constants }: Context, key: string): Literal | undefined => constants.get(key);
const isAbsent = (context: Context, key: string): boolean => context.whole && get(context, key) === undefined;
const on = (context: Context, key: string): boolean => get(context, key) === true;
const textOf = (context: Context, key: string): string | null => {
  const value = get(context, key);
  return typeof value === 'string' ? value : null;
};

function finding(
  code: Parameters<typeof lintFinding>[0],
  context: Context,
  key: string,
  more: { parameters?: Record<string, string | number>; replacement?: string } = {},
): LintResult {
  return lintFinding(code, {
    ...OUR,
    file: context.file,
    line: lineOf(context, key),
    parameters: { key, ...more.parameters },
    ...(more.replacement === undefined ? {} : { replacement: more.replacement }),
  });
}

function lintBroker(context: Context): LintResult[] {
  const key = 'ENCODING_TRANSCODING_CELERY_BROKER_URL';
  const remote = on(context, 'USE_REMOTE_ENCODING_TRANSCODING');
  const value = get(context, key);
  const results: LintResult[] = [];
  if (value instanceof Expression) return [finding('P18-not-evaluable', context, key)];
  if (remote && value === undefined && context.whole)
    results.push(
      finding('P18-no-broker', context, 'USE_REMOTE_ENCODING_TRANSCODING', { parameters: { missing: key } }),
    );
  // A worker's own file need not name it: only a False contradicts the broker.
  if (get(context, 'USE_REMOTE_ENCODING_TRANSCODING') === false && value !== undefined)
    results.push(finding('P18-remote-off', context, key));
  if (remote && on(context, 'CELERY_TO_ENCODE'))
    results.push(finding('P18-both-ways', context, 'CELERY_TO_ENCODE'));
  for (const name of [key, 'XAPI_CELERY_BROKER_URL', 'CELERY_BROKER_URL']) {
    const url = textOf(context, name);
    if (url === null) continue;
    if (url.startsWith('amqp')) results.push(finding('P18-amqp', context, name));
    const database = Number(/\/(\d+)(?:\?|$)/.exec(url)?.[1] ?? 0);
    if (CACHES.includes(database))
      results.push(finding('P18-cache-database', context, name, { parameters: { database } }));
    if (/^rediss?:\/\/[^@]*$/.test(url) && !isContainer(url))
      results.push(finding('P18-no-password', context, name));
  }
  return results;
}

/** The machine itself, or a name of its own network of containers: no other machine reaches it. */
const isContainer = (url: string): boolean =>
  /\/\/(127\.[\d.]+|\[::1\]|[\w-]+|[\w.-]+\.localhost)([:/]|$)/.test(url);

function lintApi(context: Context): LintResult[] {
  const results: LintResult[] = [];
  if (!on(context, 'USE_REMOTE_ENCODING_TRANSCODING')) return results;
  const token = get(context, 'POD_API_TOKEN');
  if (isAbsent(context, 'POD_API_TOKEN')) results.push(finding('P18-missing', context, 'POD_API_TOKEN'));
  else if (typeof token === 'string' && /^(x+|\*+|change[-_ ]?me|token|)$/i.test(token))
    results.push(finding('P18-placeholder', context, 'POD_API_TOKEN'));
  const url = textOf(context, 'POD_API_URL');
  if (isAbsent(context, 'POD_API_URL')) results.push(finding('P18-missing', context, 'POD_API_URL'));
  if (url?.startsWith('http://') === true && !isInside(url))
    results.push(finding('P18-cleartext', context, 'POD_API_URL'));
  if (url !== null && !/\/rest\/?$/.test(url))
    results.push(finding('P18-no-rest', context, 'POD_API_URL', { parameters: { url } }));
  return results;
}

/** A name without a dot (a container), a private address: it does not leave the house. */
const isInside = (url: string): boolean =>
  /^http:\/\/(localhost|[\w-]+|[\w.-]+\.(localhost|local|internal|lan)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(1[6-9]|2\d|3[01])\.[\d.]+)(:\d+)?(\/|$)/.test(
    url,
  );

const currentLine = (context: Context, key: string): string =>
  context.file.text.split('\n')[lineOf(context, key) - 1] ?? '';

function lintXapi(context: Context): LintResult[] {
  if (!on(context, 'USE_XAPI') && !on(context, 'USE_XAPI_VIDEO')) return [];
  const results: LintResult[] = [];
  const base = on(context, 'USE_XAPI') ? 'USE_XAPI' : 'USE_XAPI_VIDEO';
  for (const key of ['XAPI_LRS_URL', 'XAPI_LRS_LOGIN', 'XAPI_LRS_PWD', 'XAPI_CELERY_BROKER_URL'])
    if (isAbsent(context, key))
      results.push(finding('P18-xapi-missing', context, base, { parameters: { missing: key } }));
  const url = textOf(context, 'XAPI_LRS_URL');
  if (url?.startsWith('http://') === true && !/\/\/(localhost|127\.)/.test(url))
    results.push(finding('P18-cleartext', context, 'XAPI_LRS_URL'));
  if (get(context, 'XAPI_ANONYMIZE_ACTOR') === false)
    results.push(finding('P18-personal', context, 'XAPI_ANONYMIZE_ACTOR'));
  return results;
}

function lintTranscription(context: Context): LintResult[] {
  if (!on(context, 'USE_TRANSCRIPTION')) return [];
  const results: LintResult[] = [];
  if (isAbsent(context, 'TRANSCRIPTION_TYPE'))
    results.push(finding('P18-missing', context, 'TRANSCRIPTION_TYPE'));
  // Whisper fetches its model by itself; the others need a directory on the worker.
  if (textOf(context, 'TRANSCRIPTION_TYPE') !== 'WHISPER' && isAbsent(context, 'TRANSCRIPTION_MODEL_PARAM'))
    results.push(finding('P18-missing', context, 'TRANSCRIPTION_MODEL_PARAM'));
  return results;
}

function lintRest(context: Context): LintResult[] {
  const results: LintResult[] = [];
  const media = textOf(context, 'MEDIA_ROOT');
  if (media !== null && !media.startsWith('/'))
    results.push(finding('P18-relative', context, 'MEDIA_ROOT', { parameters: { value: media } }));
  if (on(context, 'USE_REMOTE_ENCODING_TRANSCODING') && isAbsent(context, 'EMAIL_HOST'))
    results.push(finding('P18-no-mail', context, 'EMAIL_HOST'));
  if (on(context, 'DEBUG'))
    results.push(
      finding('P18-debug', context, 'DEBUG', {
        replacement: currentLine(context, 'DEBUG').replace(/\bTrue\b/, 'False'),
      }),
    );
  return results;
}
