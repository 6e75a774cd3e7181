import { z } from 'zod';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import { convertOptionsSchema } from '../convert-options.js';
import { queuedConversion, type QueuedConversion } from '../queue/conversion-queue.js';
import type { RunRequest } from './protocol.js';
import { runnerTexts } from './texts.js';

type Options = QueuedConversion['options'];

const OPTIONS = Object.keys(convertOptionsSchema.shape) as readonly (keyof Options)[];

/** The parameter that carries an option (`bitrateKbps`: `bitrate_kbps`): a text, as esup-runner's dashboard shows it. */
const parameterOf = (option: keyof Options): string =>
  option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Names a task's conversion and its submission; `title` is for people alone. */
const OWN = ['job', 'attempt', 'recording_id', 'title'] as const;
const RECORD_ID = /^[0-9A-Za-z][0-9A-Za-z_-]{7,199}$/;

/**
 * The parameters of a task: no path, no URL, no secret.
 * @param submission counted up: the manager takes equal requests that are in flight for one
 * (manager/app/services/task_dispatch_service.py, task_request_fingerprint)
 * @throws OperatorError queue-path-unsent
 */
export function renderParameters(job: QueuedConversion, submission: number): Record<string, string> {
  if (!('recordId' in job.source)) throw runnerTexts.queuePathUnsent({ label: job.label });
  // Nothing stands beside a file in Pod's claim directory.
  const options: Options = { ...job.options, extras: job.options.extras && job.claim === null };
  const given = OPTIONS.flatMap((option) => {
    const value = options[option];
    return value === null ? [] : [[parameterOf(option), textOf(value)] as const];
  });
  return {
    job: job.id,
    attempt: String(submission),
    recording_id: job.source.recordId,
    ...Object.fromEntries(given),
  };
}

const textOf = (value: Exclude<Options[keyof Options], null>): string =>
  typeof value === 'object' ? `${value.width}x${value.height}` : String(value);

/** Where a task's recording may come from, and what an option is that it does not name. */
export interface TaskRules {
  readonly taskType: string;
  /** Hosts (`name` or `name:port`) of `[bbb]`: asked for a fresh link by recordID. */
  readonly bbbHosts: ReadonlySet<string>;
  /** `[recorder] task_hosts`: their link is taken as it comes, without its query. */
  readonly otherHosts: ReadonlySet<string>;
  readonly defaults: Options;
}

/**
 * The conversion that a task asks for, into that directory. Nothing else is done for a manager: no path, no URL outside the
 * worker's own hosts, no parameter that we do not know.
 * @throws OperatorError task-refused, task-host-refused
 */
export function readTask(request: RunRequest, directory: string, rules: TaskRules): QueuedConversion {
  if (request.task_type !== rules.taskType) throw refused(`task_type ${request.task_type}`);
  const parameters = Object.entries(request.parameters ?? {}).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  );
  const known: readonly string[] = [...OPTIONS.map(parameterOf), ...OWN];
  const strange = parameters.filter(
    ([name, value]) => !known.includes(name) || !['string', 'number', 'boolean'].includes(typeof value),
  );
  if (strange.length > 0) throw refused(`parameter ${strange.map(([name]) => name).join(', ')}`);
  const texts = new Map(
    parameters.map(([name, value]) => [name, String(value as string | number | boolean)]),
  );
  const source = sourceOf(request.source_url, texts.get('recording_id'), rules);
  const options = readOptions(texts, rules.defaults);
  const name = `recording.${options.audioOnly && options.format === 'mp4' ? 'm4a' : options.format}`;
  return queuedConversion({
    source,
    label: 'recordId' in source ? source.recordId : source.url,
    outputPath: `${directory}/${name}`,
    options,
    force: false,
    claim: null,
  });
}

function sourceOf(
  text: string,
  named: string | undefined,
  { bbbHosts, otherHosts }: TaskRules,
): { recordId: string; server: null } | { url: string } {
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) throw refused('source_url is no web address');
  const url = new URL(text);
  const isIn = (hosts: ReadonlySet<string>): boolean => hosts.has(url.host) || hosts.has(url.hostname);
  const recordId = named ?? recordIdOfUrl(text);
  if (recordId === null || !RECORD_ID.test(recordId)) throw refused('no recording_id');
  if (isIn(bbbHosts)) return { recordId, server: null };
  if (!isIn(otherHosts)) throw runnerTexts.taskHostRefused({ host: url.host });
  return { url: `${url.origin}${url.pathname}` };
}

function readOptions(texts: ReadonlyMap<string, string>, defaults: Options): Options {
  const given = OPTIONS.flatMap((option) => {
    const text = texts.get(parameterOf(option));
    return text === undefined ? [] : [[option, valueOf(option, text)] as const];
  });
  const { success, data, error } = convertOptionsSchema.safeParse({
    ...defaults,
    ...Object.fromEntries(given),
  });
  if (!success) throw refused(z.prettifyError(error).slice(0, 200));
  return data;
}

/** Text back to value; what does not fit stays text, which the schema refuses. Python writes `True`. */
function valueOf(option: keyof Options, text: string): unknown {
  const type = typeOf(convertOptionsSchema.shape[option]);
  if (type === 'number') return text.trim() === '' ? text : Number(text);
  if (type === 'boolean') return { true: true, false: false }[text.toLowerCase()] ?? text;
  if (option !== 'size') return text;
  const [width, height] = text.split('x').map(Number);
  return { width, height };
}

/** What an option is, whether or not it may be null or left out. */
const typeOf = (schema: z.core.$ZodType): string =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? typeOf(schema.unwrap())
    : schema._zod.def.type;

const refused = (detail: string) => runnerTexts.taskRefused({ detail });
